/** Where a list of recipients comes from: a file, standard input, or a query. It goes to the server as it is read. */
import { createReadStream } from 'node:fs';
import { Readable, Transform } from 'node:stream';
import { BreakwaterError } from '@breakwater/rules';
import { queryLines } from '@breakwater/server/notice/list';
import type { Command } from 'commander';
import { readTextFile, type Progress } from '../frame.ts';

export type ListOptions = { recipients?: string; query?: string; databaseFile?: string; column?: string };

const mostQueryBytes = 64 * 1024;

/** Adds the options of a list to a command. */
export function withList(command: Command): Command {
  return command
    .option(
      '--recipients <file>',
      'CSV in UTF-8 or EUC-KR, one mobile number (or token, with a token gateway) a line; - for standard input',
    )
    .option('--column <name>', 'the column of the numbers; left out: the first')
    .option(
      '--query <file>',
      'SQL whose first column is the list, read by a cursor from the database of --database-file',
    )
    .option('--database-file <file>', 'file with the URL of that database: postgres:// or mysql://, with its password');
}

/** The list as octets; null when no option names one. Throws BreakwaterError for options that do not go together. */
export async function openList(options: ListOptions, progress: Progress): Promise<ReadableStream<Uint8Array> | null> {
  const { recipients, query, databaseFile } = options;
  if (recipients !== undefined && query !== undefined) {
    throw new BreakwaterError('usage.list', 'give --recipients or --query, not both', '--query');
  }
  if ((query === undefined) !== (databaseFile === undefined)) {
    throw new BreakwaterError('usage.list', '--query and --database-file go together', '--database-file');
  }
  if (recipients === undefined && query === undefined) return null;
  const source =
    query === undefined || databaseFile === undefined
      ? fileOf(recipients ?? '-')
      : Readable.from(
          queryLines(
            (await readTextFile(databaseFile, mostQueryBytes)).trim(),
            await readTextFile(query, mostQueryBytes),
          ),
        );
  let bytes = 0;
  const counted = new Transform({
    transform(chunk: Buffer | string, _encoding, done) {
      bytes += chunk.length;
      progress.update(`${(bytes / 1e6).toFixed(1)} MB …`);
      done(null, typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
    },
  });
  source.on('error', (error) => counted.destroy(error));
  return Readable.toWeb(source.pipe(counted)) as ReadableStream<Uint8Array>;
}

function fileOf(file: string): Readable {
  if (file === '-') return process.stdin;
  const stream = createReadStream(file);
  stream.on('error', () => undefined);
  return stream;
}

/** How a stream is given to the client: as it is, and sent while it is read. */
export const asStream = {
  headers: { 'content-type': 'text/csv' },
  duplex: 'half',
  bodySerializer: (body: unknown) => body as ReadableStream<Uint8Array>,
} as const;
