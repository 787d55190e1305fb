import { fastify } from 'fastify';
import { Pool } from 'pg';

/** The limit: bare Fastify and one indexed SELECT for each request. No token, no decision. */
async function main(): Promise<void> {
  const pool = new Pool({ connectionString: process.env.DATABASE_URL, max: 10 });
  const app = fastify();
  app.get('/products/access', async (request) => {
    const { user } = request.query as { user: string };
    const { rows } = await pool.query({
      name: 'access',
      text: 'SELECT products FROM bare_access WHERE user_id = $1',
      values: [user],
    });
    return { environment: 'sandbox', products: rows[0]?.products ?? [] };
  });
  console.log(`API ${await app.listen({ port: 0, host: '127.0.0.1' })}`);
}

void main();
