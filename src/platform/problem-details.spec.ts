import { problemDetails } from './problem-details';

it('is a document of RFC 9457, and extensions never overwrite its members', () => {
  const extensions = { status: 200, code: 'ok', currentVersion: 3 };
  expect(problemDetails('version_conflict', 'The stream is at version 3.', 'urn:x', extensions)).toEqual({
    type: '/problems/version-conflict',
    title: 'Somebody else changed this first',
    status: 409,
    code: 'version_conflict',
    detail: 'The stream is at version 3.',
    instance: 'urn:x',
    currentVersion: 3,
  });
});
