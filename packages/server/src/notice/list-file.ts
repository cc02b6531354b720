/** Reading recipients from a file as it comes in: CSV, or one address a line. */
import { pipeline, Transform, type Readable } from 'node:stream';
import { parse, CsvError, type Info } from 'csv-parse';
import { BreakwaterError } from '@breakwater/rules';
import type { ListLine } from './loading.ts';

/** Longest line that is read, bytes. */
const longestLine = 64 * 1024;

/**
 * The addresses of a file, with their lines. The column is the one named, or the first; a first line without a digit and an
 * at-sign is a header. Fields may be quoted, end in LF or CRLF, and be separated by commas, semicolons or tabs.
 *
 * Throws BreakwaterError `list.encoding`, `list.column`, `list.csv` with the line.
 */
export async function* readList(body: Readable, column: string | null): AsyncGenerator<ListLine> {
  const records = parse({
    bom: true,
    info: true,
    delimiter: [',', ';', '\t'],
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    max_record_size: longestLine,
    trim: true,
  });
  // An error of the source reaches the parser, and with it whoever reads here.
  pipeline(body, onlyText(), records, () => undefined);
  let at: number | null = column === null ? 0 : null;
  let isFirst = true;
  try {
    for await (const { record, info } of records as AsyncIterable<{ record: string[]; info: Info }>) {
      if (isFirst) {
        isFirst = false;
        if (at === null) {
          at = placeOf(record, column ?? '');
          continue;
        }
        if (isHeader(record[at] ?? '')) continue;
      }
      yield { line: info.lines, text: record[at ?? 0] ?? '' };
    }
  } catch (error) {
    throw error instanceof CsvError ? faultOf(error) : error;
  }
}

function placeOf(header: readonly string[], column: string): number {
  const place = header.indexOf(column);
  if (place !== -1) return place;
  throw new BreakwaterError(
    'list.column',
    `line 1 of the list has no column ${JSON.stringify(column)}: its first line names the columns`,
    'column',
  );
}

const isHeader = (text: string): boolean => !/[\d@\uff10-\uff19]/.test(text);

function faultOf(error: CsvError): BreakwaterError {
  const line = typeof error['lines'] === 'number' ? ` at line ${error['lines']}` : '';
  return new BreakwaterError('list.csv', `the list breaks CSV${line} (${error.code})`, 'recipients');
}

/** Passes octets on and says so at once when they are UTF-16, which spreadsheets call Unicode text: read as it stands, no line of it is a number. */
function onlyText(): Transform {
  let isFirst = true;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const isUtf16 =
        isFirst && chunk.length > 1 && (chunk.readUInt16BE(0) === 0xfeff || chunk.readUInt16BE(0) === 0xfffe);
      isFirst = false;
      if (!isUtf16 && !chunk.includes(0)) return done(null, chunk);
      done(
        new BreakwaterError(
          'list.encoding',
          'the list is UTF-16 or no text: save it as CSV in UTF-8 or EUC-KR and send it again',
          'recipients',
        ),
      );
    },
  });
}
