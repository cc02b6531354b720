import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import type { TesterEvent } from '@breakwater/rules/containment';
import type { TesterSpec } from '@breakwater/rules/plan';
import { all, beside, besideContext, loopbackScope, of, service } from '../beside.testing.ts';
import { acpTester } from './index.ts';
import { permissionFor } from './permission.ts';

const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).toReversed()) await step();
});

const agentFile = new URL('external-agent.testing.ts', import.meta.url).pathname;

async function drive(
  run: readonly string[],
  ports: readonly number[],
  more: Partial<TesterSpec> = {},
): Promise<{ events: TesterEvent[]; outcome: TesterEvent | undefined }> {
  const { context, dispose } = besideContext(loopbackScope(ports), { kind: 'acp', run: [...run], ...more });
  undo.push(dispose);
  acpTester.prepare(context);
  const events = await all(acpTester.start(beside, context));
  return { events, outcome: events.at(-1) };
}
const external = (part: string, port = 80): string[] => [process.execPath, agentFile, part, '127.0.0.1', String(port)];
const said = (events: readonly TesterEvent[]): string =>
  of(events, 'log')
    .map(({ text }) => text)
    .join('\n');

async function open(): ReturnType<typeof service> {
  const made = await service();
  undo.push(() => made.close());
  return made;
}

describe('an agent of others, driven by the Agent Client Protocol', () => {
  test('may make our probe inside the scope, once', async () => {
    const target = await open();
    const { events, outcome } = await drive(external('probe', target.port), [target.port]);
    expect(said(events)).toContain('permission: once');
    expect(of(events, 'probe')).toMatchObject([{ probe: 'tcp-connect', port: target.port, result: 'answered' }]);
    expect(target.connections).toBe(1);
    expect(outcome).toMatchObject({ outcome: 'completed' });
  });

  test('may not make it outside', async () => {
    const target = await open();
    const { events } = await drive(external('probe', target.port), [target.port + 1 > 65_535 ? 1 : target.port + 1]);
    expect(said(events)).toContain('permission: no');
    expect(said(events)).toContain('denied: the port is outside the scope');
    expect(target.connections).toBe(0);
  });

  test('may not use a shell', async () => {
    const { events } = await drive(external('shell'), [80]);
    expect(said(events)).toContain('permission: no');
    expect(said(events)).toContain('denied: bash is no probe of ours');
  });

  test('that refuses is an outcome', async () => {
    expect((await drive(external('refuse'), [80])).outcome).toMatchObject({ outcome: 'model-refused' });
  });

  test('that hangs is left when its time is over', async () => {
    const { outcome } = await drive(external('hang'), [80], { budgets: { time: 'PT2S' } });
    expect(outcome).toMatchObject({ outcome: 'budget-spent', detail: expect.stringContaining('the time is over') });
  });

  test('that dies in its turn has failed', async () => {
    expect((await drive(external('die'), [80])).outcome).toMatchObject({ outcome: 'failed', exitCode: 3 });
  });

  test('that floods is cut, and its escapes are gone', async () => {
    const { events, outcome } = await drive(external('flood'), [80]);
    expect(of(events, 'log').length).toBeLessThanOrEqual(20_001);
    expect(JSON.stringify(events)).not.toContain('\\u001b');
    expect(outcome).toMatchObject({ outcome: 'completed' });
  });

  test.each([
    ['speaks no JSON', ['sh', '-c', 'echo hello; cat >/dev/null']],
    ['ends at once', ['true']],
    ['is not there', ['/no/such/agent']],
    ['says one endless line', ['sh', '-c', 'head -c 9000000 /dev/zero | tr "\\0" a; cat >/dev/null']],
  ])('that %s has an outcome', async (_, run) => {
    const { outcome } = await drive(run, [80], { budgets: { time: 'PT3S' } });
    expect(outcome).toMatchObject({ kind: 'outcome', outcome: expect.stringMatching(/^(?:failed|budget-spent)$/) });
  });
});

describe('a request for permission', () => {
  const scope = loopbackScope([80]);
  const once = { optionId: 'once', name: '', kind: 'allow_once' } as const;
  const always = { optionId: 'always', name: '', kind: 'allow_always' } as const;
  const no = { optionId: 'no', name: '', kind: 'reject_once' } as const;
  const ours = { title: 'breakwater.tcp_connect', rawInput: { host: '127.0.0.1', port: 80 } };

  test.each([
    ['our probe', ours, [always, once, no], 'once'],
    ['our probe, for ever', ours, [always, no], 'no'],
    ['our probe, with no way to say no', { ...ours, rawInput: {} }, [always, once], 'cancelled'],
    ['another tool with our arguments', { ...ours, title: 'tcp-connect-all' }, [once, no], 'no'],
    ['a tool without arguments', { title: 'tcp-connect' }, [once, no], 'no'],
    ['nothing', {}, [], 'cancelled'],
  ])('%s', (_, call, options, want) => {
    const { outcome } = permissionFor(call, options, scope);
    expect(outcome.outcome === 'selected' ? outcome.optionId : outcome.outcome).toBe(want);
  });

  test('is denied for whatever is not one of our probes inside the scope', () => {
    fc.assert(
      fc.property(fc.string(), fc.jsonValue(), (title, rawInput) => {
        expect(permissionFor({ title, rawInput }, [always, once, no], scope).outcome).toMatchObject({ optionId: 'no' });
      }),
    );
  });
});
