/** The server that global setup has started or found. */
export const TEMPLATE = 'oarlock_test_template';
export const APP_ROLE = 'oarlock_test_app';
export const APP_PASSWORD = 'test-app-password';

/** A URL of the test server; without a role, that of its owner. */
export function urlFor(database: string, role?: string, password?: string): string {
  const url = new URL(process.env.TEST_ADMIN_URL!);
  url.pathname = `/${database}`;
  if (role) url.username = role;
  if (password) url.password = password;
  return url.toString();
}
