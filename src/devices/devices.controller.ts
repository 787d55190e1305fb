import { Body, Controller, Get, HttpCode, HttpStatus, Param, Post, Query, Req, Res, UseInterceptors } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { CurrentActor, type Actor, type AuthenticatedRequest } from '../auth';
import { ValidQuery } from '../platform/valid-query';
import { FromReadModels, MarksPosition } from '../projections';
import { ActiveProvider } from '../settings';
import { RegisterDevice } from './commands/register-device';
import { RetireDevice } from './commands/retire-device';
import { toDeviceDto } from './device-dto';
import { LIST_PARAMETERS } from './device-list-query';
import type { DecidedBy } from './device-log';
import { DeviceDto, RegisterDeviceDto, type DevicePageDto, type DeviceStatusDto } from './devices.dto';
import { OfflineAnswers } from './offline/offline-answers';
import { SeenDevices, type DeviceListQuery } from './seen-devices';
import { VALID_REGISTRATION } from './valid-registration';
import { VALID_UUID } from './valid-uuid';

/** Many times what a device has to say. */
const BODY_LIMIT = 16 * 1024;

@ApiTags('devices')
@ApiBearerAuth()
@FromReadModels()
@Controller('uuid')
export class DevicesController {
  constructor(
    private readonly commands: CommandBus,
    private readonly devices: SeenDevices,
    private readonly offline: OfflineAnswers,
    private readonly active: ActiveProvider,
  ) {}

  /**
   * Registers the device that an app runs on. `201`: it is new, or back after it was retired; `200`: it is known, and what it says
   * of itself is kept. A blocked device is `200` with `status: blocked`. When the limit is reached, `409 device_limit_reached` has
   * the `devices` that could go (those not seen for the longest first), and `reclaim` says whether one may be asked to.
   */
  @Post()
  @ApiCreatedResponse({ type: DeviceDto, description: 'It is new, or back.' })
  @ApiOkResponse({ type: DeviceDto, description: 'It is known.' })
  @RouteConfig({ bodyLimit: BODY_LIMIT })
  @UseInterceptors(MarksPosition)
  async registerDevice(
    @Body(VALID_REGISTRATION) { product, ...wanted }: RegisterDeviceDto,
    @CurrentActor() actor: Actor,
    @Req() request: AuthenticatedRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<DeviceDto> {
    const by = this.byOwner(actor, request);
    const uuid = wanted.uuid.toLowerCase();
    const { isNew } = await this.commands.execute(new RegisterDevice(by, { ...wanted, uuid }, product));
    reply.status(isNew ? HttpStatus.CREATED : HttpStatus.OK);
    return toDeviceDto(await this.devices.see(by.environment, actor.userId, uuid));
  }

  /** The caller's devices, newest first; retired and blocked ones are included. */
  @Get()
  @ValidQuery({ ...LIST_PARAMETERS })
  async listDevices(@CurrentActor() { userId }: Actor, @Query() query: DeviceListQuery): Promise<DevicePageDto> {
    const { devices, nextCursor } = await this.devices.page(this.active.environment, userId, query);
    return { data: devices.map(toDeviceDto), nextCursor };
  }

  /** Whether a device may be used; asking is its heartbeat. Another user's is `404`. */
  @Get(':uuid')
  @ValidQuery({
    offline: {
      type: 'string',
      enum: ['true', 'false'],
      description: '`true` adds a signed answer that is good without a network for a while.',
    },
  })
  async getDevice(
    @Param('uuid', VALID_UUID) uuid: string,
    @CurrentActor() { userId }: Actor,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Query('offline') offline?: string,
  ): Promise<DeviceStatusDto> {
    const { environment } = this.active;
    const seen = await this.devices.see(environment, userId, uuid);
    if (offline !== 'true') return toDeviceDto(seen);
    reply.header('cache-control', 'no-store');
    return { ...toDeviceDto(seen), offline: await this.offline.of(environment, seen.device) };
  }

  /** Gives up the device's place. Registering it again brings it back, as long as there is a place. */
  @Post(':uuid/retire')
  @HttpCode(200)
  @UseInterceptors(MarksPosition)
  async retireDevice(
    @Param('uuid', VALID_UUID) uuid: string,
    @CurrentActor() actor: Actor,
    @Req() request: AuthenticatedRequest,
  ): Promise<DeviceDto> {
    const by = this.byOwner(actor, request);
    await this.commands.execute(new RetireDevice(by, uuid));
    return toDeviceDto(await this.devices.one(by.environment, actor.userId, uuid));
  }

  private byOwner({ userId }: Actor, { id: requestId }: AuthenticatedRequest): DecidedBy {
    return { environment: this.active.environment, userId, actor: userId, requestId };
  }
}
