import type { ReactNode } from 'react';
import css from './table.module.css';

/** A heading: words, and whether the column holds numbers. */
export type Column = string | { readonly words: string; readonly numeric: true };

/** Rows of facts that scroll sideways within their panel where it is narrow. Cells that hold numbers carry `data-numeric`. */
export function Table({
  label,
  columns,
  children,
}: {
  label: string;
  columns: readonly Column[];
  children: ReactNode;
}): ReactNode {
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls is reached by keyboard
    <div className={css['scroll']} role="group" aria-label={label} tabIndex={0}>
      <table className={css['table']}>
        <thead>
          <tr>
            {columns.map((column) =>
              typeof column === 'string' ? (
                <th key={column} scope="col">
                  {column}
                </th>
              ) : (
                <th key={column.words} scope="col" data-numeric>
                  {column.words}
                </th>
              ),
            )}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}
