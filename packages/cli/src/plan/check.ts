import { checkPlan, parsePlanContext, planRules, type PlanFinding, type Readiness } from '@breakwater/rules/plan';
import type { Command } from 'commander';
import { exit, finish, printJson, printText, readTextFile, withExamples, withJson } from '../frame.ts';
import { formatOf, mostBytes, readPlanFile } from './read-plan.ts';

/** `plan check FILE`. */
export function defineCheck(plan: Command): void {
  const command = withJson(
    plan
      .command('check')
      .description('Hold a work plan against every rule of readiness: exit 0 ready, 1 not ready, 2 not a plan.')
      .argument('<file>', 'plan in YAML or JSON, - for standard input')
      .option(
        '--context <file>',
        'what is known around it (breakwater.plan-context/1): time, rehearsals, approvals, notices, policy',
      )
      .action(check),
  );
  withExamples(command, [
    ['./breakwater plan check plan.yaml', 'what the plan alone can be judged by; what is unknown stays a warning'],
    ['./breakwater plan check plan.yaml --context context.yaml --json', 'with the facts around it, for a script'],
  ]);
}

async function check(file: string, { context, json }: { context?: string; json?: boolean }): Promise<void> {
  const { document, place } = await readPlanFile(file);
  const known =
    context === undefined ? undefined : parsePlanContext(await readTextFile(context, mostBytes), formatOf(context));
  const readiness = checkPlan(document, known);
  if (json === true) printJson(readiness);
  else printText(spell(readiness, place));
  finish(readiness.ready ? exit.done : exit.no);
}

/** The readiness for people: each finding with its rule, place, remedy in both languages, and source. */
export function spell({ ready, planHash, findings }: Readiness, place: (pointer: string) => string): string {
  const count = (is: (finding: PlanFinding) => boolean): number => findings.filter(is).length;
  const errors = count(({ severity }) => severity === 'error');
  const unknown = count(({ unknown: open }) => open);
  const warnings = findings.length - errors - unknown;
  return [
    ...findings.toSorted((a, b) => weight(a) - weight(b)).flatMap((finding) => [...lines(finding, place), '']),
    `${ready ? '준비됨 · ready' : '준비되지 않음 · not ready'}: 오류 ${errors}, 경고 ${warnings}, 미확인 ${unknown} · ${errors} errors, ${warnings} warnings, ${unknown} unknown`,
    `plan ${planHash}`,
  ].join('\n');
}

/** Errors first, what is unknown last. */
const weight = ({ severity, unknown }: PlanFinding): number => (severity === 'error' ? 0 : unknown ? 2 : 1);

function lines(finding: PlanFinding, place: (pointer: string) => string): string[] {
  const { rule, path, message, source, waived } = finding;
  const clause = source.clause ?? '조항 미확인 · clause not read';
  return [
    `${label(finding)}  ${rule}  ${planRules[rule].title.ko}  ${path === '' ? '' : `${path} `}(${place(path)})`,
    `    ${message.ko}`,
    `    ${message.en}`,
    ...(waived === undefined ? [] : [`    ${waived.person}: ${waived.reason}`]),
    `    ${source.document}, ${source.date}, ${clause}`,
  ];
}

function label({ severity, unknown, waived, class: kind }: PlanFinding): string {
  if (waived !== undefined) return '! 예외(책임자 기록) · waived';
  if (unknown) return '? 미확인 · unknown';
  if (severity === 'warning') return '! 경고 · warning';
  return kind === 'never' ? 'X 오류(예외 불가) · error, never waived' : 'X 오류 · error';
}
