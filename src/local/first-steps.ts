/** The main job in three commands, for whoever has just started the app. */
export function firstSteps(address: string, simulator: string | null): string[] {
  return [
    ...(simulator ? signUpWith(simulator) : signUpWithout(address)),
    '  TOKEN=$(npm run --silent token -- --user user_1)',
    `  curl -H "Authorization: Bearer $TOKEN" ${address}/products/access`,
    '',
    ...(simulator ? [`Or buy something yourself: ${simulator}`] : []),
    'Ctrl-C stops it; the data stays in .data.',
  ];
}

function signUpWith(simulator: string): string[] {
  const at = simulator.endsWith(':4020') ? '' : ` --simulator ${simulator}`;
  return [
    'Let somebody sign up at the simulator, a local Paddle, and ask what they may use:',
    '',
    `  npm run oarlock -- sim scenario signup --user user_1${at}`,
  ];
}

function signUpWithout(address: string): string[] {
  const to = address.endsWith(':3000') ? '' : ` --to ${address}`;
  return [
    'Send the webhooks of a signup, signed as Paddle signs them, and ask what the user may use:',
    '',
    `  npm run oarlock -- webhooks send test/fixtures/signup${to}`,
  ];
}
