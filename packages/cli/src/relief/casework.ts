/** `claim`: one claim with all that belongs to it, appeals, complaints elsewhere, telling, payment files, ends of time. */
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { BreakwaterError } from '@breakwater/rules';
import { escalationStages } from '@breakwater/rules/relief';
import type { Command } from 'commander';
import { Argument, Option } from 'commander';
import { printJson, printRows, printText, withExamples, withJson } from '../frame.ts';
import { localServer } from '../server.ts';
import { parseQuantity, spellQuantity } from './range.ts';

const byWhom = ['--by <person>', 'who does it: a pseudonym such as p-07'] as const;

/** Adds the work on one claim to `claim`. */
export function defineCasework(claim: Command): void {
  defineShow(claim);
  defineAssign(claim);
  defineAppeal(claim);
  defineEscalate(claim);
  defineTold(claim);
  defineDue(claim);
  defineExport(claim);
}

function defineShow(claim: Command): void {
  const command = withJson(
    claim
      .command('show')
      .description(
        'A claim: its disruption, what its customer was told before, how alternatives stood, until when it is answered.',
      )
      .argument('<claim>', 'the claim')
      .action(show),
  );
  withExamples(command, [['./breakwater claim show c-1a2b3c4d5e6f7a8b', 'everything but who claims']]);
}

async function show(id: string, { json }: { json?: boolean }): Promise<void> {
  const path = { params: { path: { id } } };
  const client = localServer();
  const [{ data: claim }, { data: about }] = await Promise.all([
    client.GET('/claims/{id}', path),
    client.GET('/claims/{id}/case', path),
  ]);
  if (claim === undefined || about === undefined) throw new Error('the server answered without content');
  if (json === true) return printJson({ ...claim, ...about });
  const { link } = about;
  const minutes = (ms: number | null): string => (ms === null ? '알 수 없음 · unknown' : `${Math.ceil(ms / 60_000)}분`);
  printText(
    [
      `${claim.id}  ${claim.service}  ${claim.occurredAt}  ${claim.state}  ${spellQuantity(claim.amount, '원')}`,
      ...(about.dueBy === null ? [] : [`기한 · due: ${about.dueBy}`]),
      ...(claim.proposal === null
        ? []
        : [
            `결재 대기 · waits for a second person: ${claim.proposal.decision} ${claim.proposal.amount} (${claim.proposal.by})`,
          ]),
      ...(link === null
        ? ['연결된 장애 없음 · no disruption matched yet']
        : [
            `run ${link.run}  장애 · disruption: ${link.disruption === null ? '없음 · none' : `${link.disruption.start} ~ ${link.disruption.end ?? ''}`}`,
            ...link.notices.map(
              ({ notice, channel, told, at }) => `안내 · notice: ${channel} ${told} ${at ?? ''} ${notice}`,
            ),
            ...link.alternatives.map(
              ({ service, watched, downMs }) =>
                `대체 수단 · alternative: ${service} ${watched}, 중단 · down ${minutes(downMs)}`,
            ),
          ]),
      ...about.statements.map(
        ({ basis, alternative, filedAt }) => `신고 · filed: ${filedAt} ${basis}, alternative ${alternative}`,
      ),
      ...about.escalations.map(({ authority, case: number, stage, at }) => `${authority} ${number} ${stage} ${at}`),
    ].join('\n'),
  );
}

function defineAssign(claim: Command): void {
  const command = withJson(
    claim
      .command('assign')
      .description('Give a claim that no disruption matched its run.')
      .argument('<claim>', 'the claim')
      .requiredOption('--run <id>', 'the run')
      .requiredOption(...byWhom)
      .action(async (id: string, { run, by, json }: { run: string; by: string; json?: boolean }) => {
        const { data } = await localServer().POST('/claims/{id}/run', { params: { path: { id } }, body: { run, by } });
        if (json === true) return printJson(data);
        printText(`${id}  → ${run}`);
      }),
  );
  withExamples(command, [
    [
      './breakwater claim assign c-1a2b3c4d5e6f7a8b --run 0190… --by p-07',
      'claim list --unmatched shows which have none',
    ],
  ]);
}

function defineAppeal(claim: Command): void {
  const command = withJson(
    claim
      .command('appeal')
      .description('Open a decided claim again: whoever claimed does not accept the decision. Exit 1 when it is open.')
      .argument('<claim>', 'the claim')
      .option('--amount <won>', 'what is asked now, such as 0..50000', 'unknown')
      .requiredOption(...byWhom)
      .action(async (id: string, { amount, by, json }: { amount: string; by: string; json?: boolean }) => {
        const { data } = await localServer().POST('/claims/{id}/appeal', {
          params: { path: { id } },
          body: { amount: parseQuantity(amount, '--amount'), by },
        });
        if (json === true) return printJson(data);
        printText(`${id}  재심사 · open again`);
      }),
  );
  withExamples(command, [
    ['./breakwater claim appeal c-1a2b3c4d5e6f7a8b --amount 0..50000 --by p-07', 'what was paid stays paid'],
  ]);
}

type Escalation = { case: string; stage: (typeof escalationStages)[number]; by: string; json?: boolean };

function defineEscalate(claim: Command): void {
  const command = withJson(
    claim
      .command('escalate')
      .description('Record a stage of a complaint at the Financial Supervisory Service or a court.')
      .argument('<claim>', 'the claim')
      .addArgument(new Argument('<authority>', 'where').choices(['fss', 'court']))
      .requiredOption('--case <number>', 'its number there')
      .addOption(new Option('--stage <stage>', 'how far it is').choices(escalationStages).makeOptionMandatory())
      .requiredOption(...byWhom)
      .action(async (id: string, authority: 'fss' | 'court', { case: number, stage, by, json }: Escalation) => {
        const { data } = await localServer().POST('/claims/{id}/escalations', {
          params: { path: { id } },
          body: { authority, case: number, stage, by },
        });
        if (json === true) return printJson(data);
        printText(`${id}  ${authority} ${number} ${stage}`);
      }),
  );
  withExamples(command, [
    [
      './breakwater claim escalate c-1a2b3c4d5e6f7a8b fss --case 2026-1234 --stage filed --by p-07',
      'the same again changes nothing',
    ],
  ]);
}

function defineTold(claim: Command): void {
  const command = withJson(
    claim
      .command('told')
      .description("Record that results were told by the company's own means; relief tell sends them as text messages.")
      .argument('<claims...>', 'the claims')
      .requiredOption('--channel <word>', 'how: letter, telephone, branch')
      .requiredOption('--reference <text>', 'under which it is found in your books')
      .requiredOption(...byWhom)
      .action(
        async (
          claims: string[],
          { channel, reference, by, json }: { channel: string; reference: string; by: string; json?: boolean },
        ) => {
          const { data } = await localServer().POST('/claims/told', { body: { claims, channel, reference, by } });
          if (data === undefined) throw new Error('the server answered without content');
          if (json === true) return printJson(data);
          printText(`결과 통지 기록 ${data.told}건 · told ${data.told}`);
        },
      ),
  );
  withExamples(command, [
    ['./breakwater claim told c-1a2b c-3c4d --channel letter --reference L-20261214 --by p-07', 'their clocks stop'],
  ]);
}

function defineDue(claim: Command): void {
  const command = withJson(
    claim
      .command('due')
      .description('Claims whose result must be told soon, the soonest first.')
      .option('--within <days>', 'days from now', '5')
      .action(async ({ within, json }: { within: string; json?: boolean }) => {
        if (!/^\d{1,3}$/.test(within))
          throw new BreakwaterError('usage.days', `${JSON.stringify(within)} is no number of days`, '--within');
        const before = new Date(Date.now() + Number(within) * 86_400_000).toISOString();
        const { data } = await localServer().GET('/claims/due', { params: { query: { before, limit: 1000 } } });
        if (data === undefined) throw new Error('the server answered without content');
        if (json === true) return printJson(data);
        printRows(
          data.claims.map(({ claim: id, dueBy, state, run }) => `${dueBy}  ${id}  ${state}  ${run ?? ''}`),
          '그때까지 기한이 오는 청구가 없습니다. · No claim is due by then.',
        );
      }),
  );
  withExamples(command, [['./breakwater claim due --within 2', 'what is answered today and tomorrow']]);
}

type Export = { run?: string; out: string; by: string; unmasked?: boolean; json?: boolean };

function defineExport(claim: Command): void {
  const command = withJson(
    claim
      .command('export')
      .description(
        'Write what is owed on accepted claims as CSV for the payment system. That it was written is evidence.',
      )
      .requiredOption('--out <file>', 'where the file goes; replaced as a whole')
      .option('--run <id>', 'of one run; left out: of all')
      .option('--unmasked', 'with the whole pseudonym, as the payment system needs it')
      .requiredOption(...byWhom)
      .action(exportPayments),
  );
  withExamples(command, [
    [
      './breakwater claim export --run 0190… --out payments.csv --unmasked --by p-07',
      'then: claim pay, or relief pay for all',
    ],
  ]);
}

async function exportPayments({ run, out, by, unmasked, json }: Export): Promise<void> {
  const asked = { body: { run: run ?? null, by }, parseAs: 'stream' } as const;
  const client = localServer();
  const { data, response } = await (unmasked === true
    ? client.POST('/relief/payment-files', asked)
    : client.POST('/relief/payment-files/masked', asked));
  if (data === undefined || data === null) throw new Error('the server answered without content');
  const partial = `${out}.partial`;
  try {
    await pipeline(Readable.fromWeb(response.body ?? (data as never)), createWriteStream(partial, { mode: 0o600 }));
    await rename(partial, out);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
  if (json === true) return printJson({ file: out });
  printText(out);
}
