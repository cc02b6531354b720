/** CSV (RFC 4180, UTF-8 with byte order mark) that a spreadsheet shows and does not run. */

/** A line of names, then one line a row. */
export function csvText(names: readonly string[], rows: readonly (readonly string[])[]): string {
  return `\uFEFF${csvLines([names, ...rows])}`;
}

/** Lines without a byte order mark: what goes on a document that was begun. */
export function csvLines(rows: readonly (readonly string[])[]): string {
  return rows.map((cells) => `${cells.map(csvCell).join(',')}\r\n`).join('');
}

/** An apostrophe before what a spreadsheet takes for the start of a formula, also in full width and behind blanks or tabs. */
function csvCell(text: string): string {
  const shown = text.replace(/^\s*[=+\-@＝＋－＠|]/u, `'$&`).replace(/^[\t\r\n]/, `'$&`);
  return `"${shown.replaceAll('"', '""')}"`;
}
