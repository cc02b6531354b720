import { createHash, createPublicKey, verify } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { approvalBytes, approvalSchema, parsePlan, planHash, readinessSchema } from '@breakwater/rules/plan';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { command, type Ended } from '../command.testing.ts';

let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'breakwater-plan-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const breakwater = (argv: string[], input = ''): Promise<Ended> => command(argv, { cwd: folder, input });

/** Runs a command with --json and reads its one document. */
async function json(...argv: string[]): Promise<Ended & { document: Record<string, never> }> {
  const ended = await breakwater([...argv, '--json']);
  return { ...ended, document: JSON.parse(ended.stdout) };
}

const file = (name: string): string => join(folder, name);
const example = async (name: string, ...more: string[]): Promise<string> => {
  expect((await breakwater(['plan', 'new', '--example', '--force', '--out', name, ...more])).status).toBe(0);
  return readFileSync(file(name), 'utf8');
};

describe('plan new', () => {
  test.each(['emergency-patch', 'security-test'])('writes a commented %s that plan check finds ready', async (kind) => {
    const text = await example('new.yaml', '--kind', kind);
    expect(text.match(/#/g)?.length).toBeGreaterThan(10);
    expect((await breakwater(['plan', 'check', 'new.yaml'])).status).toBe(0);
  });

  test('takes every answer as an option and needs no terminal', async () => {
    writeFileSync(file('authority.pdf'), 'signed');
    const answers = {
      id: 'core-tls',
      institution: 'saebyeok-bank',
      'title-ko': '계정계 보안 패치',
      'title-en': 'Patch of the core',
      author: 'p-03',
      activity: 'os-patch',
      advisory: 'FSI-2026-0200',
      service: 'core',
      start: '2027-01-17T01:00:00+09:00',
      end: '2027-01-17T03:00:00+09:00',
      authority: 'authority.pdf',
      signer: 'p-17',
      check: './ctl is patched',
      do: '["./ctl", "patch", "the core"]',
      undo: './ctl unpatch',
      probe: 'core=http://10.9.0.2/self',
      alternative: '콜센터=call-centre=00:00-24:00',
      contact: '15880000',
    };
    const argv = Object.entries(answers).flatMap(([name, value]) => [`--${name}`, value]);
    const { status, document } = await json('plan', 'new', ...argv);
    expect(status).toBe(0);
    expect(document).toMatchObject({
      id: 'core-tls',
      authority: { document: `sha256:${createHash('sha256').update('signed').digest('hex')}`, signer: 'p-17' },
      steps: [{ do: { run: ['./ctl', 'patch', 'the core'] } }],
      notice: { alternativeChannels: [{ name: '콜센터' }] },
    });
  });

  test('names every answer that is missing', async () => {
    const { status, document } = await json('plan', 'new');
    expect(status).toBe(2);
    expect(document).toMatchObject({
      error: { code: 'answer.missing', message: expect.stringContaining('--contact') },
    });
  });

  test('does not overwrite a plan unless told to', async () => {
    await example('kept.yaml');
    const before = readFileSync(file('kept.yaml'), 'utf8');
    const { status, document } = await json('plan', 'new', '--example', '--id', 'other', '--out', 'kept.yaml');
    expect(status).toBe(2);
    expect(document).toMatchObject({ error: { code: 'file.exists', path: 'kept.yaml' } });
    expect(readFileSync(file('kept.yaml'), 'utf8')).toBe(before);
    await example('kept.yaml', '--id', 'other');
    expect(readFileSync(file('kept.yaml'), 'utf8')).not.toBe(before);
  });

  test('writes nothing that would not be ready, and says why', async () => {
    const ended = await breakwater([
      'plan',
      'new',
      '--example',
      '--alternative',
      'Transfers=transfer=00:00-24:00',
      '--out',
      'bad.yaml',
    ]);
    expect(ended.status).toBe(1);
    expect(ended.stderr).toContain('notice.fields');
    expect(() => statSync(file('bad.yaml'))).toThrow();
  });

  test.each([
    ['--do', 'rm -rf / && true', 'answer.not-a-command'],
    ['--do', '["a", 1]', 'answer.not-a-command'],
    ['--probe', 'nothing', 'answer.malformed'],
    ['--damage', '-1', 'plan.invalid'],
    ['--start', 'tomorrow', 'plan.invalid'],
    ['--authority', 'nowhere.pdf', 'file.not-found'],
  ])('refuses %s %j', async (option, value, code) => {
    const { status, document } = await json('plan', 'new', '--example', option, value);
    expect(status).toBe(2);
    expect(document).toMatchObject({ error: { code } });
  });
});

describe('plan check', () => {
  test('answers 0 for a ready plan, with one document', async () => {
    await example('plan.yaml');
    const { status, stderr, document } = await json('plan', 'check', 'plan.yaml');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(readinessSchema.parse(document)).toMatchObject({ ready: true });
  });

  test('answers 1 for a plan that is not, for people with rule, place, remedy and source', async () => {
    const text = (await example('plan.yaml')).replace('  - { kind: kill-switch }\n', '');
    writeFileSync(file('plan.yaml'), text);
    const line = text.split('\n').findIndex((one) => one.startsWith('measures:')) + 1;
    const { status, stdout } = await breakwater(['plan', 'check', 'plan.yaml']);
    expect(status).toBe(1);
    const [first = ''] = stdout.split('\n\n');
    expect(first).toContain(`kill-switch.missing`);
    expect(first).toContain(`/measures (${line}:1)`);
    expect(first).toContain('measures에 kill-switch를 넣으십시오.');
    expect(first).toContain('add kill-switch to measures.');
    expect(first).toContain('2026-06-30');
    expect((await json('plan', 'check', 'plan.yaml')).status).toBe(1);
  });

  test('takes a context into account', async () => {
    await example('plan.yaml');
    writeFileSync(file('context.yaml'), 'now: "2040-01-01T00:00:00Z"\napprovals: []\n');
    const { status, document } = await json('plan', 'check', 'plan.yaml', '--context', 'context.yaml');
    expect(status).toBe(1);
    const rules = readinessSchema
      .parse(document)
      .findings.filter(({ severity }) => severity === 'error')
      .map(({ rule }) => rule);
    expect(rules).toEqual(['approval.missing', 'window.past']);
  });

  test('gives the same hash for YAML, JSON and standard input', async () => {
    const { document } = parsePlan(await example('plan.yaml'));
    writeFileSync(file('plan.json'), JSON.stringify(document));
    expect((await json('plan', 'check', 'plan.json')).document['planHash']).toBe(planHash(document));
    const piped = await breakwater(['plan', 'check', '-', '--json'], JSON.stringify(document));
    expect(JSON.parse(piped.stdout).planHash).toBe(planHash(document));
  });

  test.each<[string, string | Buffer, string, string]>([
    ['nothing', '', 'document.empty', '1:1'],
    [
      'an unknown key',
      'schema: breakwater.plan/1\nkind: emergency-patch\ncolour: red\n',
      'plan.unknown-key',
      '/colour',
    ],
    ['broken YAML', 'a: "b', 'document.syntax', '1:6'],
    ['UTF-16', Buffer.from('\uFEFFa: 1', 'utf16le'), 'file.not-utf8', 'bad.yaml:0'],
    ['NUL', 'a: \0', 'document.encoding', '1:4'],
    ['fifty megabytes', Buffer.alloc(50_000_000, 'x'), 'file.too-large', 'bad.yaml'],
    ['a million brackets', '['.repeat(1_000_000), 'document.too-deep', '1:35'],
    ['an alias bomb', 'a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n', 'document.alias', '1:4'],
  ])('answers 2 for %s, with code and place', async (_, bytes, code, path) => {
    writeFileSync(file('bad.yaml'), bytes);
    const { status, stderr, document } = await json('plan', 'check', 'bad.yaml');
    expect({ status, stderr, document }).toEqual({
      status: 2,
      stderr: '',
      document: { error: { code, path, message: expect.any(String) } },
    });
  });

  test('answers 2 for a context that is none', async () => {
    await example('plan.yaml');
    writeFileSync(file('context.yaml'), 'nwo: x\n');
    expect((await json('plan', 'check', 'plan.yaml', '--context', 'context.yaml')).document).toMatchObject({
      error: { code: 'context.unknown-key', path: '/nwo', message: expect.stringMatching(/^1:1 /) },
    });
  });
});

describe('schema', () => {
  test.each(['plan', 'plan-context', 'readiness', 'scope', 'facts', 'assessment', 'pack', 'notice', 'keys'])(
    'prints that of %s',
    async (name) => {
      const { status, document } = await json('schema', name);
      expect(status).toBe(0);
      expect(document).toMatchObject({
        $schema: 'https://json-schema.org/draft/2020-12/schema',
        title: expect.any(String),
      });
    },
  );

  test('plan schema prints the same as schema plan', async () => {
    expect((await breakwater(['plan', 'schema'])).stdout).toBe((await breakwater(['schema', 'plan'])).stdout);
    expect((await breakwater(['plan', 'schema', '--context'])).stdout).toBe(
      (await breakwater(['schema', 'plan-context'])).stdout,
    );
  });

  test('answers 2 for a name that it does not know', async () => {
    expect(await json('schema', '__proto__')).toMatchObject({
      status: 2,
      document: { error: { code: 'schema.unknown' } },
    });
  });
});

describe('key new and plan approve', () => {
  const approve = (...more: string[]) =>
    json(
      'plan',
      'approve',
      'plan.yaml',
      '--key',
      'p-17.pem',
      '--person',
      'p-17',
      '--role',
      'ciso',
      '--expires',
      '2040-01-01T00:00:00+09:00',
      ...more,
    );

  beforeAll(async () => {
    await example('plan.yaml');
    expect((await json('key', 'new', '--out', 'p-17.pem')).status).toBe(0);
  });

  test('a private key is for its owner alone and is never overwritten', async () => {
    expect(statSync(file('p-17.pem')).mode & 0o777).toBe(0o600);
    const before = readFileSync(file('p-17.pem'), 'utf8');
    expect(await json('key', 'new', '--out', 'p-17.pem')).toMatchObject({
      status: 2,
      document: { error: { code: 'file.exists' } },
    });
    expect(readFileSync(file('p-17.pem'), 'utf8')).toBe(before);
    expect((await breakwater(['key', 'new', '--out', 'p-21.pem'])).stdout).not.toContain('PRIVATE');
  });

  test('an approval is signed by that key over this very plan', async () => {
    const { status, document } = await approve('--out', 'approval.json');
    expect(status).toBe(0);
    const approval = approvalSchema.parse(document);
    expect(JSON.parse(readFileSync(file('approval.json'), 'utf8'))).toEqual(document);
    expect(approval).toMatchObject({
      decision: 'approve',
      person: 'p-17',
      planHash: planHash(parsePlan(readFileSync(file('plan.yaml'), 'utf8')).document),
    });
    const publicKey = createPublicKey(readFileSync(file('p-17.pem.pub')));
    const signature = Buffer.from(approval.signature, 'base64');
    expect(verify(null, approvalBytes(approval), publicKey, signature)).toBe(true);
    expect(verify(null, approvalBytes({ ...approval, role: 'ceo' }), publicKey, signature)).toBe(false);
  });

  test('a plan may be returned, also by its author', async () => {
    expect((await approve('--return')).document).toMatchObject({ decision: 'return' });
    expect((await approve('--return', '--person', 'p-03')).status).toBe(0);
  });

  test.each<[string, string[], string]>([
    ['the author approves', ['--person', 'p-03'], 'approval.self'],
    ['it expired already', ['--expires', '2020-01-01T00:00:00Z'], 'approval.expired'],
    ['it never expires', ['--expires', 'never'], 'approval.invalid'],
    ['there is no key', ['--key', 'nowhere.pem'], 'file.not-found'],
    ['the key is a public one', ['--key', 'p-17.pem.pub'], 'key.open-to-others'],
    ['the decision would overwrite a file', ['--out', 'p-17.pem'], 'file.exists'],
  ])('nothing is signed when %s', async (_, argv, code) => {
    expect(await approve(...argv)).toMatchObject({ status: 2, document: { error: { code } } });
  });

  test('a key that others can read proves nothing', async () => {
    writeFileSync(file('open.pem'), readFileSync(file('p-17.pem')));
    chmodSync(file('open.pem'), 0o644);
    expect(await approve('--key', 'open.pem')).toMatchObject({
      status: 2,
      document: { error: { code: 'key.open-to-others' } },
    });
  });
});
