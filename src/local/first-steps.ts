/** The main job in three commands, for whoever has just started the app. */
export function firstSteps(address: string): string[] {
  const to = address.endsWith(':3000') ? '' : ` --to ${address}`;
  return [
    'Send the webhooks of a signup, signed as Paddle signs them, and ask what the user may use:',
    '',
    `  npm run oarlock -- webhooks send test/fixtures/signup${to}`,
    '  TOKEN=$(npm run --silent token -- --user user_1)',
    `  curl -H "Authorization: Bearer $TOKEN" ${address}/products/access`,
    '',
    'Ctrl-C stops it; the data stays in .data.',
  ];
}
