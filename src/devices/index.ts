export { DEVICE_EVENT_TYPES, readDeviceFact, type DeviceFact } from './device-facts';
export { DevicesModule } from './devices.module';
export { devices, type DeviceRow } from './read-models/devices';
