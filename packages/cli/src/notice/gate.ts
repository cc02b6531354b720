import type { Command } from 'commander';
import { exit, finish, printJson, printText, withExamples, withJson } from '../frame.ts';
import { localServer } from '../server.ts';

/** `notice gate PLAN`. */
export function defineGate(notice: Command): void {
  const command = withJson(
    notice
      .command('gate')
      .description(
        'Whether a work may start as far as its notices go, by what arrived and when: exit 0 met, 1 not met, 3 not known yet.',
      )
      .argument('<plan>', 'the work plan')
      .action(gate),
  );
  withExamples(command, [
    [
      './breakwater notice gate transfer-openssl-2026-11',
      'website, coverage, lead time and progress, each with its numbers',
    ],
  ]);
}

const marks = { met: '충족 · met', 'not-met': '미충족 · not met', unknown: '미확인 · unknown' } as const;
const codes = { met: exit.done, 'not-met': exit.no, unknown: exit.notChecked } as const;

async function gate(plan: string, { json }: { json?: boolean }): Promise<void> {
  const { data } = await localServer().GET('/notices/gate', { params: { query: { plan } } });
  if (data === undefined) throw new Error('the server answered without content');
  if (json === true) printJson(data);
  else {
    printText(
      [
        ...data.findings.flatMap(({ what, status, words }) => [
          `${marks[status]}  ${what}`,
          `    ${words.ko}`,
          `    ${words.en}`,
        ]),
        marks[data.status],
      ].join('\n'),
    );
  }
  finish(codes[data.status]);
}
