import { parseArgs } from 'node:util';
import type { Settings } from '../platform/config';
import { makeToken } from './access-token';
import { UsageError } from './usage-error';

/** Prints an access token of the local issuer. */
export async function token(args: string[], settings: Settings): Promise<void> {
  const options = {
    user: { type: 'string' },
    role: { type: 'string', multiple: true, default: [] as string[] },
    expires: { type: 'string', default: '12h' },
  } as const;
  const { values } = parseArgs({ args, options });
  if (!values.user) throw new UsageError('Whose token? Give --user.');
  console.log(await makeToken(settings, values.user, [...values.role], values.expires));
}
