/** `relief`: damage row by row, leaks, results, the policy, late facts and events. */
import { readDocument } from '@breakwater/rules';
import {
  damageStates,
  damageTypes,
  leakDutyNames,
  type DamageState,
  type DamageType,
  type LeakDuty,
} from '@breakwater/rules/relief';
import type { Schemas } from '@breakwater/client';
import type { Command } from 'commander';
import { Argument, Option } from 'commander';
import { printJson, printRows, printText, readTextFile, withExamples, withJson } from '../frame.ts';
import { localServer } from '../server.ts';
import { parseQuantity, spellQuantity } from './range.ts';

const byWhom = ['--by <person>', 'who records it: a pseudonym such as p-07'] as const;
const amounts = 'won: 12500, 1000000..3000000, 1000000.. or unknown';
const limits = { maxBytes: 256 * 1024, maxDepth: 8, maxNodes: 10_000 };

/** Adds the ledgers of a run to `relief`. */
export function defineLedgers(relief: Command): void {
  defineLedger(relief);
  defineRow(relief);
  defineLeak(relief);
  defineTell(relief);
  definePolicy(relief);
  defineLate(relief);
  defineChannel(relief);
  defineEvents(relief);
}

function defineLedger(relief: Command): void {
  const command = withJson(
    relief
      .command('ledger')
      .description('The damage ledger of a run: rows, and the upper, best and settled totals.')
      .argument('<run>', 'id of the run')
      .action(async (run: string, { json }: { json?: boolean }) => {
        const { data } = await localServer().GET('/relief/runs/{run}/damage', { params: { path: { run } } });
        if (data === undefined) throw new Error('the server answered without content');
        if (json === true) return printJson(data);
        const { upper, best, settled, unknown } = data.totals;
        printText(
          [
            ...data.rows.map(
              ({ id, type, state, amount, by, at, evidence }) =>
                `${id}  ${type}  ${state}  ${spellQuantity(amount, '원')}  ${by}  ${at}  ${evidence.length} evidence`,
            ),
            `최대 · upper: ${spellQuantity(upper, '원')}`,
            `예상 · best: ${spellQuantity(best, '원')}`,
            `지급 · settled: ${settled.toLocaleString('en-US')}원`,
            ...(unknown.length === 0 ? [] : [`알 수 없음 · unknown: ${unknown.join(', ')}`]),
            `한도 대비 단계 · step of the limit: ${data.step} %`,
          ].join('\n'),
        );
      }),
  );
  withExamples(command, [
    ['./breakwater relief ledger 0190c0de-…', 'what it may come to, what it looks like, what was paid'],
  ]);
}

type Row = {
  row?: string;
  type: DamageType;
  state: DamageState;
  amount: string;
  evidence: string[];
  source?: string;
  by: string;
  json?: boolean;
};

function defineRow(relief: Command): void {
  const command = withJson(
    relief
      .command('row')
      .description('Add a row to the damage ledger, or say what a row is now. Every revision stays.')
      .argument('<run>', 'id of the run')
      .option('--row <id>', 'the row that is said anew; left out: a new one')
      .addOption(new Option('--type <type>', 'whose damage').choices(damageTypes).makeOptionMandatory())
      .addOption(new Option('--state <state>', 'how far it is').choices(damageStates).makeOptionMandatory())
      .requiredOption('--amount <amount>', amounts)
      .option('--evidence <digest...>', 'sha256 digests of the documents it rests on', [])
      .option('--source <text>', 'where those documents are kept')
      .requiredOption(...byWhom)
      .action(async (run: string, { row, type, state, amount, evidence, source, by, json }: Row) => {
        const obtainedAt = new Date().toISOString();
        const { data } = await localServer().POST('/relief/runs/{run}/damage/rows', {
          params: { path: { run } },
          body: {
            type,
            state,
            amount: parseQuantity(amount, '--amount'),
            evidence: evidence.map((digest) => ({ source: source ?? 'not stated', digest, obtainedAt })),
            by,
            ...(row === undefined ? {} : { row }),
          },
        });
        if (json === true) return printJson(data);
        printText(`${data?.row}  ${data?.revision}`);
      }),
  );
  withExamples(command, [
    [
      './breakwater relief row 0190c0de-… --type thirdParty --state claimed --amount 0..45000000 --evidence sha256:… --by p-07',
      'a step of 50, 80 or 100 % of the limit raises an event',
    ],
  ]);
}

type Leak = Schemas['Leak'];

function leakLines({ id, class: leakClass, entry, fields, duties }: Leak): string[] {
  return [
    `${id}  ${leakClass}  ${entry.kind ?? 'unknown'}  records ${spellQuantity(entry.records, '')}  persons ${spellQuantity(entry.persons, '')}  ${entry.discoveredAt}`,
    ...fields.map(({ field, class: one }) => `  ${field}: ${one}`),
    ...duties.map(
      ({ duty, title, status, dueAt, doneAt }) =>
        `  ${title.ko} (${duty}) ${status} ${doneAt === null ? `기한 · due ${dueAt}` : `완료 · done ${doneAt}`}`,
    ),
  ];
}

function defineLeak(relief: Command): void {
  const leak = relief
    .command('leak')
    .description('The leak ledger, entry by entry: counts and names of fields, never the data.');
  const add = withJson(
    leak
      .command('add')
      .description(
        'Enter a leak, or say what is known of one now. Its class follows from its fields; its clocks start.',
      )
      .argument('<run>', 'id of the run')
      .argument(
        '<file>',
        'YAML or JSON: source, discoveredAt, awareAt, cause, kind, illegalExternalAccess, records, persons, fields; - for standard input',
      )
      .option('--leak <id>', 'the leak that is said anew')
      .requiredOption(...byWhom)
      .action(
        async (run: string, file: string, { leak: known, by, json }: { leak?: string; by: string; json?: boolean }) => {
          const { value } = readDocument(await readTextFile(file, limits.maxBytes), limits);
          const { data } = await localServer().POST('/relief/runs/{run}/leaks/entries', {
            params: { path: { run } },
            body: { entry: value as Leak['entry'], by, ...(known === undefined ? {} : { leak: known }) },
          });
          if (data === undefined) throw new Error('the server answered without content');
          if (json === true) return printJson(data);
          printText(leakLines(data).join('\n'));
        },
      ),
  );
  withExamples(add, [
    [
      './breakwater relief leak add 0190c0de-… leak.yaml --by p-07',
      'a field that stands in no table stays unclassified',
    ],
  ]);
  const list = withJson(
    leak
      .command('list')
      .description('The leaks of a run with their classes and the duties that they started.')
      .argument('<run>', 'id of the run')
      .action(async (run: string, { json }: { json?: boolean }) => {
        const { data } = await localServer().GET('/relief/runs/{run}/leaks', { params: { path: { run } } });
        if (data === undefined) throw new Error('the server answered without content');
        if (json === true) return printJson(data);
        printRows(
          data.leaks.flatMap(leakLines),
          '유출 항목이 없습니다. 없다는 확인은 relief leaks로 기록합니다. · No leak was entered; relief leaks attests that there is none.',
        );
      }),
  );
  withExamples(list, [['./breakwater relief leak list 0190c0de-…', 'what runs until when']]);
  const done = withJson(
    leak
      .command('done')
      .description('Record that a duty of a leak was done.')
      .argument('<leak>', 'the leak')
      .addArgument(new Argument('<duty>', 'which').choices(leakDutyNames))
      .option('--at <time>', 'when; left out: now')
      .requiredOption('--reference <text>', 'the number of the report or notice')
      .requiredOption(...byWhom)
      .action(
        async (
          id: string,
          duty: LeakDuty,
          { at, reference, by, json }: { at?: string; reference: string; by: string; json?: boolean },
        ) => {
          const { data } = await localServer().POST('/relief/leaks/{leak}/duties/{duty}', {
            params: { path: { leak: id, duty } },
            body: { doneAt: at ?? new Date().toISOString(), reference, by },
          });
          if (json === true) return printJson(data);
          printText(`${id}  ${duty}  완료 · done`);
        },
      ),
  );
  withExamples(done, [
    ['./breakwater relief leak done l-1a2b pipc-report --reference PIPC-2027-11 --by p-07', 'its clock stops'],
  ]);
  const draft = withJson(
    leak
      .command('draft')
      .description('Draft the notice to the persons whose data leaked.')
      .argument('<leak>', 'the leak')
      .action(async (id: string, { json }: { json?: boolean }) => {
        const { data } = await localServer().GET('/relief/leaks/{leak}/notice-draft', {
          params: { path: { leak: id } },
        });
        if (data === undefined) throw new Error('the server answered without content');
        if (json === true) return printJson(data);
        printText(
          [
            data.website.ko,
            '',
            data.website.en,
            '',
            data.sms,
            '',
            ...data.missing.map(({ ko, en }) => `확인 필요 · to fill in: ${ko} · ${en}`),
          ].join('\n'),
        );
      }),
  );
  withExamples(draft, [
    ['./breakwater relief leak draft l-1a2b', 'what the law asks for, with what is known filled in'],
  ]);
}

function defineTell(relief: Command): void {
  const command = withJson(
    relief
      .command('tell')
      .description(
        'Tell the result, by one text message, to whoever filed a claim of the run that is decided and not told.',
      )
      .argument('<run>', 'id of the run')
      .requiredOption('--by <person>', 'who sends it: a pseudonym such as p-07')
      .action(async (run: string, { by, json }: { by: string; json?: boolean }) => {
        const { data } = await localServer().POST('/relief/runs/{run}/results', {
          params: { path: { run } },
          body: { by },
        });
        if (data === undefined) throw new Error('the server answered without content');
        if (json === true) return printJson(data);
        printText(
          data.notice === null
            ? '알릴 결과가 없습니다. · No result waits to be told.'
            : `결과 안내 발송 ${data.claims}건 · sent to ${data.claims}: notice status ${data.notice}`,
        );
      }),
  );
  withExamples(command, [
    [
      './breakwater relief tell 0190c0de-… --by p-07',
      'the message names neither claim nor amount; a claim is told once it arrived',
    ],
  ]);
}

function definePolicy(relief: Command): void {
  const policy = relief
    .command('policy')
    .description('What the company set for its relief: limits, clocks, classes of fields.');
  const show = withJson(
    policy
      .command('show')
      .description('The policy in force, as a document that policy set takes.')
      .action(async ({ json }: { json?: boolean }) => {
        const { data } = await localServer().GET('/relief/policy');
        if (data === undefined) throw new Error('the server answered without content');
        printJson(json === true ? data : data.policy);
      }),
  );
  withExamples(show, [
    ['./breakwater relief policy show > relief-policy.json', 'change it, then: relief policy set relief-policy.json'],
  ]);
  const set = withJson(
    policy
      .command('set')
      .description('Set the policy. Leaks are classified again under its table of fields.')
      .argument('<file>', 'YAML or JSON, breakwater.relief-policy/1; - for standard input')
      .requiredOption(...byWhom)
      .action(async (file: string, { by, json }: { by: string; json?: boolean }) => {
        const { value } = readDocument(await readTextFile(file, limits.maxBytes), limits);
        const { data } = await localServer().POST('/relief/policy', { body: { policy: value as never, by } });
        if (json === true) return printJson(data);
        printText(`정책 ${data?.version}판 · version ${data?.version}`);
      }),
  );
  withExamples(set, [
    ['./breakwater relief policy set relief-policy.json --by p-07', 'kept with its digest in the evidence'],
  ]);
}

function defineLate(relief: Command): void {
  const command = withJson(
    relief
      .command('extend')
      .description('Take late facts of a run for longer than the policy says.')
      .argument('<run>', 'id of the run')
      .requiredOption('--until <time>', 'until when (RFC 3339)')
      .requiredOption('--reason <text>', 'why')
      .requiredOption(...byWhom)
      .action(
        async (
          run: string,
          { until, reason, by, json }: { until: string; reason: string; by: string; json?: boolean },
        ) => {
          const { data } = await localServer().POST('/relief/runs/{run}/late-facts', {
            params: { path: { run } },
            body: { until, reason, by },
          });
          if (json === true) return printJson(data);
          printText(`${run}  → ${until}`);
        },
      ),
  );
  withExamples(command, [
    [
      './breakwater relief extend 0190c0de-… --until 2028-12-31T00:00:00+09:00 --reason "a court asks" --by p-07',
      'relief show tells until when',
    ],
  ]);
}

type Channel = { service: string; start: string; end: string; by: string; json?: boolean };

function defineChannel(relief: Command): void {
  const command = withJson(
    relief
      .command('channel')
      .description(
        'Attest when an alternative channel that no probe watches was down; the same time twice says that it never was.',
      )
      .argument('<run>', 'id of the run')
      .requiredOption('--service <id>', 'the service of the channel, such as call-centre')
      .requiredOption('--start <time>', 'down from (RFC 3339)')
      .requiredOption('--end <time>', 'until (RFC 3339)')
      .requiredOption('--by <person>', 'who attests it: a pseudonym such as p-07')
      .action(async (run: string, { service, start, end, by, json }: Channel) => {
        const { data } = await localServer().POST('/relief/runs/{run}/channels', {
          params: { path: { run } },
          body: { service, start, end, by, evidence: [] },
        });
        if (json === true) return printJson(data);
        printText(`${run}  ${service}  ${start} ~ ${end}`);
      }),
  );
  withExamples(command, [
    [
      './breakwater relief channel 0190c0de-… --service call-centre --start 2026-11-29T01:00:00+09:00 --end 2026-11-29T01:00:00+09:00 --by p-07',
      'it worked all the while',
    ],
  ]);
}

function defineEvents(relief: Command): void {
  const command = withJson(
    relief
      .command('events')
      .description('What people are to know: steps of damage, ends of time, leaks, assessments that were opened again.')
      .option('--run <id>', 'of one run')
      .option('--after <event>', 'go on after this event', '0')
      .action(async ({ run, after, json }: { run?: string; after: string; json?: boolean }) => {
        const { data } = await localServer().GET('/relief/events', {
          params: { query: { after: Number(after), limit: 1000, ...(run === undefined ? {} : { run }) } },
        });
        if (data === undefined) throw new Error('the server answered without content');
        if (json === true) return printJson(data);
        printRows(
          data.events.map(
            ({ id, at, kind, run: of, subject, detail }) =>
              `${id}  ${at}  ${kind}  ${of ?? ''}  ${subject ?? ''}  ${JSON.stringify(detail)}`,
          ),
          '알릴 일이 없습니다. · Nothing happened that people are to know.',
        );
      }),
  );
  withExamples(command, [['./breakwater relief events --json', 'a monitor reads on with --after of the last id']]);
}
