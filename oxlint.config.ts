/** Lint rules. Everything about imports is made from `architecture.ts`; add nothing about imports here. */
import { defineConfig, type OxlintOverride } from 'oxlint';
import {
  mostLines,
  type Package,
  packageFolder,
  packages,
  platformDomains,
  platformParts,
  rulesDomains,
  serverDomains,
  webFolders,
} from './architecture.ts';

type Pattern = { group?: string[]; regex?: string; message: string };

const seeTable = 'architecture.ts says who may import whom';
const packageNames = Object.keys(packages) as Package[];

/** Folders below a domain's own folder that its files may stand in. */
const depths = [1, 2, 3];
const filesAtDepth = (folder: string, depth: number): string => `${folder}/${'*/'.repeat(depth - 1)}*.{ts,tsx}`;

/** Other packages by their names, and by a relative path that climbs out of this one. */
function packagePatterns(name: Package, depthBelowSource: number): Pattern[] {
  const allowed: readonly string[] = packages[name];
  const closed = packageNames.filter((other) => other !== name && !allowed.includes(other));
  return [
    ...closed.map((other) => ({
      group: [`@breakwater/${other}`, `@breakwater/${other}/*`],
      message: `${name} may not import ${other}: ${seeTable}`,
    })),
    {
      regex: `^(\\.\\./){${depthBelowSource + 1}}`,
      message: `another package is imported by its name, never by a relative path: ${seeTable}`,
    },
    { regex: '^@breakwater/[^/]+/src/', message: `a package is entered by its door: ${seeTable}` },
  ];
}

/** A domain may enter the listed domains by their doors, and leaves its own folder in no other way. */
function domainPatterns(domain: string, doors: Readonly<Record<string, readonly string[]>>, prefix: string): Pattern[] {
  return Object.keys(doors)
    .filter((other) => other !== domain && !doors[domain]?.includes(other))
    .map((other) => ({ group: [`${prefix}${other}`], message: `${domain} may not import ${other}: ${seeTable}` }));
}

const leaveByDoor = (depth: number): Pattern => ({
  regex: `^(\\.\\./){${depth}}.+/`,
  message: `leave a folder by a # name only: ${seeTable}`,
});

function restrict(files: string[], patterns: Pattern[]): OxlintOverride {
  return { files, rules: { 'no-restricted-imports': ['error', { patterns }] } };
}

const packageOverrides = packageNames.map((name) =>
  restrict([`${packageFolder(name)}/src/*.{ts,tsx}`], packagePatterns(name, 0)),
);

function domainOverrides(
  name: Package,
  below: string,
  doors: Readonly<Record<string, readonly string[]>>,
  prefix: string,
  more: (domain: string) => Pattern[] = () => [],
): OxlintOverride[] {
  const folders = below === '' ? 0 : below.split('/').length;
  return Object.keys(doors).flatMap((domain) =>
    depths.map((depth) =>
      restrict(
        [filesAtDepth(`${packageFolder(name)}/src/${below === '' ? '' : `${below}/`}${domain}`, depth)],
        [
          ...packagePatterns(name, depth + folders),
          ...domainPatterns(domain, doors, prefix),
          leaveByDoor(depth),
          ...more(domain),
        ],
      ),
    ),
  );
}

/** Routes of a domain are read by app.ts only. */
const routesAreForApp: Pattern = { group: ['#*/routes'], message: `routes are read by app.ts only: ${seeTable}` };

/** Folders of packages without a table of domains: the same depth rule, and no way from one folder into another. */
const plainOverrides = (['verify', 'guardd', 'client', 'cli', 'sample-bank'] as const).flatMap((name) =>
  depths.map((depth) =>
    restrict([`${packageFolder(name)}/src/*/${'*/'.repeat(depth - 1)}*.ts`], packagePatterns(name, depth)),
  ),
);

export default defineConfig({
  ignorePatterns: ['**/dist/**', '.breakwater/**', 'packages/client/src/generated/**'],
  plugins: ['typescript', 'unicorn', 'import', 'oxc'],
  categories: { correctness: 'error', suspicious: 'error' },
  rules: {
    eqeqeq: 'error',
    'import/no-cycle': 'error',
    'import/no-default-export': 'error',
    'max-lines': ['error', { max: mostLines, skipBlankLines: false, skipComments: false }],
    'no-await-in-loop': 'off',
    'no-control-regex': 'off',
    'no-shadow': 'off',
    'no-underscore-dangle': 'off',
    'no-unmodified-loop-condition': 'off',
    'import/no-named-as-default-member': 'off',
    'oxc/no-async-endpoint-handlers': 'off',
    'typescript/consistent-return': 'off',
    'typescript/no-explicit-any': 'error',
    'typescript/no-floating-promises': 'error',
    'typescript/no-misused-promises': 'error',
    'typescript/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    'typescript/no-unnecessary-boolean-literal-compare': 'off',
    'typescript/no-unsafe-type-assertion': 'off',
    'typescript/unbound-method': 'off',
    'unicorn/consistent-function-scoping': 'off',
    'unicorn/require-post-message-target-origin': 'off',
    'unicorn/filename-case': ['error', { case: 'kebabCase' }],
  },
  overrides: [
    ...packageOverrides,
    ...plainOverrides,
    ...domainOverrides('rules', '', rulesDomains, '#'),
    ...domainOverrides('server', '', serverDomains, '#', () => [routesAreForApp]),
    ...domainOverrides('web', '', webFolders, '#'),
    {
      files: ['packages/web/src/**/*.{ts,tsx}'],
      plugins: ['typescript', 'unicorn', 'import', 'oxc', 'react', 'jsx-a11y'],
      rules: {
        // One component a file, named as its file; what is no component is named as elsewhere.
        'unicorn/filename-case': ['error', { cases: { kebabCase: true, pascalCase: true } }],
        'import/no-unassigned-import': ['error', { allow: ['**/*.css'] }],
        'react/react-in-jsx-scope': 'off',
        'react/exhaustive-deps': 'error',
        'react/rules-of-hooks': 'error',
      },
    },
    ...domainOverrides('server', 'platform', platformParts, '#platform/', (part) => [
      routesAreForApp,
      {
        group: Object.keys(serverDomains)
          .filter((domain) => platformDomains[part]?.includes(domain) !== true)
          .map((domain) => `#${domain}`),
        message: `the platform knows no domain: ${seeTable}`,
      },
    ]),
    {
      files: ['packages/rules/src/**/*.ts'],
      rules: {
        'no-restricted-properties': [
          'error',
          { object: 'Date', property: 'now', message: 'rules read no clock: take `now` as an argument' },
          { object: 'Math', property: 'random', message: 'rules are deterministic: take randomness as an argument' },
        ],
      },
    },
    {
      files: ['**/*.test.ts'],
      rules: { 'no-restricted-imports': 'off', 'no-restricted-properties': 'off' },
    },
    { files: ['*.config.ts', 'scripts/**/*.ts'], rules: { 'import/no-default-export': 'off' } },
  ],
});
