import { plainTextSchema } from '../platform/plain-text';
import type { QueryParameter } from '../platform/valid-query';
import { DEVICE_STATUSES } from './device';

/** Query parameters that every list of devices takes. */
export const LIST_PARAMETERS: Record<'status' | 'after' | 'limit', QueryParameter> = {
  status: { type: 'string', enum: [...DEVICE_STATUSES], description: 'Only devices of this status.' },
  after: { ...plainTextSchema(1_500), description: 'The `nextCursor` of the page before.' },
  limit: { type: 'string', pattern: '^([1-9]\\d?|1\\d\\d|200)$', description: '1 to 200, 50 by default.' },
};
