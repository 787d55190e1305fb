// Databases and processes start slowly on a busy machine. A test that is too slow on purpose says so itself.
jest.setTimeout(60_000);
