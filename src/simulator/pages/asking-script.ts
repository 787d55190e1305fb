/** The part that the scripts of all pages share: asks the simulator something; what it refuses becomes an error with its words. */
export const ASKING_SCRIPT = `
'use strict';
const $ = (id) => document.getElementById(id);
async function ask(path, body) {
  const headers = { 'content-type': 'application/json' };
  let response;
  try {
    response = await fetch(path, body === undefined ? {} : { method: 'POST', headers, body: JSON.stringify(body) });
  } catch {
    throw new Error('The simulator does not answer. Is it running?');
  }
  const answer = await response.json();
  if (response.ok) return answer;
  const { detail, errors } = answer.error;
  throw new Error([detail, ...(errors ?? []).map(({ field, message }) => field + ' ' + message)].join(': '));
}
`;
