import { runMigrations, StripeSync } from '@supabase/stripe-sync-engine';
import { fastify } from 'fastify';

export const STRIPE_SECRET = 'whsec_of_the_benchmark';

/** The peer doing its own job in its own Fastify app: verify the signature, one upsert for each event. */
async function main(): Promise<void> {
  const databaseUrl = process.env.DATABASE_URL!;
  await runMigrations({ databaseUrl, schema: 'stripe' });
  const sync = new StripeSync({
    poolConfig: { connectionString: databaseUrl, max: 10 },
    schema: 'stripe',
    stripeSecretKey: 'sk_test_unused',
    stripeWebhookSecret: STRIPE_SECRET,
    autoExpandLists: false,
    backfillRelatedEntities: false,
  });
  const app = fastify();
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.post('/webhook', async (request) => {
    await sync.processWebhook(request.body as Buffer, request.headers['stripe-signature'] as string);
    return { received: true };
  });
  console.log(`API ${await app.listen({ port: 0, host: '127.0.0.1' })}`);
}

if (require.main === module) void main();
