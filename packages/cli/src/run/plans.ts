/** What a server keeps of plans: `plan submit`, `plan decide`, `plan list`, `plan show`. */
import type { Command } from 'commander';
import type { Json, Schemas } from '@breakwater/client';
import { conform, readDocument } from '@breakwater/rules';
import { approvalSchema } from '@breakwater/rules/plan';
import { languageOf, type Language } from '../demo/tell.ts';
import { printJson, printRows, printText, readTextFile, withExamples, withJson } from '../frame.ts';
import { readPlanFile } from '../plan/read-plan.ts';
import { localServer } from '../server.ts';

/** Adds the commands to `plan`. */
export function definePlanServer(plan: Command): void {
  withExamples(
    withJson(
      plan
        .command('submit')
        .description('Hand a plan to the server; another document is another revision, without approvals.')
        .argument('<file>', 'plan in YAML or JSON')
        .option('--approval <file...>', 'signed decisions of plan approve that go along')
        .action(submit),
    ),
    [['./breakwater plan submit plan.yaml --approval p-17.json p-21.json', 'with two signed approvals']],
  );
  withJson(
    plan
      .command('decide')
      .description('Hand a signed decision to the server.')
      .argument('<file>', 'what plan approve wrote')
      .action(decide),
  );
  withJson(plan.command('list').description('The newest revision of each plan.').action(list));
  withJson(
    plan
      .command('show')
      .description('A plan with its approvals and rehearsals.')
      .argument('<plan>', 'id or hash')
      .action(show),
  );
}

const mostApprovalBytes = 64 * 1024;

async function readApproval(file: string): Promise<Schemas['Approval']> {
  const { value } = readDocument(await readTextFile(file, mostApprovalBytes), {}, 'json');
  return conform(approvalSchema, value, { name: 'approval' });
}

async function submit(file: string, { approval = [], json }: { approval?: string[]; json?: boolean }): Promise<void> {
  const { plan, document } = await readPlanFile(file);
  const approvals = await Promise.all(approval.map(readApproval));
  const client = localServer();
  const { data } = await client.POST('/plans', { body: { document: document as Json, by: plan.author } });
  if (data === undefined) throw new Error('the server answered without content');
  for (const body of approvals) await client.POST('/plans/decisions', { body });
  if (json === true) printJson({ schema: 'breakwater.plan-revision/1', ...data });
  else printText(`${data.plan}  revision ${data.revision}\n${data.planHash}`);
}

async function decide(file: string, { json }: { json?: boolean }): Promise<void> {
  const { data } = await localServer().POST('/plans/decisions', { body: await readApproval(file) });
  if (data === undefined) throw new Error('the server answered without content');
  if (json === true) return printJson({ schema: 'breakwater.approvals/1', ...data });
  printText(data.approvedBy.map(({ person, role }) => `${person} (${role})`).join('\n'));
  for (const person of data.returnedBy) process.stderr.write(`returned by ${person}\n`);
}

async function list({ json }: { json?: boolean }): Promise<void> {
  const { data } = await localServer().GET('/plans');
  const plans = data?.plans ?? [];
  if (json === true) return printJson({ schema: 'breakwater.plans/1', plans });
  printRows(
    plans.map(({ plan, revision, planHash, submittedAt }) => `${plan}  ${revision}  ${submittedAt}  ${planHash}`),
    '제출된 계획이 없습니다 · no plan yet: breakwater plan submit FILE',
  );
}

async function show(plan: string, { json }: { json?: boolean }): Promise<void> {
  const client = localServer();
  const { data } = await client.GET('/plans/{plan}', { params: { path: { plan } } });
  const { data: judged } = await client.GET('/plans/{plan}/readiness', { params: { path: { plan } } });
  if (data === undefined || judged === undefined) throw new Error('the server answered without content');
  if (json === true) return printJson({ schema: 'breakwater.plan-status/1', ...data, ...judged });
  const language = languageOf(process.env);
  const passed = data.rehearsals.filter((rehearsal) => rehearsal.passed).length;
  const approved = data.approvals.approvedBy.map(({ person, role }) => `${person} (${role})`).join(', ');
  printText(
    [
      `${data.plan}  revision ${data.revision}  ${data.state}`,
      data.planHash,
      `approved by ${approved === '' ? '-' : approved}`,
      ...(data.approvals.returnedBy.length === 0 ? [] : [`returned by ${data.approvals.returnedBy.join(', ')}`]),
      `rehearsals: ${passed} passed of ${data.rehearsals.length}`,
      judged.startable ? 'may start now' : 'may not start now:',
      ...standing(judged, language),
    ].join('\n'),
  );
}

/** What stands in the way of a start, a line each. */
export function standing({ readiness, findings }: Schemas['RunJudged'], language: Language): string[] {
  const rules = readiness.findings.filter(({ severity, unknown }) => severity === 'error' || unknown);
  const known = new Set<string>(rules.map(({ rule }) => rule));
  const own = findings.filter(({ rule, severity }) => severity === 'error' && !known.has(rule));
  return [
    ...rules.map(
      ({ rule, path, message, class: kind }) =>
        `  ${rule} ${path}: ${message[language]}${kind === 'waivable' ? '' : ' !'}`,
    ),
    ...own.map(({ rule }) => `  ${rule}: ${gateWords[rule]?.[language] ?? rule}`),
  ];
}

/** The gate's own rules, which no finding of a plan has words for. */
const gateWords: Readonly<Record<string, Readonly<Record<Language, string>>>> = {
  'starts.forbidden': {
    ko: '새 시작이 금지되어 있습니다. 두 사람이 다시 허용해야 합니다: ./breakwater starts 를 보십시오.',
    en: 'starts are forbidden until two persons allow them again: see ./breakwater starts',
  },
  'window.not-open': {
    ko: '예고한 작업 시간이 아직 시작되지 않았습니다. 시작 시각 이후에 다시 실행하십시오.',
    en: 'the announced window has not begun: run it again once it has',
  },
};
