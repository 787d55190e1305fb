export class ActiveProviderDto {
  /** @example "paddle" */
  provider: string;
  environment: 'sandbox' | 'live';
}
