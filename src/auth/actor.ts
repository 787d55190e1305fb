import { isPlainText } from '../platform/plain-text';

/** Roles that a token may carry beside being somebody's. */
export const ROLES = ['admin', 'auditor', 'service'] as const;

export type Role = (typeof ROLES)[number];

/** Who is calling. */
export interface Actor {
  userId: string;
  roles: Role[];
}

export interface ActorRules {
  subjectClaim: string;
  rolesClaim: string;
  /** Subjects that are admins whatever their token says. */
  adminSubjects: string[];
}

const MAX_USER_ID_LENGTH = 255;

/**
 * Reads who is calling out of the claims of a verified token. Pure.
 * @returns null when the token names nobody
 */
export function actorFromClaims(claims: Record<string, unknown>, rules: ActorRules): Actor | null {
  const subject = claimAt(claims, rules.subjectClaim);
  if (!isPlainText(subject, MAX_USER_ID_LENGTH)) return null;
  const named = namesIn(claimAt(claims, rules.rolesClaim));
  const roles = ROLES.filter((role) => named.includes(role) || (role === 'admin' && rules.adminSubjects.includes(subject)));
  return { userId: subject, roles };
}

/** A claim by its whole name (`https://example.com/roles`), else by a path into objects (`realm_access.roles`). */
function claimAt(claims: Record<string, unknown>, name: string): unknown {
  if (Object.hasOwn(claims, name)) return claims[name];
  return name.split('.').reduce<unknown>((value, part) => {
    const isObject = typeof value === 'object' && value !== null && Object.hasOwn(value, part);
    return isObject ? (value as Record<string, unknown>)[part] : undefined;
  }, claims);
}

/** An array of names, or names separated by spaces as in the `scope` claim. */
function namesIn(value: unknown): unknown[] {
  if (typeof value === 'string') return value.split(' ');
  return Array.isArray(value) ? value : [];
}
