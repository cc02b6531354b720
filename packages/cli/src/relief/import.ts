import { createHash } from 'node:crypto';
import { readDocument } from '@breakwater/rules';
import { readFailedTransactions } from '@breakwater/rules/relief';
import type { Command } from 'commander';
import { printJson, printText, readTextFile, withExamples, withJson } from '../frame.ts';
import { localServer } from '../server.ts';
import { claimsFromCsv, transactionsFromCsv } from './read-csv.ts';

/** Largest export in JSON that is read. */
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
        'CSV with the first line id,at,subject,service,krw,feeKrw (name ends in .csv, any size), or JSON {"transactions": [{"id", "at", "subject", "service", "krw", "feeKrw"}]}; - for standard input (JSON, or CSV with --csv)',
      )
      .requiredOption('--run <id>', 'the run in which they failed')
      .requiredOption('--by <person>', 'who opens them: a pseudonym such as p-07')
      .option(
        '--complete',
        'these are all failed transactions of the run: with none, damage to customers is nothing rather than unknown',
      )
      .option('--csv', 'the file is CSV whatever its name')
      .action(importClaims),
  );
  withExamples(command, [
    [
      './breakwater claim import failed.json --run 0190… --by p-07 --complete',
      'subjects are pseudonyms, never names or telephone numbers',
    ],
    ['./breakwater claim import failed.csv --run 0190… --by p-07', 'row by row, in parts of a thousand'],
  ]);
}

type Import = { run: string; by: string; complete?: boolean; csv?: boolean; json?: boolean };

async function importClaims(file: string, { run, by, complete, csv, json }: Import): Promise<void> {
  const parts = csv === true || file.endsWith('.csv') ? transactionsFromCsv(file) : [await transactionsFromJson(file)];
  const total = { opened: 0, repeated: 0, outside: 0 };
  const add = async (
    transactions: Awaited<ReturnType<typeof transactionsFromJson>>,
    isLast: boolean,
  ): Promise<void> => {
    const { data } = await localServer().POST('/claims/import', { body: { run, by, complete: isLast, transactions } });
    if (data === undefined) throw new Error('the server answered without content');
    for (const key of ['opened', 'repeated', 'outside'] as const) total[key] += data[key];
  };
  let sent = 0;
  for await (const part of parts) {
    await add(part, false);
    sent += part.length;
    if (json !== true && process.stderr.isTTY) process.stderr.write(`\r${sent.toLocaleString('en-US')}건 · rows`);
  }
  if (complete === true) await add([], true);
  if (json === true) return printJson(total);
  printText(
    `접수 ${total.opened}건, 이미 접수됨 ${total.repeated}건 · opened ${total.opened}, there already ${total.repeated}`,
  );
}

async function transactionsFromJson(file: string) {
  const { value } = readDocument(await readTextFile(file, limits.maxBytes), limits, 'json');
  return readFailedTransactions(value).transactions;
}

/** `claim file FILE`. */
export function defineFile(claim: Command): void {
  const command = withJson(
    claim
      .command('file')
      .description(
        'Take claims that consumers filed elsewhere, such as at branches, from CSV. The same file again files nothing twice.',
      )
      .argument(
        '<file>',
        'CSV with the first line subject,service,occurredAt and perhaps reference,amount; - for standard input',
      )
      .option('--run <id>', 'the run they belong to; left out: found by service and time')
      .requiredOption('--by <person>', 'who takes them: a pseudonym such as p-07')
      .action(fileClaims),
  );
  withExamples(command, [
    [
      './breakwater claim file branches.csv --by p-07',
      'a pseudonym, a service, when; the transaction and the amount if known',
    ],
  ]);
}

/** Claims that are on their way at once. */
const atOnce = 8;

async function fileClaims(
  file: string,
  { run, by, json }: { run?: string; by: string; json?: boolean },
): Promise<void> {
  const client = localServer();
  const total = { filed: 0, merged: 0 };
  for await (const part of claimsFromCsv(file)) {
    for (let from = 0; from < part.length; from += atOnce) {
      const answers = await Promise.all(
        part.slice(from, from + atOnce).map(async ({ amount, ...line }) => {
          // The same line of the same bank is the same claim, however often the file is sent.
          const key = createHash('sha256')
            .update(JSON.stringify([run ?? null, amount, line]))
            .digest('hex');
          const range = amount === null ? null : { low: 0, high: amount };
          const body = { ...line, run: run ?? null, amount: range, by };
          return client.POST('/claims', { body: { ...body, once: key } });
        }),
      );
      for (const { data } of answers) total[data?.merged === true ? 'merged' : 'filed'] += 1;
    }
  }
  if (json === true) return printJson(total);
  printText(
    `접수 ${total.filed}건, 이미 접수됨 ${total.merged}건 · filed ${total.filed}, there already ${total.merged}`,
  );
}
