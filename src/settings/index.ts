export { ActiveProvider } from './active-provider';
export { ProductConfiguration, type PriceSetting, type ProductSetting } from './product-configuration';
export { ProductSettings } from './product-settings';
export { SettingsModule } from './settings.module';
