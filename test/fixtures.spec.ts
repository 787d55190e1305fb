import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { recordedStories } from './support/paddle/stories';

const FIXTURES = join(__dirname, 'fixtures');

/** `npm run fixtures` writes them anew. */
const UPDATE = process.env.UPDATE_FIXTURES === '1';

describe.each(Object.entries(recordedStories()))('the recorded story "%s"', (name, events) => {
  const folder = join(FIXTURES, name);
  const files = events.map((event, index) => ({
    file: `${String(index + 1).padStart(2, '0')}-${event.event_type}.json`,
    text: JSON.stringify(event, null, 2),
  }));

  beforeAll(() => {
    if (!UPDATE) return;
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    for (const { file, text } of files) writeFileSync(join(folder, file), text);
  });

  it('is what the story tells', () => {
    expect(existsSync(folder)).toBe(true);
    expect(readdirSync(folder).sort()).toEqual(files.map(({ file }) => file));
    for (const { file, text } of files) expect(readFileSync(join(folder, file), 'utf8')).toBe(text);
  });
});
