import { readDocument } from '@breakwater/rules';
import { readFailedTransactions } from '@breakwater/rules/relief';
import type { Command } from 'commander';
import { printJson, printText, readTextFile, withExamples, withJson } from '../frame.ts';
import { localServer } from '../server.ts';

/** Largest export that is read. */
const limits = { maxBytes: 32 * 1024 * 1024, maxDepth: 8, maxNodes: 2_000_000 };

/** `claim import FILE`. */
export function defineImport(claim: Command): void {
  const command = withJson(
    claim
      .command('import')
      .description(
        'Open a proactive claim for each failed transaction of a run; a transaction that has one is passed over.',
      )
      .argument(
        '<file>',
        'JSON {"transactions": [{"id", "at", "subject", "service", "krw", "feeKrw"}]}, - for standard input',
      )
      .requiredOption('--run <id>', 'the run in which they failed')
      .requiredOption('--by <person>', 'who opens them: a pseudonym such as p-07')
      .option(
        '--complete',
        'these are all failed transactions of the run: with none, damage to customers is nothing rather than unknown',
      )
      .action(importClaims),
  );
  withExamples(command, [
    [
      './breakwater claim import failed.json --run 0190… --by p-07 --complete',
      'subjects are pseudonyms, never names or telephone numbers',
    ],
  ]);
}

async function importClaims(
  file: string,
  { run, by, complete, json }: { run: string; by: string; complete?: boolean; json?: boolean },
): Promise<void> {
  const { transactions } = readFailedTransactions(
    readDocument(await readTextFile(file, limits.maxBytes), limits, 'json').value,
  );
  const { data } = await localServer().POST('/claims/import', {
    body: { run, by, complete: complete === true, transactions },
  });
  if (data === undefined) throw new Error('the server answered without content');
  if (json === true) return printJson(data);
  printText(
    `접수 ${data.opened}건, 이미 접수됨 ${data.repeated}건 · opened ${data.opened}, there already ${data.repeated}`,
  );
}
