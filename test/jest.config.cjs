'use strict';
const fs = require('node:fs');
const path = require('node:path');

const root = path.join(__dirname, '..');

// Jest can require() ES modules only from Node 24.9 on, and Nest 12 is nothing else: SWC makes CommonJS of every
// installed package that says "type": "module". The list is read from what is installed.
function esmPackages() {
  const found = [];
  const modules = path.join(root, 'node_modules');
  const check = (name) => {
    const manifest = path.join(modules, name, 'package.json');
    if (fs.existsSync(manifest) && JSON.parse(fs.readFileSync(manifest, 'utf8')).type === 'module') found.push(name);
  };
  for (const entry of fs.readdirSync(modules)) {
    if (entry.startsWith('.')) continue;
    if (!entry.startsWith('@')) check(entry);
    else for (const scoped of fs.readdirSync(path.join(modules, entry))) check(`${entry}/${scoped}`);
  }
  return found.map((name) => name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
}

const swc = (parser, transform = {}) => [
  '@swc/jest',
  {
    swcrc: false,
    sourceMaps: 'inline',
    module: { type: 'commonjs' },
    jsc: { target: 'es2022', keepClassNames: true, parser, transform },
  },
];

const shared = {
  rootDir: root,
  testEnvironment: 'node',
  moduleFileExtensions: ['ts', 'js', 'mjs', 'cjs', 'json'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  setupFiles: ['reflect-metadata'],
  transform: {
    '^.+\\.ts$': swc(
      { syntax: 'typescript', decorators: true },
      { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
    ),
    '/node_modules/.+\\.m?js$': swc({ syntax: 'ecmascript' }),
  },
  transformIgnorePatterns: [`/node_modules/(?!(?:.*/node_modules/)?(?:${esmPackages().join('|')})/)`],
};

const onPostgres = {
  ...shared,
  setupFilesAfterEnv: ['<rootDir>/test/support/set-timeout.ts'],
  globalSetup: '<rootDir>/test/support/global-setup.ts',
  globalTeardown: '<rootDir>/test/support/global-teardown.ts',
};

module.exports = {
  maxWorkers: 2,
  projects: [
    {
      ...shared,
      displayName: 'unit',
      testRegex: [
        '/src/.*(?<!\\.db)\\.spec\\.ts$',
        '/test/(architecture|fixtures)\\.spec\\.ts$',
        '/test/(simulator|contracts)/.*\\.spec\\.ts$',
      ],
    },
    {
      ...onPostgres,
      displayName: 'database',
      testRegex: ['/src/.*\\.db\\.spec\\.ts$', '/test/(e2e|properties)/.*\\.spec\\.ts$'],
      // Load and kills take a minute or two: `npm run test:thorough`, which CI runs.
      testPathIgnorePatterns: process.env.THOROUGH
        ? []
        : ['/test/e2e/(many-processes|rebuild-under-fire|license-year|projections-cli)\\.spec\\.ts$'],
    },
    // Minutes long: `npm run test:soak`.
    ...(process.env.SOAK
      ? [
          {
            ...onPostgres,
            displayName: 'soak',
            testRegex: [
              '/test/soak/.*\\.spec\\.ts$',
              '/test/e2e/(many-processes|rebuild-under-fire|licenses|license-year)\\.spec\\.ts$',
            ],
          },
        ]
      : []),
    // Only where a folder of recorded bodies is named: `npm run test:corpus -- <folder>`.
    ...(process.env.CORPUS ? [{ ...onPostgres, displayName: 'corpus', testRegex: ['/test/corpus/.*\\.spec\\.ts$'] }] : []),
  ],
};
