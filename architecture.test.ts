import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mostLines, packageFolder, packages, platformParts, rulesDomains, serverDomains } from './architecture.ts';

const root = import.meta.dirname;
const sources = globSync('{packages,examples}/*/src/**/*.{ts,tsx}', { cwd: root }).filter(
  (file) => !file.includes('/generated/'),
);

describe('the linter made from architecture.ts', () => {
  let copy: string;
  beforeAll(() => {
    copy = mkdtempSync(join(tmpdir(), 'breakwater-architecture-'));
    for (const file of ['architecture.ts', 'oxlint.config.ts', 'package.json', 'tsconfig.base.json']) {
      cpSync(join(root, file), join(copy, file));
    }
    symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  });
  afterAll(() => rmSync(copy, { recursive: true }));

  /** The rules that the linter finds broken in a file of this text, standing at `path` in an otherwise empty copy. */
  function broken(path: string, text: string): string[] {
    const file = join(copy, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    const oxlint = join(root, 'node_modules/oxlint/bin/oxlint');
    const run = spawnSync(process.execPath, [oxlint, '--format', 'json', path], { cwd: copy, encoding: 'utf8' });
    rmSync(file);
    const report = JSON.parse(run.stdout) as { diagnostics: { code: string }[] };
    return report.diagnostics.map(({ code }) => code);
  }

  test.each([
    [
      'a deep import',
      'packages/server/src/notice/planted.ts',
      "import { a } from '@breakwater/rules/src/plan/schema.ts';",
    ],
    ['an upward import', 'packages/server/src/guard/planted.ts', "import { a } from '#runner';"],
    ['a type-only import', 'packages/server/src/guard/planted.ts', "import type { A } from '#runner';"],
    ['a re-export', 'packages/server/src/guard/planted.ts', "export { a } from '#runner';"],
    ['a dynamic import', 'packages/server/src/guard/planted.ts', "export const a = await import('#runner');"],
    [
      'a relative path into another package',
      'packages/rules/src/plan/planted.ts',
      "import { a } from '../../../server/src/app.ts';",
    ],
    [
      'a relative path into another domain',
      'packages/server/src/notice/planted.ts',
      "import { a } from '../plan/store.ts';",
    ],
    [
      'a relative path out of a nested folder',
      'packages/server/src/notice/channels/planted.ts',
      "import { a } from '../../plan/store.ts';",
    ],
    ['a package above', 'packages/rules/src/plan/planted.ts', "import { a } from '@breakwater/server';"],
    ['a later domain of the rules', 'packages/rules/src/guard/planted.ts', "import { a } from '#plan';"],
    ['a domain in the platform', 'packages/server/src/platform/db/planted.ts', "import { a } from '#plan';"],
    ['routes outside app.ts', 'packages/server/src/notice/planted.ts', "import { a } from '#plan/routes';"],
    [
      'criteria reading more than sealed evidence',
      'packages/server/src/criteria/planted.ts',
      "import { a } from '#plan';",
    ],
  ])('refuses %s', (_, path, text) => {
    expect(broken(path, `${text}\n`)).toContain('eslint(no-restricted-imports)');
  });

  test.each([
    ['a door below', 'packages/server/src/runner/planted.ts', "export { a } from '#guard';"],
    ['the shapes of any domain', 'packages/rules/src/criteria/planted.ts', "export { a } from '#runner/record';"],
    ['its own folder', 'packages/server/src/notice/channels/planted.ts', "export { a } from '../store.ts';"],
    ['the platform', 'packages/server/src/notice/planted.ts', "export { a } from '#platform/db';"],
    ['an allowed package', 'packages/server/src/notice/planted.ts', "export { a } from '@breakwater/rules/notice';"],
  ])('lets a file use %s', (_, path, text) => {
    expect(broken(path, `${text}\n`)).not.toContain('eslint(no-restricted-imports)');
  });

  test('refuses a clock and randomness in rules', () => {
    const path = 'packages/rules/src/plan/planted.ts';
    expect(broken(path, 'export const a = Date.now();\n')).toContain('eslint(no-restricted-properties)');
    expect(broken(path, 'export const a = Math.random();\n')).toContain('eslint(no-restricted-properties)');
  });
});

/** A query builder's or SQL's way to name a table. */
const usesTable = (name: string): RegExp =>
  new RegExp(
    `(selectFrom|insertInto|updateTable|deleteFrom|Join)\\(\\s*['"]${name}\\b|\\b(from|into|update|join)\\s+${name}\\b`,
  );

describe('the tree', () => {
  test('has the packages and only the packages of the table', () => {
    const folders = globSync('{packages,examples}/*/package.json', { cwd: root }).map(dirname).toSorted();
    const listed = (Object.keys(packages) as (keyof typeof packages)[]).map(packageFolder).toSorted();
    expect(folders).toEqual(listed);
  });

  test('has no folder in rules, server or platform that the table does not name', () => {
    const folders = (pattern: string): string[] =>
      globSync(pattern, { cwd: root, withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map(({ name }) => name);
    expect(folders('packages/rules/src/*').filter((name) => !(name in rulesDomains))).toEqual([]);
    expect(folders('packages/server/src/*').filter((name) => name !== 'platform' && !(name in serverDomains))).toEqual(
      [],
    );
    expect(folders('packages/server/src/platform/*').filter((name) => !(name in platformParts))).toEqual([]);
  });

  test('lists in each package the packages of the workspace that it imports, tests apart', () => {
    const unlisted = (Object.keys(packages) as (keyof typeof packages)[]).flatMap((name) => {
      const folder = packageFolder(name);
      const { dependencies = {}, devDependencies = {} } = JSON.parse(
        readFileSync(join(root, folder, 'package.json'), 'utf8'),
      ) as Record<'dependencies' | 'devDependencies', Record<string, string> | undefined>;
      return globSync(`${folder}/src/**/*.ts`, { cwd: root }).flatMap((file) => {
        const listed = /\.test(?:ing)?\.ts$/.test(file) ? { ...dependencies, ...devDependencies } : dependencies;
        const text = readFileSync(join(root, file), 'utf8');
        return [...text.matchAll(/(?:from|import\() ?'(@breakwater\/[a-z-]+)/g)].flatMap(([, imported = '']) =>
          imported === `@breakwater/${name}` || Object.hasOwn(listed, imported) ? [] : [`${file}: ${imported}`],
        );
      });
    });
    expect(unlisted).toEqual([]);
  });

  test('gives every server domain a door and a README', () => {
    const domains = globSync('packages/server/src/*/', { cwd: root }).filter((path) => !/platform\/?$/.test(path));
    const lacking = domains.flatMap((path) =>
      ['index.ts', 'README.md'].map((file) => join(path, file)).filter((file) => !existsSync(join(root, file))),
    );
    expect(lacking).toEqual([]);
  });

  test('reads SQL tables in one domain only', () => {
    const created = globSync('packages/server/migrations/*.sql', { cwd: root }).flatMap((file) =>
      [...readFileSync(join(root, file), 'utf8').matchAll(/create table (?:if not exists )?([a-z_]+)/gi)].map(
        (match) => match[1] ?? '',
      ),
    );
    expect(created.length).toBeGreaterThan(0);
    expect(created.filter((table, at) => created.indexOf(table) !== at)).toEqual([]);
    const owners = new Map<string, Set<string>>();
    for (const file of globSync('packages/server/src/**/store*.ts', { cwd: root })) {
      const text = readFileSync(join(root, file), 'utf8');
      for (const table of created.filter((name) => usesTable(name).test(text))) {
        owners.set(table, (owners.get(table) ?? new Set()).add(dirname(file)));
      }
    }
    expect(
      [...owners].filter(([, folders]) => folders.size > 1).map(([table, folders]) => [table, [...folders]]),
    ).toEqual([]);
  });

  test('numbers decisions once', () => {
    const numbers = globSync('docs/decisions/[0-9]*.md', { cwd: root }).map((file) =>
      file.replace(/^.*\/(\d+)-.*$/, '$1'),
    );
    expect(numbers.length).toBeGreaterThan(0);
    expect(numbers.filter((number, at) => numbers.indexOf(number) !== at)).toEqual([]);
  });

  test('has no source file longer than its limit', () => {
    const long = sources.filter((file) => readFileSync(join(root, file), 'utf8').split('\n').length - 1 > mostLines);
    expect(long).toEqual([]);
  });

  test('has no shelf: every name says what is in it', () => {
    expect(sources.filter((file) => /(^|\/)(utils?|helpers?|misc|common|manager)(\.tsx?$|\/)/.test(file))).toEqual([]);
  });

  test('keeps rules free of the clock however it is read', () => {
    const reading = sources.filter(
      (file) =>
        file.startsWith('packages/rules/') &&
        !file.endsWith('.test.ts') &&
        /new Date\(\s*\)/.test(readFileSync(join(root, file), 'utf8')),
    );
    expect(reading).toEqual([]);
  });
});
