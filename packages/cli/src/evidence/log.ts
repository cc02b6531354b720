import { ServerAway } from '@breakwater/client';
import { type LogStatus, logPolicy, logStatus, renewKey, renewOrigin } from '@breakwater/server/evidence';
import type { Command } from 'commander';
import { exit, finish, printJson, printText, withExamples, withJson } from '../frame.ts';
import { localServer, onThisMachine, readConfig } from '../server.ts';

type Json = { json?: true };

/** Adds `status`, `policy`, `new-key` and `new-origin`. */
export function defineLog(evidence: Command): void {
  const status = evidence
    .command('status')
    .description(
      'Check that the log continues what was signed, and show its size and keys. Exit 1 when it may not be signed.',
    );
  withExamples(withJson(status), [
    ['./breakwater evidence status', 'asks the server that runs here; without one it looks into the database itself'],
  ]).action(async (options: Json) => {
    const found = (await statusOfServer()) ?? (await onThisMachine(logStatus(readConfig())));
    if (options.json === true) printJson({ schema: 'breakwater.log-status/1', ...found });
    else printText(describe(found));
    finish(found.refusal === null ? exit.done : exit.no);
  });

  const policy = evidence
    .command('policy')
    .description(
      'Print the policy (C2SP tlog-policy) by which others verify this log: hand it over apart from any dossier.',
    )
    .option(
      '--quorum <number>',
      'cosignatures that a checkpoint needs: none, any, all or a number; default: evidence.quorum of the settings',
    );
  withExamples(withJson(policy), [
    ['./breakwater evidence policy > log.policy', 'for `breakwater verify --policy`'],
  ]).action((options: Json & { quorum?: string }) => {
    const text = logPolicy(readConfig(), options.quorum);
    if (options.json === true) printJson({ schema: 'breakwater.log-policy/1', policy: text });
    else printText(text);
  });

  const newKey = evidence
    .command('new-key')
    .description('Give the log a new key. The present one names it in a record, so that verifiers can follow.')
    .requiredOption('--by <person>', 'pseudonym of who does it, such as p-17');
  withExamples(withJson(newKey), [['./breakwater evidence new-key --by p-17', 'with the server stopped']]).action(
    async (options: Json & { by: string }) => {
      const vkey = await onThisMachine(renewKey(readConfig(), { by: options.by }));
      announce(vkey, options, 'The log signs with a new key from its next start. Verifiers need it in their policy:');
    },
  );

  const newOrigin = evidence
    .command('new-origin')
    .description(
      'After a restore that made the log smaller: open the origin that the settings now name (evidence.origin), which names the old one.',
    )
    .requiredOption('--old <origin>', 'the origin that may not be signed any more')
    .requiredOption('--reason <text>', 'why; names no person and stays in the log for ever')
    .requiredOption('--by <person>', 'pseudonym of who does it, such as p-17');
  withExamples(withJson(newOrigin), [
    [
      'BREAKWATER_EVIDENCE_ORIGIN=bank.example/log-2 ./breakwater evidence new-origin --old bank.example/log --reason "restored the backup of Monday" --by p-17',
      'then keep the setting',
    ],
  ]).action(async (options: Json & { old: string; reason: string; by: string }) => {
    const vkey = await onThisMachine(
      renewOrigin(readConfig(), { oldOrigin: options.old, reason: options.reason, by: options.by }),
    );
    announce(
      vkey,
      options,
      'The new origin is open. Verifiers need its key in their policy, and witnesses must know it:',
    );
  });
}

/** What the server on this machine says of its log; null when none answers. */
async function statusOfServer(): Promise<LogStatus | null> {
  try {
    const { data } = await localServer().GET('/log/status');
    return data ?? null;
  } catch (error) {
    if (error instanceof ServerAway) return null;
    throw error;
  }
}

function announce(vkey: string, options: Json, words: string): void {
  if (options.json === true) printJson({ schema: 'breakwater.log-key/1', vkey });
  else printText(`${words}\n  ${vkey}`);
}

function describe(found: LogStatus): string {
  const kept = found.keptSize === null ? 'none' : `${found.keptSize} leaves`;
  const lines = [
    `origin   ${found.origin}`,
    `key      ${found.vkey}`,
    `log      ${found.size} leaves, ${found.pending} entries waiting`,
    `signed   ${found.signedSize} leaves; kept outside the database: ${kept}`,
    found.refusal === null
      ? 'The log continues what was signed.'
      : `Not signed: ${found.refusal.code}: ${found.refusal.message}`,
  ];
  return lines.join('\n');
}
