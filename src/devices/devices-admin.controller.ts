import { Body, Controller, Get, HttpCode, Param, Post, Query, Req, UseInterceptors } from '@nestjs/common';
import { CommandBus, type Command } from '@nestjs/cqrs';
import { ApiParam, ApiTags } from '@nestjs/swagger';
import { AllowRoles, CurrentActor, type Actor, type AuthenticatedRequest } from '../auth';
import { ENVIRONMENTS, type Environment } from '../platform/environment';
import { plainTextSchema } from '../platform/plain-text';
import { VALID_BODY } from '../platform/valid-body';
import { VALID_ENVIRONMENT } from '../platform/valid-environment';
import { ValidQuery } from '../platform/valid-query';
import { FromReadModels, MarksPosition } from '../projections';
import { BlockDevice } from './commands/block-device';
import { RetireDevice } from './commands/retire-device';
import { UnblockDevice } from './commands/unblock-device';
import { toAdminDeviceDto } from './device-dto';
import { LIST_PARAMETERS } from './device-list-query';
import type { DecidedBy } from './device-log';
import { DeviceReasonDto, type AdminDeviceDto, type AdminDevicePageDto } from './devices-admin.dto';
import { SeenDevices, type DeviceListQuery } from './seen-devices';
import { VALID_UUID } from './valid-uuid';

@ApiTags('devices')
@ApiParam({ name: 'environment', enum: ENVIRONMENTS })
@AllowRoles('admin')
@FromReadModels()
@Controller('paddle/:environment/admin/devices')
export class DevicesAdminController {
  constructor(
    private readonly commands: CommandBus,
    private readonly devices: SeenDevices,
  ) {}

  /** The devices of everybody, or of one user, newest first. */
  @Get()
  @AllowRoles('auditor', 'admin')
  @ValidQuery({ userId: { ...plainTextSchema(255), description: 'Only those of this user.' }, ...LIST_PARAMETERS })
  async listDevicesOfUsers(
    @Param('environment', VALID_ENVIRONMENT) environment: Environment,
    @Query() { userId, ...query }: DeviceListQuery & { userId?: string },
  ): Promise<AdminDevicePageDto> {
    const { devices, nextCursor } = await this.devices.page(environment, userId ?? null, query);
    return { data: devices.map(toAdminDeviceDto), nextCursor };
  }

  /** Keeps a device out, whatever it registers. It keeps its place, so its owner gets no other for it; retire it as well to free that. */
  @Post(':userId/:uuid/block')
  @HttpCode(200)
  @UseInterceptors(MarksPosition)
  blockDevice(
    @Param('environment', VALID_ENVIRONMENT) environment: Environment,
    @Param('userId') userId: string,
    @Param('uuid', VALID_UUID) uuid: string,
    @Body(VALID_BODY) { reason }: DeviceReasonDto,
    @CurrentActor() { userId: actor }: Actor,
    @Req() { id: requestId }: AuthenticatedRequest,
  ): Promise<AdminDeviceDto> {
    const by = { environment, userId, actor, requestId };
    return this.done(by, uuid, new BlockDevice(by, uuid, reason));
  }

  /** Lifts a block: the device is what it was without it. */
  @Post(':userId/:uuid/unblock')
  @HttpCode(200)
  @UseInterceptors(MarksPosition)
  unblockDevice(
    @Param('environment', VALID_ENVIRONMENT) environment: Environment,
    @Param('userId') userId: string,
    @Param('uuid', VALID_UUID) uuid: string,
    @CurrentActor() { userId: actor }: Actor,
    @Req() { id: requestId }: AuthenticatedRequest,
  ): Promise<AdminDeviceDto> {
    const by = { environment, userId, actor, requestId };
    return this.done(by, uuid, new UnblockDevice(by, uuid));
  }

  /** Takes a device's place away; unless it is blocked, it may come back when there is one. */
  @Post(':userId/:uuid/retire')
  @HttpCode(200)
  @UseInterceptors(MarksPosition)
  retireDeviceOfUser(
    @Param('environment', VALID_ENVIRONMENT) environment: Environment,
    @Param('userId') userId: string,
    @Param('uuid', VALID_UUID) uuid: string,
    @Body(VALID_BODY) { reason }: DeviceReasonDto,
    @CurrentActor() { userId: actor }: Actor,
    @Req() { id: requestId }: AuthenticatedRequest,
  ): Promise<AdminDeviceDto> {
    const by = { environment, userId, actor, requestId };
    return this.done(by, uuid, new RetireDevice(by, uuid, reason));
  }

  private async done({ environment, userId }: DecidedBy, uuid: string, command: Command<void>): Promise<AdminDeviceDto> {
    await this.commands.execute(command);
    return toAdminDeviceDto(await this.devices.one(environment, userId, uuid));
  }
}
