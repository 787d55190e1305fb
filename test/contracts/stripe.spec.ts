import { stripeProvider } from '../../src/provider/stripe';
import { describeBillingProvider } from './billing-provider';

const notImplemented = () =>
  Promise.resolve({ provider: stripeProvider, impatient: stripeProvider, world: null, close: () => Promise.resolve() });

describeBillingProvider('Stripe', notImplemented, false);
