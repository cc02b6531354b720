/** Comma-separated values (RFC 4180), also with another delimiter. */
import { BreakwaterError } from '../../error.ts';

export interface CsvLimits {
  readonly mostCharacters: number;
  readonly mostRows: number;
  readonly mostColumns: number;
}

export interface CsvRow {
  /** Line on which it begins, from 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

/** Rows of a text; empty lines are none. Throws BreakwaterError `csv.too-large` or `csv.syntax` with `path` = `line:column`. */
export function parseCsv(source: string, delimiter: string, limits: CsvLimits): CsvRow[] {
  if (source.length > limits.mostCharacters) {
    throw new BreakwaterError('csv.too-large', `a file has at most ${limits.mostCharacters} characters`, '1:1');
  }
  const text = source.replace(/^\uFEFF/, '');
  const rows: CsvRow[] = [];
  let cells: string[] = [];
  let line = 1;
  let start = 1;
  let at = 0;
  const endRow = (): void => {
    if (cells.length > 1 || cells[0] !== '') rows.push({ line: start, cells });
    cells = [];
    if (rows.length > limits.mostRows) {
      throw new BreakwaterError('csv.too-large', `a file has at most ${limits.mostRows} rows: divide it`, `${line}:1`);
    }
  };
  while (at < text.length) {
    if (cells.length === 0) start = line;
    let cell = '';
    if (text[at] === '"') {
      const opened = line;
      at += 1;
      for (;;) {
        const close = text.indexOf('"', at);
        if (close < 0) throw new BreakwaterError('csv.syntax', 'a quote is not closed', `${opened}:1`);
        cell += text.slice(at, close);
        at = close + 1;
        if (text[at] !== '"') break;
        cell += '"';
        at += 1;
      }
      line += cell.split('\n').length - 1;
      if (at < text.length && text[at] !== delimiter && text[at] !== '\n' && text[at] !== '\r') {
        throw new BreakwaterError(
          'csv.syntax',
          'a quoted cell ends before something else than a delimiter',
          `${line}:1`,
        );
      }
    } else {
      const from = at;
      while (at < text.length && text[at] !== delimiter && text[at] !== '\n' && text[at] !== '\r') at += 1;
      cell = text.slice(from, at);
    }
    cells.push(cell.trim());
    if (cells.length > limits.mostColumns) {
      throw new BreakwaterError('csv.too-large', `a row has at most ${limits.mostColumns} columns`, `${line}:1`);
    }
    if (text[at] === delimiter) {
      at += 1;
      if (at === text.length) cells.push('');
      continue;
    }
    if (text[at] === '\r') at += 1;
    if (text[at] === '\n') at += 1;
    endRow();
    line += 1;
  }
  if (cells.length > 0) endRow();
  return rows;
}
