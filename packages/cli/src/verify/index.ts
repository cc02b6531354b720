/** `verify`: checks a dossier offline. Loads neither the server nor anything of it, unless asked to render the PDF again. */
import { BreakwaterError } from '@breakwater/rules';
import { type Verification, containerLimits, exitCodeOf, reportOf, verifyDossier } from '@breakwater/verify';
import type { Command } from 'commander';
import { finish, printJson, printText, readBinaryFile, readTextFile, withExamples, withJson } from '../frame.ts';

type Asked = { policy?: string; keys?: string; tsaRoots?: string; render?: boolean; json?: boolean };

const TRUST_BYTES = 8 * 1024 * 1024;

/** Adds `verify` to the program. */
export function verifyCommands(program: Command): void {
  const command = withJson(
    program
      .command('verify')
      .description(
        'Verify a dossier offline: container, seal, log, records, facts, assessment, approvals. Obtain policy and keys elsewhere than from the dossier.',
      )
      .argument('<dossier>', 'dossier (.zip)')
      .option('--policy <file>', 'keys of the log and its witnesses, and the quorum (C2SP tlog-policy)')
      .option('--keys <file>', 'keys of approvers and hosts (breakwater.keys/1)')
      .option('--tsa-roots <file>', 'certificates of time-stamping authorities (PEM)')
      .option('--render', 'also render the PDF again and compare its bytes; needs the whole of Breakwater')
      .action(verify),
  );
  withExamples(command, [
    [
      './breakwater verify dossier.zip --policy policy.txt --keys keys.json',
      'exit 0 passed, 1 failed, 3 not all could be checked',
    ],
    ['./breakwater verify dossier.zip --policy policy.txt --json', 'one JSON document with every check'],
  ]);
}

async function verify(file: string, asked: Asked): Promise<void> {
  const bytes = await readBinaryFile(file, containerLimits.zip);
  const trust = {
    policy: await textOf(asked.policy),
    keys: await textOf(asked.keys),
    tsaRoots: await textOf(asked.tsaRoots),
  };
  const checked = await verifyDossier(bytes, trust).catch((error: unknown) => Promise.reject(inItsFile(error, asked)));
  const verification = asked.render === true ? await withRendering(checked, bytes) : checked;
  if (asked.json === true) printJson(verification);
  else printText(reportOf(verification));
  finish(exitCodeOf(verification));
}

async function textOf(file: string | undefined): Promise<string | null> {
  return file === undefined ? null : readTextFile(file, TRUST_BYTES);
}

/** The files that the codes of `verifyDossier` are about. */
const fileOf: Readonly<Record<string, keyof Asked>> = { policy: 'policy', keys: 'keys', timestamp: 'tsaRoots' };

function inItsFile(error: unknown, asked: Asked): unknown {
  if (!(error instanceof BreakwaterError)) return error;
  const file = asked[fileOf[error.code.split('.')[0] ?? ''] ?? 'policy'];
  return new BreakwaterError(
    error.code,
    error.message,
    error.path === '' ? String(file) : `${String(file)}:${error.path}`,
  );
}

async function withRendering(verification: Verification, bytes: Uint8Array): Promise<Verification> {
  const { checkRendering } = await import('../review/render.ts');
  return checkRendering(verification, bytes);
}
