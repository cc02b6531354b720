import { BreakwaterError, lintNotice, readDocument } from '@breakwater/rules';
import { fixNotice, readNotice, type NoticeFinding, type TextFix } from '@breakwater/rules/notice';
import type { Command } from 'commander';
import { mendFile } from './mend.ts';
import { exit, finish, printJson, printText, readTextFile, withExamples, withJson } from '../frame.ts';

/** Largest notice that is read, bytes. */
const mostBytes = 256 * 1024;

/** `notice lint FILE`. */
export function defineLint(notice: Command): void {
  const command = withJson(
    notice
      .command('lint')
      .description('Hold a notice against every rule: exit 0 fit to be published, 1 not, 2 no notice. Needs no server.')
      .argument('<file>', 'notice (breakwater.notice/1) in YAML or JSON, - for standard input')
      .option('--as-of <time>', 'judge as of this time (RFC 3339) instead of now')
      .option(
        '--fix',
        'first replace characters of the text message that handsets do not show, where the right one is certain, in the file itself',
      )
      .action(lint),
  );
  withExamples(command, [
    ['./breakwater notice lint notice.yaml', 'what keeps it from being published, and what to weigh'],
    ['./breakwater notice lint notice.yaml --fix', 'the same after – became -, ₩ became 원, and so on'],
    ['./breakwater notice lint notice.json --json', 'the same for a script: {"ok", "sms", "findings"}'],
  ]);
}

/** A notice as it stands in a file, with the places of its parts. Throws BreakwaterError. */
export async function readNoticeFile(file: string): Promise<ReturnType<typeof readDocument>> {
  const text = await readTextFile(file, mostBytes);
  return readDocument(text, { maxBytes: mostBytes }, file.toLowerCase().endsWith('.json') ? 'json' : 'yaml');
}

type LintOptions = { asOf?: string; fix?: boolean; json?: boolean };

async function lint(file: string, { asOf, fix, json }: LintOptions): Promise<void> {
  const now = asOf ?? new Date().toISOString();
  if (!/^\d{4}-\d{2}-\d{2}T[\d:.]+(?:Z|[+-]\d{2}:\d{2})$/.test(now) || Number.isNaN(Date.parse(now))) {
    throw new BreakwaterError(
      'usage.as-of',
      `${JSON.stringify(now)} is no time: write 2026-11-29T01:00:00+09:00`,
      '--as-of',
    );
  }
  const fixes = fix === true ? await mended(file) : [];
  const document = await readNoticeFile(file);
  const result = lintNotice(document.value, now, (pointer) => document.place(pointer));
  if (json === true) {
    printJson(fix === true ? { ...result, fixes } : result);
  } else {
    const { sms, findings, ok } = result;
    const lines = findings
      .toSorted((a, b) => a.severity.localeCompare(b.severity))
      .flatMap((finding) => spell(finding, document.place(finding.path)));
    const errors = findings.filter(({ severity }) => severity === 'error').length;
    printText(
      [
        ...fixes.map(spellFix),
        ...lines,
        `${ok ? '게시할 수 있음 · fit to be published' : '게시할 수 없음 · not fit to be published'}: 오류 ${errors}, 경고 ${findings.length - errors} · 문자 ${sms.type} ${sms.bytes}바이트`,
      ].join('\n'),
    );
  }
  finish(result.ok ? exit.done : exit.no);
}

/** Mends the file where there is something to mend. */
async function mended(file: string): Promise<TextFix[]> {
  if (file === '-') {
    throw new BreakwaterError('usage.fix', 'standard input cannot be mended: name a file', '--fix');
  }
  const document = await readNoticeFile(file);
  const { notice, fixes } = fixNotice(readNotice(document.value, (pointer) => document.place(pointer)));
  if (fixes.length > 0) await mendFile(file, ['texts', 'sms'], notice.texts.sms ?? '');
  return fixes;
}

function spellFix({ from, to, count }: TextFix): string {
  const points = Array.from(
    from,
    (one) => `U+${(one.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`,
  );
  const became = to === '' ? '삭제 · removed' : `→ ${JSON.stringify(to)}`;
  return `고침 mended  ${points.join(' ')} ${became} (${count})`;
}

function spell({ rule, severity, path, message }: NoticeFinding, place: string): string[] {
  return [
    `${severity === 'error' ? '오류 error' : '경고 warning'}  ${rule}  ${path} (${place})`,
    `    ${message.ko}`,
    `    ${message.en}`,
    '',
  ];
}
