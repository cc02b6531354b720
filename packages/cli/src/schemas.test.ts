/** What the command line prints by contract is held against the schema that it prints for it. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { jsonSchema, schemaTitles } from '@breakwater/rules';
import { draftNotice } from '@breakwater/rules/notice';
import { readContainer } from '@breakwater/verify';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { afterAll, describe, expect, test } from 'vitest';
import { command } from './command.testing.ts';

const kept = fileURLToPath(new URL('../../../conformance/dossier/v0.1.0/', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'breakwater-schemas-'));
afterAll(() => rmSync(folder, { recursive: true }));

const ajv = new Ajv2020({ strictTypes: false, allowUnionTypes: true });
addFormats.default(ajv);

function meets(name: string, document: unknown): void {
  expect(ajv.validate(jsonSchema(name), document), `${name}: ${ajv.errorsText()}`).toBe(true);
}

/** The one document that a command prints. */
async function printed(...argv: string[]): Promise<{ schema: string }> {
  const { stdout, stderr } = await command(argv, { cwd: folder, env: { BREAKWATER_DATA_DIR: join(folder, 'data') } });
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as { schema: string };
}

function put(name: string, content: string): string {
  writeFileSync(join(folder, name), content);
  return name;
}

const members = readContainer(readFileSync(join(kept, 'dossier.zip')));
const member = (name: string): string =>
  new TextDecoder().decode(members.find(({ path }) => path === name)?.bytes ?? new Uint8Array());

const notice = JSON.stringify(
  draftNotice(
    {
      kind: 'emergency-patch',
      window: { start: '2026-11-29T01:00:00+09:00', end: '2026-11-29T04:00:00+09:00' },
      services: ['transfer'],
    },
    {
      company: { name: { ko: '한빛은행', en: 'Hanbit Bank' }, phone: '15881234' },
      sender: '15881234',
      serviceNames: {},
    },
  ),
);

describe('a document that the command line prints meets its schema', () => {
  test.each<[string, () => Promise<{ schema: string }>]>([
    [
      'readiness',
      async () => {
        expect(await printed('plan', 'new', '--example', '--out', 'plan.yaml', '--json')).toBeDefined();
        return await printed('plan', 'check', 'plan.yaml', '--json');
      },
    ],
    ['assessment', () => printed('assess', put('facts.json', member('facts.json')), '--json')],
    [
      'verification',
      () =>
        printed('verify', `${kept}dossier.zip`, '--policy', `${kept}policy`, '--keys', `${kept}keys.json`, '--json'),
    ],
    ['lint', () => printed('notice', 'lint', put('notice.json', notice), '--json')],
    ['pack', () => printed('pack', 'show', 'kr-fsc-2026-06-30', '--json')],
  ])('%s', async (name, print) => {
    const document = await print();
    expect(document.schema).toBe(`breakwater.${name}/1`);
    meets(name, document);
  });

  test('what a dossier holds', () => {
    for (const [name, path] of [
      ['facts', 'facts.json'],
      ['assessment', 'assessment.json'],
      ['manifest', 'manifest.json'],
      ['pack', 'packs/kr-fsc-2026-06-30.json'],
    ] as const) {
      meets(name, JSON.parse(member(path)));
    }
    for (const { path } of members.filter((one) => one.path.startsWith('records/'))) {
      const record = JSON.parse(member(path)) as { leaf?: { type: string }; payload?: unknown };
      meets('record', record);
      if (record.leaf?.type === 'guard.journal') meets('journal', record.payload);
    }
    meets('log-policy', { schema: 'breakwater.log-policy/1', policy: readFileSync(join(kept, 'policy'), 'utf8') });
    meets('keys', JSON.parse(readFileSync(join(kept, 'keys.json'), 'utf8')));
  });
});

test('every document of the contract has a schema', ({ skip }) => {
  const contract = new URL('../../../../shared/contracts.md', import.meta.url);
  const text = (() => {
    try {
      return readFileSync(contract, 'utf8');
    } catch {
      return skip('the contract is not beside the repository');
    }
  })();
  const names = new Set([...text.matchAll(/breakwater\.([a-z-]+)\/1/g)].map(([, name]) => name));
  expect([...names].filter((name) => !Object.hasOwn(schemaTitles, name ?? ''))).toEqual([]);
});
