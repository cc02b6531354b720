import { harmless, harmlessJson } from '@breakwater/rules/containment';
import type { Client } from '@breakwater/client';
import type { Command } from 'commander';
import { printRows, printText, withExamples, withJson } from '../frame.ts';
import { localServer } from '../server.ts';

type ListOptions = { run?: string; after?: string; json?: boolean };

/** Findings of one answer of the server. */
export type Listed = NonNullable<Awaited<ReturnType<typeof page>>>['findings'][number];

/** `finding list`. */
export function defineList(finding: Command): void {
  const command = withJson(
    finding
      .command('list')
      .description('Findings with their states over all runs. Those of the restricted group are not among them.')
      .option('--run <id>', 'seen in one run')
      .option('--after <fingerprint>', 'go on after this finding')
      .action(list),
  );
  withExamples(command, [['./breakwater finding list --run 0190…', 'what a test found, each once']]);
}

async function list({ run, after, json }: ListOptions): Promise<void> {
  const data = await page(localServer(), run, after, 1000);
  if (json === true) return printText(harmlessJson(data, 2));
  printRows(
    [...data.findings.map(spell), ...(data.next === null ? [] : [`계속 · more: --after ${data.next}`])],
    '발견된 취약점이 없습니다 · no finding to show',
  );
}

/** Every finding that may be shown, page by page. */
export async function allFindings(run: string | undefined): Promise<Listed[]> {
  const server = localServer();
  const found: Listed[] = [];
  for (let after: string | undefined; ;) {
    const { findings, next } = await page(server, run, after, 1000);
    found.push(...findings);
    if (next === null) return found;
    after = next;
  }
}

async function page(server: Client, run: string | undefined, after: string | undefined, limit: number) {
  const query = { limit, ...(run === undefined ? {} : { run }), ...(after === undefined ? {} : { after }) };
  const { data } = await server.GET('/findings', { params: { query } });
  if (data === undefined) throw new Error('the server answered without content');
  return data;
}

/** A finding in two lines. What tools wrote is made harmless for a terminal. */
export function spell({
  fingerprint,
  severity,
  history,
  asset,
  protocol,
  port,
  path,
  title,
  seenBy,
  cves,
}: Listed): string {
  const place = `${asset} ${protocol}${port === null ? '' : `/${port}`}${path === null ? '' : ` ${path}`}`;
  const { ko, en } = states[history.state];
  const tools = [...new Set(seenBy.map(({ tool }) => harmless(tool)))].join(', ');
  const grade = severity.level ?? '등급 없음 ungraded';
  return `${fingerprint}  ${ko} ${en}  ${grade}  ${place}\n    ${[...cves, harmless(title)].join(' ')}  (${tools})`;
}

const states = {
  new: { ko: '신규', en: 'new' },
  persistent: { ko: '지속', en: 'persistent' },
  remediated: { ko: '조치됨', en: 'remediated' },
  regressed: { ko: '재발', en: 'regressed' },
} as const;
