import { BreakwaterError } from '@breakwater/rules';
import {
  checkScope,
  parseScope,
  widens,
  wideningText,
  type Scope,
  type ScopeFinding,
} from '@breakwater/rules/containment';
import type { Command } from 'commander';
import { exit, finish, printJson, printText, readTextFile, withExamples, withJson } from '../frame.ts';

export const mostScopeBytes = 1024 * 1024;
/** Warnings that a start says by itself. */
const mostSaid = 10;

/** Adds `cage scope check` and `cage scope diff`, and gives the `cage scope` that they belong to. */
export function addScopeCommands(cage: Command): Command {
  const scope = cage.command('scope').description('Look at scopes before anybody signs them.');
  const check = withJson(
    scope
      .command('check')
      .description('Say what a careful person would not sign: exit 0 nothing, 1 an error, 2 not a scope.')
      .argument('<file>', 'scope as JSON or YAML, - for standard input')
      .option('--now <time>', 'the present, RFC 3339; default: the clock of this machine'),
  ).action(checkFile);
  withExamples(check, [['./breakwater cage scope check scope.yaml', 'which target is lost, too wide or unauthorised']]);
  const diff = withJson(
    scope
      .command('diff')
      .description('Say what a later scope permits that an earlier one did not: exit 0 nothing, 1 it widens.')
      .argument('<old>', 'the scope as it was signed')
      .argument('<new>', 'the scope as it is to be'),
  ).action(diffFiles);
  withExamples(diff, [
    ['./breakwater cage scope diff signed.yaml new.yaml', 'a widening needs two approvals, a narrowing one'],
  ]);
  return scope;
}

/**
 * Reads a scope that a cage may be opened with. Throws BreakwaterError `document.*` or `scope.*` for what is no scope, and
 * `scope.<rule>` for the first error that {@link checkScope} finds; its warnings are said on stderr. Whether the window is
 * over is for the cage to say.
 */
export async function readSoundScope(file: string): Promise<Scope> {
  const scope = await readScope(file);
  const findings = checkScope(scope, { now: null });
  const fault = findings.find(({ severity }) => severity === 'error');
  if (fault === undefined) {
    for (const { path, message } of findings.slice(0, mostSaid))
      process.stderr.write(`warning: ${path}: ${message.en}\n`);
    const more = findings.length - mostSaid;
    if (more > 0) process.stderr.write(`warning: ${more} more are told by cage scope check\n`);
    return scope;
  }
  throw new BreakwaterError(`scope.${fault.rule.replace('.', '-')}`, `${fault.path}: ${fault.message.en}`, fault.path);
}

async function readScope(file: string): Promise<Scope> {
  return parseScope(await readTextFile(file, mostScopeBytes));
}

async function checkFile(file: string, { now, json }: { now?: string; json?: boolean }): Promise<void> {
  if (now !== undefined && Number.isNaN(Date.parse(now))) {
    throw new BreakwaterError('usage.time', `--now ${now} is no time: write RFC 3339 with offset`, '--now');
  }
  const findings = checkScope(await readScope(file), { now: now ?? new Date().toISOString() });
  const isSound = findings.every(({ severity }) => severity !== 'error');
  if (json === true) printJson({ schema: 'breakwater.scope-check/1', ok: isSound, findings });
  else printText(findings.length === 0 ? '지적 사항 없음 · nothing found' : findings.map(lines).join('\n'));
  finish(isSound ? exit.done : exit.no);
}

function lines({ rule, severity, path, message }: ScopeFinding): string {
  const label = severity === 'error' ? '오류 error' : '경고 warning';
  return `${label}  ${rule}  ${path}\n    ${message.ko}\n    ${message.en}`;
}

async function diffFiles(before: string, after: string, { json }: { json?: boolean }): Promise<void> {
  const widenings = widens(await readScope(before), await readScope(after));
  const approvals = widenings.length > 0 ? 2 : 1;
  if (json === true) {
    const told = widenings.map((widening) => ({ ...widening, message: wideningText(widening) }));
    printJson({ schema: 'breakwater.scope-diff/1', widens: widenings.length > 0, approvals, widenings: told });
  } else {
    const said = widenings.map((one) => `+ ${wideningText(one).ko}\n  ${wideningText(one).en}`);
    const verdict =
      widenings.length > 0
        ? '범위가 넓어집니다. 두 사람의 승인이 필요합니다. · wider: two approvals are needed'
        : '범위가 넓어지지 않습니다. 한 사람의 승인으로 충분합니다. · not wider: one approval is enough';
    printText([...said, verdict].join('\n'));
  }
  finish(widenings.length > 0 ? exit.no : exit.done);
}
