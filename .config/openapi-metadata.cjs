// Writes src/openapi-metadata.ts: what the compiler plugin of @nestjs/swagger would inject, as data, so that the
// build (which has no plugins) and the tests see the same OpenAPI document. With --check it only says whether it is stale.
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const ts = require('typescript');
const { ReadonlyVisitor } = require('@nestjs/swagger/plugin');

const root = path.join(__dirname, '..');
const source = path.join(root, 'src');
const target = path.join(source, 'openapi-metadata.ts');

const config = ts.getParsedCommandLineOfConfigFile(
  path.join(root, '.config/tsconfig.build.json'),
  {},
  {
    ...ts.sys,
    onUnRecoverableConfigFileDiagnostic: (diagnostic) => {
      throw new Error(ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n'));
    },
  },
);
const program = ts.createProgram(
  config.fileNames.filter((file) => file !== target),
  config.options,
);
const visitor = new ReadonlyVisitor({
  introspectComments: true,
  dtoFileNameSuffix: ['.dto.ts'],
  controllerFileNameSuffix: ['.controller.ts'],
  pathToSource: source,
  readonly: true,
  esmCompatible: true,
});
for (const file of program.getSourceFiles()) {
  if (!file.isDeclarationFile && file.fileName.startsWith(source)) visitor.visit(program, file);
}

const { factory } = ts;
const expression = (value) => {
  if (Array.isArray(value)) {
    return factory.createArrayLiteralExpression(
      value.map(([imported, meta]) => factory.createArrayLiteralExpression([imported, expression(meta)])),
    );
  }
  if (typeof value.kind === 'number') return value;
  const members = Object.keys(value).map((key) =>
    factory.createPropertyAssignment(factory.createStringLiteral(key), expression(value[key])),
  );
  return factory.createObjectLiteralExpression(members, true);
};
const printer = ts.createPrinter({ newLine: ts.NewLineKind.LineFeed });
const blank = ts.createSourceFile('blank.ts', '', ts.ScriptTarget.ES2022, false, ts.ScriptKind.TS);
const body = printer.printNode(ts.EmitHint.Unspecified, expression({ [visitor.key]: visitor.collect() }), blank);
const types = Object.entries(visitor.typeImports).map(([name, load]) => `    [${JSON.stringify(name)}]: ${load},`);
const text = [
  '/* Made by `npm run openapi:metadata` from the DTOs and controllers. Do not edit. */',
  'export default async (): Promise<Record<string, any>> => {',
  '  const t: Record<string, any> = {',
  ...types,
  '  };',
  `  return ${body};`,
  '};',
  '',
]
  .join('\n')
  .replaceAll(/import\((["'])(\.{1,2}\/[^"']+?)(?:\.js)?\1\)/g, 'import($1$2.js$1)');

const before = fs.existsSync(target) ? fs.readFileSync(target, 'utf8') : '';
if (process.argv.includes('--check')) {
  if (before !== text) {
    process.stderr.write('src/openapi-metadata.ts is stale: run `npm run openapi:metadata`\n');
    process.exit(1);
  }
} else if (before !== text) fs.writeFileSync(target, text);
