export class IsAdminDto {
  isAdmin: boolean;
  roles: ('admin' | 'auditor' | 'service')[];
}
