import { modeOf, type Settings } from '../platform/config';
import { UsageError } from './usage-error';

/** Makes an access token of the local issuer. In production, tokens come from the Auth service. */
export async function makeToken(settings: Settings, user: string, roles: string[], expiresIn: string): Promise<string> {
  if (modeOf(settings) === 'production') throw new UsageError('There are no development tokens in production.');
  const { developmentToken, localSettings } = await import('../local/index.js');
  const { AUTH_JWT_SECRET, AUTH_ISSUER, AUTH_AUDIENCE } = localSettings(settings);
  if (!AUTH_JWT_SECRET) throw new UsageError('AUTH_JWKS_URL is set: only its issuer can make tokens.');
  const issuing = { secret: AUTH_JWT_SECRET, issuer: AUTH_ISSUER, audience: AUTH_AUDIENCE };
  return developmentToken(issuing, user, roles, expiresIn);
}

/** The token given, else that of `OARLOCK_TOKEN`, else one made for an admin of local mode. */
export async function adminToken(given: string | undefined, settings: Settings): Promise<string> {
  const own = (given ?? settings.OARLOCK_TOKEN)?.trim();
  if (own) return own;
  if (modeOf(settings) === 'production' || settings.AUTH_JWKS_URL) {
    throw new UsageError('An access token with the role admin is needed: give --token, or set OARLOCK_TOKEN.');
  }
  return makeToken(settings, 'cli', ['admin'], '12h');
}
