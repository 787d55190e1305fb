export { ActiveProvider } from './active-provider';
export { SettingsModule } from './settings.module';
