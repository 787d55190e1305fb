import { renameSync, rmSync, writeFileSync } from 'node:fs';

/** Writes a file for this user only, as a whole or not at all: whoever reads it meanwhile gets what was there before. */
export function writePrivateFile(file: string, text: string): void {
  const draft = `${file}.${process.pid}.tmp`;
  try {
    writeFileSync(draft, text, { mode: 0o600 });
    renameSync(draft, file);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}
