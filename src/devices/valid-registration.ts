import type { PipeTransform } from '@nestjs/common';
import { invalidBody } from '../platform/domain-error';
import { VALID_BODY } from '../platform/valid-body';
import type { RegisterDeviceDto } from './devices.dto';
import { isMetadata, METADATA_RULE } from './metadata';

/**
 * Checks the body that registers a device: `@Body(VALID_REGISTRATION) body: RegisterDeviceDto`. The members of its metadata are
 * named by the caller, and Nest would take a name such as `constructor` away without a word.
 */
export const VALID_REGISTRATION: PipeTransform<unknown, Promise<RegisterDeviceDto>> = {
  async transform(body, argument) {
    const { metadata, ...others } = isObject(body) ? body : {};
    const valid = (await VALID_BODY.transform(isObject(body) ? others : body, argument)) as RegisterDeviceDto;
    if (metadata === undefined || metadata === null) return metadata === null ? { ...valid, metadata } : valid;
    if (!isMetadata(metadata)) throw invalidBody([{ pointer: '/metadata', detail: METADATA_RULE }]);
    return { ...valid, metadata };
  },
};

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
