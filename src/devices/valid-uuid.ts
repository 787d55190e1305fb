import type { PipeTransform } from '@nestjs/common';
import { noSuchDevice } from './decide-device';
import { parseUuid } from './device';

/** The uuid in a path, in lower case: `@Param('uuid', VALID_UUID) uuid: string`. What is none is nobody's. */
export const VALID_UUID: PipeTransform<string, string> = {
  transform(text) {
    const uuid = parseUuid(text);
    if (uuid === null) throw noSuchDevice();
    return uuid;
  },
};
