/** The file for the payment system: accepted claims with what is still owed, CSV that a spreadsheet does not run. */
import { csvLines, csvText } from '@breakwater/rules/csv';
import { chunkSize, type Workflow } from './workflow.ts';
import { readPayable } from './store.ts';

const columns = ['claim', 'run', 'subject', 'amount_krw', 'decided_at', 'decided_by', 'second_by', 'reason_code'];

/**
 * The file in parts. `masked`: of pseudonyms only the last two characters. Times are Korean, amounts whole won.
 */
export async function* paymentLines(
  { db, institution }: Workflow,
  { run, masked }: { run: string | null; masked: boolean },
): AsyncGenerator<{ text: string; count: number; amount: number }> {
  yield { text: csvText(columns, []), count: 0, amount: 0 };
  for (let after: string | null = null; ;) {
    const from: string | null = after;
    const rows = await readPayable(db, institution, run, from, chunkSize);
    yield {
      text: csvLines(
        rows.map((row) => [
          row.id,
          row.run ?? '',
          row.subject === null ? '' : masked ? `***${row.subject.slice(-2)}` : row.subject,
          String(row.owed),
          koreanTime(row.decidedAt),
          row.decidedBy,
          row.secondBy ?? '',
          row.code ?? '',
        ]),
      ),
      count: rows.length,
      amount: rows.reduce((sum, { owed }) => sum + owed, 0),
    };
    after = rows.at(-1)?.id ?? null;
    if (rows.length < chunkSize) return;
  }
}

/** `2026-12-14T09:30:00+09:00`. */
function koreanTime(at: Date): string {
  return `${new Date(at.getTime() + 9 * 3_600_000).toISOString().slice(0, 19)}+09:00`;
}
