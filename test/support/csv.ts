/** Reads a file as RFC 4180 has it, and nothing else: an object for each line below the first, by the names of the first. */
export function parseCsv(file: string): Record<string, string>[] {
  const [names, ...lines] = linesOf(file.replace(/^\ufeff/, ''));
  return lines.map((cells) => {
    if (cells.length !== names!.length)
      throw new Error(`${cells.length} cells below ${names!.length} names: ${cells.join(' | ')}`);
    return Object.fromEntries(names!.map((name, index) => [name, cells[index]!]));
  });
}

function linesOf(file: string): string[][] {
  const lines: string[][] = [];
  let line: string[] = [];
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/y;
  while (cell.lastIndex < file.length) {
    const at = cell.lastIndex;
    const match = cell.exec(file);
    if (!match) throw new Error(`no CSV at ${at}: ${file.slice(at, at + 40)}`);
    line.push(match[1]?.replaceAll('""', '"') ?? match[2]!);
    if (match[3] === ',') continue;
    lines.push(line);
    line = [];
  }
  if (line.length > 0) throw new Error('the file ends within a line');
  return lines;
}
