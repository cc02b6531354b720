/** What one benchmark reports: figures of one run on one machine, beside a peer or a limit measured in the same run. */
export interface BenchResult {
  readonly name: string;
  /** How it was measured and compared with what, in one or two sentences. */
  readonly method: string;
  readonly rows: readonly BenchRow[];
}

export interface BenchRow {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  /** The bar this figure is held to, in words with its operator: `<= 35 ms`, `>= 10 x`. */
  readonly bar?: string;
  /** Present exactly when `bar` is. */
  readonly met?: boolean;
}

const figure = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 4 });

/** The Markdown section of one result: method, then one row a figure. */
export function resultMarkdown(result: BenchResult): string {
  const rows = result.rows.map(
    (row) =>
      `| ${row.what} | ${figure.format(row.value)} ${row.unit} | ${row.bar ?? ''} | ${row.met === undefined ? '' : row.met ? 'met' : '**missed**'} |`,
  );
  return [
    `## ${result.name}`,
    '',
    result.method,
    '',
    '| what | measured | bar | |',
    '|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}
