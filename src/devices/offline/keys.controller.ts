import { Controller, Get, Header } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Public } from '../../auth';
import type { KeySetDto } from '../devices.dto';
import { OfflineKeys } from './offline-keys';

@ApiTags('devices')
@Public()
@Controller('.well-known')
export class KeysController {
  constructor(private readonly keys: OfflineKeys) {}

  /** The keys that signed answers for offline use are checked with (RFC 7517). */
  @Get('jwks.json')
  @Header('cache-control', 'public, max-age=300')
  getKeySet(): KeySetDto {
    return { keys: this.keys.published };
  }
}
