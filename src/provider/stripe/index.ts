export { stripeProvider } from './stripe-provider';
