/** Claims and failed transactions from CSV, row by row: however large the file is, little of it is held at once. */
import { createReadStream } from 'node:fs';
import { BreakwaterError, conform } from '@breakwater/rules';
import { failedTransactionSchema, readFailedTransactions, type FailedTransaction } from '@breakwater/rules/relief';
import { parse, CsvError } from 'csv-parse';
import { z } from 'zod';

const mostBytesOfARow = 64 * 1024;
const chunkRows = 1000;

const whole = z
  .string()
  .regex(/^\d{1,16}$/, { error: 'must be whole won without separators' })
  .transform(Number);
const optional = z.string().transform((text) => (text === '' ? null : text));

const transactionRow = z.strictObject({
  id: z.string(),
  at: z.string(),
  subject: z.string(),
  service: z.string(),
  krw: whole,
  feeKrw: whole,
  reason: optional.optional(),
});

const claimRow = z.strictObject({
  subject: failedTransactionSchema.shape.subject,
  service: z.string().min(1).max(128),
  occurredAt: z.iso.datetime({ offset: true }),
  reference: optional.default(null),
  /** What is claimed at most; empty = not known. */
  amount: z
    .string()
    .regex(/^\d{0,16}$/, { error: 'must be whole won without separators' })
    .transform((text) => (text === '' ? null : Number(text)))
    .default(null),
});
export type ClaimLine = z.infer<typeof claimRow>;

/**
 * Failed transactions in chunks, from a file whose first line is `id,at,subject,service,krw,feeKrw` and may add `reason`.
 * Throws BreakwaterError `csv.*` or `failed-transactions.*` with the line.
 */
export async function* transactionsFromCsv(file: string): AsyncGenerator<FailedTransaction[]> {
  for await (const rows of chunksOf(file, transactionRow, 'failed-transactions')) {
    const transactions = rows.map(({ row }) => row);
    try {
      yield readFailedTransactions({ transactions }).transactions;
    } catch (error) {
      throw atLine(error, rows);
    }
  }
}

/** Claims that consumers filed, in chunks: `subject,service,occurredAt` and perhaps `reference,amount`. Throws as above. */
export async function* claimsFromCsv(file: string): AsyncGenerator<ClaimLine[]> {
  for await (const rows of chunksOf(file, claimRow, 'claims')) yield rows.map(({ row }) => row);
}

type Line<T> = { line: number; row: T };

async function* chunksOf<T>(file: string, shape: z.ZodType<T>, name: string): AsyncGenerator<Line<T>[]> {
  const input = file === '-' ? process.stdin : createReadStream(file);
  const parser = parse({
    bom: true,
    columns: true,
    info: true,
    max_record_size: mostBytesOfARow,
    skip_empty_lines: true,
  });
  input.on('error', (error: Error) => parser.destroy(error));
  input.pipe(parser);
  let chunk: Line<T>[] = [];
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: unknown; info: { lines: number } }>) {
      requireUtf8(record, info.lines);
      chunk.push({ line: info.lines, row: rowOf(record, shape, name, info.lines) });
      if (chunk.length === chunkRows) {
        yield chunk;
        chunk = [];
      }
    }
  } catch (error) {
    throw readable(error, file);
  } finally {
    input.destroy();
  }
  if (chunk.length > 0) yield chunk;
}

function rowOf<T>(record: unknown, shape: z.ZodType<T>, name: string, line: number): T {
  try {
    return conform(shape, record, { name });
  } catch (error) {
    throw error instanceof BreakwaterError
      ? new BreakwaterError(error.code, `line ${line}: ${error.message}`, `line ${line}${error.path}`)
      : error;
  }
}

/** A file of another encoding comes out with replacement characters: it is refused, not guessed. */
function requireUtf8(record: unknown, line: number): void {
  if (JSON.stringify(record).includes('\uFFFD'))
    throw new BreakwaterError(
      'csv.not-utf8',
      `line ${line} is not UTF-8: save the file as "CSV UTF-8"`,
      `line ${line}`,
    );
}

function atLine(error: unknown, rows: readonly Line<unknown>[]): unknown {
  const index = error instanceof BreakwaterError ? /^\/transactions\/(\d+)(.*)$/.exec(error.path) : null;
  const line = rows[Number(index?.[1])]?.line;
  if (!(error instanceof BreakwaterError) || line === undefined) return error;
  return new BreakwaterError(error.code, `line ${line}: ${error.message}`, `line ${line}${index?.[2] ?? ''}`);
}

function readable(error: unknown, file: string): unknown {
  if (error instanceof CsvError)
    return new BreakwaterError('csv.syntax', `${file} is no CSV with a first line of names: ${error.message}`, file);
  if ((error as NodeJS.ErrnoException).code === 'ENOENT')
    return new BreakwaterError('file.not-found', `there is no file ${file}`, file);
  return error;
}
