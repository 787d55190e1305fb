import { parseArgs } from 'node:util';
import { modeOf, type Settings } from '../platform/config';
import { UsageError } from './usage-error';

/** Prints an access token of the local issuer. In production, tokens come from the Auth service. */
export async function token(args: string[], settings: Settings): Promise<void> {
  if (modeOf(settings) === 'production') throw new UsageError('There are no development tokens in production.');
  const options = {
    user: { type: 'string' },
    role: { type: 'string', multiple: true, default: [] as string[] },
    expires: { type: 'string', default: '12h' },
  } as const;
  const { values } = parseArgs({ args, options });
  if (!values.user) throw new UsageError('Whose token? Give --user.');
  const { developmentToken, localSettings } = await import('../local/index.js');
  const { AUTH_JWT_SECRET, AUTH_ISSUER, AUTH_AUDIENCE } = localSettings(settings);
  if (!AUTH_JWT_SECRET) throw new UsageError('AUTH_JWKS_URL is set: only its issuer can make tokens.');
  const issuing = { secret: AUTH_JWT_SECRET, issuer: AUTH_ISSUER, audience: AUTH_AUDIENCE };
  console.log(await developmentToken(issuing, values.user, [...values.role], values.expires));
}
