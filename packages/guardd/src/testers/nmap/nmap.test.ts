import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import type { Scope, TesterEvent } from '@breakwater/rules/containment';
import { all, beside, besideContext, loopbackScope, of, service } from '../beside.testing.ts';
import { nmapTester, readReport } from './index.ts';
import { nmapWords } from './options.ts';

const scope = loopbackScope([], {
  targets: [
    { cidr: '10.66.0.0/24', ports: ['tcp/8080', 'tcp/8443-8445'] },
    { cidr: '10.67.0.1/32', ports: ['tcp/22'] },
  ],
});
const gate = ['10.200.0.1'];

const host = (ports: string, address = '10.66.0.10'): string =>
  `<host><status state="up" reason="user-set"/><address addr="${address}" addrtype="ipv4"/><ports>${ports}</ports></host>`;
const port = (id: number, state: string, reason: string, from = ''): string =>
  `<port protocol="tcp" portid="${id}"><state state="${state}" reason="${reason}"${from === '' ? '' : ` reason_ip="${from}"`}/></port>`;
const report = (inner: string): string =>
  `<?xml version="1.0"?><!DOCTYPE nmaprun><nmaprun>${inner}<runstats><finished exit="success"/></runstats></nmaprun>`;

function read(bytes: Buffer | string, size = Number.POSITIVE_INFINITY): TesterEvent[] {
  const reading = readReport(scope, gate);
  const buffer = Buffer.from(bytes);
  const events: TesterEvent[] = [];
  const step = Math.min(size, Math.max(1, buffer.length));
  for (let at = 0; at < buffer.length; at += step) events.push(...reading.take(buffer.subarray(at, at + step)));
  return [...events, ...reading.end(0, 'kept')];
}
const results = (events: readonly TesterEvent[]): string[] =>
  of(events, 'probe').map(({ asset, port, result }) => `${asset} ${port} ${result}`);

describe('what an answer means behind a gate', () => {
  test.each([
    ['open', port(8080, 'open', 'syn-ack'), ['10.66.0.10 8080 answered']],
    ['closed by the target', port(8080, 'closed', 'reset'), ['10.66.0.10 8080 refused']],
    [
      'closed, outside the scope: a gate may reset in the name of its target',
      port(8081, 'closed', 'reset'),
      ['10.66.0.10 8081 not-allowed'],
    ],
    ['filtered by the gate', port(8080, 'filtered', 'admin-prohibited', '10.200.0.1'), ['10.66.0.10 8080 not-allowed']],
    [
      'filtered by a firewall of the bank',
      port(8080, 'filtered', 'admin-prohibited', '10.66.0.254'),
      ['10.66.0.10 8080 refused'],
    ],
    ['unreachable, and nobody says who', port(8080, 'filtered', 'host-unreach'), ['10.66.0.10 8080 failed']],
    ['unreachable outside the scope', port(9, 'filtered', 'host-unreach'), ['10.66.0.10 9 not-allowed']],
    ['silent', port(8080, 'filtered', 'no-response'), ['10.66.0.10 8080 silent']],
    ['silent outside the scope', port(8081, 'filtered', 'no-response'), ['10.66.0.10 8081 not-allowed']],
    [
      'many at once',
      '<extraports state="filtered" count="3"><extrareasons reason="admin-prohibited" count="3" proto="tcp" ports="8080,8446-8447"/></extraports>',
      ['10.66.0.10 8080 failed', '10.66.0.10 8446 not-allowed', '10.66.0.10 8447 not-allowed'],
    ],
  ])('%s', (_, ports, want) => {
    expect(results(read(report(host(ports))))).toEqual(want);
  });

  test('only an open port is a finding, an observation with its service', () => {
    const open =
      '<port protocol="tcp" portid="8443"><state state="open" reason="syn-ack"/><service name="https" product="nginx" version="1.18.0"/><script id="http-title" output="Login &#xa;&lt;b&gt;"/></port>';
    const events = read(report(host(open + port(8444, 'closed', 'reset'))));
    expect(of(events, 'finding').map(({ finding }) => finding)).toMatchObject([
      {
        rule: 'open-port',
        asset: '10.66.0.10',
        port: 8443,
        title: 'Open port: https nginx 1.18.0',
        severity: { level: 'info' },
        tool: 'nmap',
      },
      { rule: 'http-title', title: 'http-title: Login <b>', severity: { level: null } },
    ]);
  });

  test('an answer from outside the scope is told loudly: the cage does not hold', () => {
    const [probe] = of(read(report(host(port(9, 'open', 'syn-ack')))), 'probe');
    expect(probe).toMatchObject({ result: 'answered', detail: expect.stringContaining('outside the scope') });
  });
});

describe('a report that is hostile, broken or huge', () => {
  test.each([
    ['an entity of its own', '<!DOCTYPE nmaprun [<!ENTITY a "boom">]><nmaprun>&a;</nmaprun>'],
    ['a bomb of entities', '<!DOCTYPE nmaprun [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><nmaprun>&b;</nmaprun>'],
    ['a file of the host', '<!DOCTYPE nmaprun [<!ENTITY x SYSTEM "file:///etc/passwd">]><nmaprun>&x;</nmaprun>'],
    ['an entity that nobody defined', '<nmaprun>&x;</nmaprun>'],
    ['another document', '<html></html>'],
    ['no XML', 'Starting Nmap 7.93'],
    ['nothing', ''],
    ['a tag too long', `<nmaprun args="${'a'.repeat(1_500_000)}"/>`],
    ['a comment too long', `<nmaprun><!--${'a'.repeat(1_500_000)}--></nmaprun>`],
    ['too deep a nesting', `<nmaprun>${'<a>'.repeat(40)}`],
    ['the same attribute twice', '<nmaprun a="1" a="2"/>'],
  ])('%s ends the reading, not the reader', (_, text) => {
    const last = read(text).at(-1);
    expect(last).toMatchObject({
      kind: 'outcome',
      outcome: 'failed',
      detail: expect.stringContaining('not read to its end'),
    });
  });

  test('what was told before the cut stays told', () => {
    const text = report(host(port(8080, 'open', 'syn-ack')) + host(port(8080, 'open', 'syn-ack'), '10.66.0.11'));
    const events = read(text.slice(0, text.indexOf('10.66.0.11')));
    expect(results(events)).toEqual(['10.66.0.10 8080 answered']);
    expect(events.at(-1)).toMatchObject({ outcome: 'failed', detail: expect.stringContaining('in the middle') });
  });

  test('ports beyond what is told one by one are told by their number, whatever the list says', () => {
    const many = (ports: string): string =>
      `<extraports state="closed" count="9"><extrareasons reason="reset" proto="tcp" ports="${ports}"/></extraports>`;
    for (const ports of [
      '1-65535',
      '5-1',
      '70000',
      '1,,2',
      '1-2-3',
      Array.from({ length: 3000 }, (_, i) => i).join(','),
    ])
      expect(results(read(report(host(many(ports)))))).toEqual([]);
  });

  test('a report worth millions of events tells the first million and says so', () => {
    const ports = '<extraports state="closed"><extrareasons reason="reset" proto="tcp" ports="1-1000"/></extraports>';
    const reading = readReport(scope, gate);
    let events = 0;
    for (const _ of reading.take(Buffer.from(report(host(ports.repeat(1100)))))) events++;
    expect(events).toBe(1_001_000 - 1000);
    expect([...reading.end(0, 'kept')].at(-1)).toMatchObject({
      detail: expect.stringContaining('the rest is in the report alone'),
    });
  });

  test('names of every object are no elements', () => {
    expect(results(read(report('<constructor/><__proto__ reason="x"/><host><toString/></host>')))).toEqual([]);
  });

  test('where the bytes are cut changes nothing', () => {
    const text = report(
      host(port(8080, 'open', 'syn-ack') + port(8443, 'closed', 'reset')) + host('<!-- 한글 -->', '10.66.0.12'),
    );
    const plain = (events: readonly TesterEvent[]): string[] =>
      events.map((event) => `${event.kind} ${JSON.stringify(event).length}`);
    const whole = plain(read(text));
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 61 }), (size) => {
        expect(plain(read(text, size))).toEqual(whole);
      }),
      { numRuns: 30 },
    );
  });

  test('any bytes, and any damage to a true report, end in one outcome', () => {
    const text = report(host(port(8080, 'open', 'syn-ack')));
    const damaged = fc
      .tuple(fc.nat(text.length), fc.nat(20), fc.string({ unit: 'binary', maxLength: 20 }))
      .map(([at, drop, put]) => text.slice(0, at) + put + text.slice(at + drop));
    fc.assert(
      fc.property(fc.oneof(damaged, fc.string({ unit: 'binary' })), (written) => {
        const events = read(written);
        expect(of(events, 'outcome')).toHaveLength(1);
        expect(events.at(-1)?.kind).toBe('outcome');
      }),
    );
  });
});

describe('which nmap a plan may ask for', () => {
  const words = (run: string[], given: Scope = scope): string[] =>
    nmapWords({ scope: given, tester: { kind: 'nmap', run }, folder: '/nowhere' });

  test('targets, ports and pace come from the scope', () => {
    expect(words(['nmap', '-sT', '-Pn'])).toEqual(
      'nmap -sT -Pn -p T:8080,8443-8445,22 --max-rate 80 --max-parallelism 16 --max-hostgroup 4 -n --reason --stats-every 2s -oX - 10.66.0.0/24 10.67.0.1'.split(
        ' ',
      ),
    );
  });

  test('the pace is four fifths of the narrowest cap', () => {
    const caps = { ...scope.caps, newConnectionsPerSecondPerDestination: 5, concurrent: 1 };
    expect(words(['nmap'], { ...scope, caps }).join(' ')).toContain('--max-rate 4 --max-parallelism 1 ');
  });

  test.each([
    [['nmap', '-p', '{ports}', '{target}'], '10.66.0.0/24 10.67.0.1'],
    [['nmap', '-p443', '10.66.0.128/25'], '10.66.0.128/25'],
    [['nmap', '-iL', '{targets-file}'], '-iL /run/breakwater/targets'],
    [['nmap', '-sV', '--version-intensity', '2', '--script=ssl-cert,http-title'], '--script ssl-cert,http-title'],
  ])('%j is taken', (run, part) => {
    expect(words(run).join(' ')).toContain(part);
  });

  test.each([
    [['/tmp/nmap'], 0],
    [['nmap', '10.68.0.1'], 1],
    [['nmap', '10.0.0.0/8'], 1],
    [['nmap', '10.66.0-255.1'], 1],
    [['nmap', 'bank.example'], 1],
    [['nmap', '-iL', '/etc/hosts'], 1],
    [['nmap', '-iR', '100'], 1],
    [['nmap', '--script', 'dos'], 2],
    [['nmap', '--script', 'safe,exploit'], 2],
    [['nmap', '--script', '/tmp/x.nse'], 2],
    [['nmap', '--script-args', 'x=1'], 1],
    [['nmap', '--resume', 'x'], 1],
    [['nmap', '-oN', '/etc/passwd'], 1],
    [['nmap', '-oX', '-'], 1],
    [['nmap', '--data-length', '10'], 1],
    [['nmap', '--data-string=x'], 1],
    [['nmap', '-S', '10.0.0.1'], 1],
    [['nmap', '-D', 'RND:10'], 1],
    [['nmap', '-e', 'eth0'], 1],
    [['nmap', '-sI', 'zombie'], 1],
    [['nmap', '-f'], 1],
    [['nmap', '--max-rate', '100000'], 1],
    [['nmap', '--min-rate=2000'], 1],
    [['nmap', '-T5'], 1],
    [['nmap', '-A'], 1],
    [['nmap', '-R'], 1],
    [['nmap', '--datadir', '/tmp'], 1],
    [['nmap', '--send-eth'], 1],
    [['nmap', '-p', '1-65535;id'], 2],
    [['nmap', '-p'], 2],
    [['nmap', '--interactive'], 1],
    [['nmap', '-'], 1],
  ])('%j is refused at its word', (run, i) => {
    expect(() => words(run)).toThrow(
      expect.objectContaining({ path: `/tester/run/${i}`, code: expect.stringMatching(/^tester\.nmap-/) }),
    );
  });

  test('whatever a plan writes, no word reaches nmap that was not allowed', () => {
    const word = fc.oneof(
      fc.string(),
      fc.constantFrom('-sT', '-p', '22', '--script', 'safe', '-oG', '{target}', '-iL', '--', '-sX'),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 6 }), (run) => {
        try {
          const made = words(['nmap', ...run]);
          expect(made.join('\n')).not.toMatch(/^(?:-o[^X]|--resume|--data|-iR|-S$|-D|-e$|--spoof|--datadir)/m);
        } catch (error) {
          expect(error).toMatchObject({ code: expect.stringMatching(/^tester\./) });
        }
      }),
    );
  });
});

describe('the real nmap', () => {
  const undo: (() => unknown)[] = [];
  afterEach(async () => {
    for (const step of undo.splice(0).toReversed()) await step();
  });

  test('tells an open, a closed and a port outside the scope apart while it runs', async () => {
    const target = await service();
    const closed = await service();
    await closed.close();
    undo.push(() => target.close());
    const made = besideContext(loopbackScope([target.port, closed.port]), {
      kind: 'nmap',
      run: ['nmap', '-sT', '-Pn', '-p', `${target.port},${closed.port},1`],
    });
    undo.push(made.dispose);
    nmapTester.prepare(made.context);
    const events = await all(nmapTester.start(beside, made.context));
    expect(new Set(results(events))).toEqual(
      new Set([`127.0.0.1 ${target.port} answered`, `127.0.0.1 ${closed.port} refused`, '127.0.0.1 1 not-allowed']),
    );
    expect(events.at(-1)).toMatchObject({ kind: 'outcome', outcome: 'completed', exitCode: 0 });
  });
});
