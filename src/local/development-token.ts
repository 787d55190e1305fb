import { SignJWT } from 'jose';

export const LOCAL_ISSUER = 'oarlock-local';
export const LOCAL_AUDIENCE = 'oarlock';

export interface Issuing {
  secret: string;
  issuer: string | undefined;
  audience: string | undefined;
}

/**
 * An access token as the Auth service of a product would issue it, for trying things out.
 * @param expiresIn a duration such as `12h`, or a moment
 */
export function developmentToken(
  { secret, issuer, audience }: Issuing,
  user: string,
  roles: string[],
  expiresIn: string | Date = '12h',
): Promise<string> {
  const token = new SignJWT({ roles }).setProtectedHeader({ alg: 'HS256', typ: 'JWT' }).setSubject(user).setIssuedAt();
  if (issuer) token.setIssuer(issuer);
  if (audience) token.setAudience(audience);
  return token.setExpirationTime(expiresIn).sign(new TextEncoder().encode(secret));
}
