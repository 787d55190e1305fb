export { CustomerLinks, type CustomerLink } from './customer-links';
export { CustomersModule } from './customers.module';
export { customers, type Claim, type CustomerRow } from './read-models/customers';
