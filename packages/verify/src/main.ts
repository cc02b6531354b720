#!/usr/bin/env node
/**
 * The verifier by itself: `node packages/verify/src/main.ts DOSSIER --policy FILE`, with this package and `rules` and
 * nothing else of Breakwater. The same words and exit codes as `breakwater verify`.
 */
import { openSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { BreakwaterError } from '@breakwater/rules';
import { containerLimits, exitCodeOf, reportOf, verifyDossier } from './index.ts';

const usage = `usage: breakwater-verify DOSSIER --policy FILE [--keys FILE] [--tsa-roots FILE] [--json]

  --policy FILE     keys of the log and its witnesses (C2SP tlog-policy)
  --keys FILE       keys of approvers and hosts (breakwater.keys/1)
  --tsa-roots FILE  certificates of time-stamping authorities (PEM)
  --json            print exactly one JSON document

Obtain these files elsewhere than from the dossier. Exit code: 0 all passed, 1 something failed, 2 wrong use,
3 something could not be checked.
`;

const options = {
  policy: { type: 'string' },
  keys: { type: 'string' },
  'tsa-roots': { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

async function main(argv: readonly string[]): Promise<number> {
  try {
    const { values, positionals } = parseArgs({ args: [...argv], options, allowPositionals: true });
    if (values.help) {
      process.stdout.write(usage);
      return 0;
    }
    const [file] = positionals;
    if (file === undefined || positionals.length > 1)
      throw new BreakwaterError('usage', 'name one dossier: see --help');
    const verification = await verifyDossier(read(file), {
      policy: textOf(values.policy),
      keys: textOf(values.keys),
      tsaRoots: textOf(values['tsa-roots']),
    });
    process.stdout.write(values.json ? `${JSON.stringify(verification, null, 2)}\n` : `${reportOf(verification)}\n`);
    return exitCodeOf(verification);
  } catch (error) {
    return refuse(error, argv.includes('--json'));
  }
}

function textOf(file: string | undefined): string | null {
  return file === undefined ? null : read(file).toString('utf8');
}

function read(file: string): Buffer {
  try {
    const bytes = readFileSync(openSync(file, 'r'));
    if (bytes.length <= containerLimits.zip) return bytes;
  } catch (error) {
    throw new BreakwaterError(
      'file.unreadable',
      `${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'failed'})`,
      file,
    );
  }
  throw new BreakwaterError('file.too-large', `${file} has more than ${containerLimits.zip} bytes`, file);
}

function refuse(error: unknown, json: boolean): number {
  const { code, message, path } =
    error instanceof BreakwaterError
      ? error
      : { code: 'usage', message: error instanceof Error ? error.message : String(error), path: '' };
  if (json) process.stdout.write(`${JSON.stringify({ error: { code, message, path } }, null, 2)}\n`);
  else process.stderr.write(`breakwater-verify: ${code}${path === '' ? '' : ` at ${path}`}: ${message}\n`);
  return 2;
}

if (import.meta.main) process.exitCode = await main(process.argv.slice(2));
