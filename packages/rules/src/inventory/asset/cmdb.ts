/** Assets from a table of a configuration management database, by a mapping that says which column means what. */
import { z } from 'zod';
import { BreakwaterError } from '../../error.ts';
import { conform } from '../../shape.ts';
import { assetRecord, emptySnapshot, type AssetRecord, type InventorySnapshot } from '../snapshot.ts';
import { parseCsv } from './csv.ts';

/** Largest table that is read. */
const limits = { mostCharacters: 64 * 1024 * 1024, mostRows: 500_000, mostColumns: 500 };

const column = z.union([
  z.string().min(1).max(200),
  z.strictObject({
    column: z.string().min(1).max(200),
    split: z.string().min(1).max(5).optional().describe('Divides several values in one cell.'),
    values: z
      .record(z.string(), z.union([z.string(), z.boolean(), z.null()]))
      .optional()
      .describe('What words of the table mean.'),
    otherwise: z
      .union([z.string(), z.boolean(), z.null()])
      .optional()
      .describe('For words that are not listed; without it they are refused.'),
  }),
]);
type Column = z.infer<typeof column>;

/** `breakwater.cmdb-mapping/1`: which column of the table is which field of an asset. */
export const cmdbMappingSchema = z.strictObject({
  schema: z.literal('breakwater.cmdb-mapping/1'),
  charset: z.enum(['utf-8', 'euc-kr', 'cp949']).default('utf-8'),
  delimiter: z.enum([',', ';', '\t', '|']).default(','),
  asset: z
    .strictObject({
      id: column,
      name: column,
      kind: column,
      addresses: column,
      zone: column,
      owner: column,
      criticality: column,
      dataClass: column,
      internetFacing: column,
      endOfLife: column,
      modules: column,
    })
    .partial()
    .required({ id: true }),
});
export type CmdbMapping = z.infer<typeof cmdbMappingSchema>;

const lists: ReadonlySet<string> = new Set(['addresses', 'modules']);

/** Reads a table. Throws BreakwaterError `csv.*` or `cmdb.*` with `path` = `line:column`; all of it or nothing is read. */
export function readCmdb(source: string, mapping: CmdbMapping): InventorySnapshot {
  const [head, ...rows] = parseCsv(source, mapping.delimiter, limits);
  if (head === undefined)
    throw new BreakwaterError('cmdb.empty', 'the table has no head line: export it with one', '1:1');
  const columns = Object.entries(mapping.asset).map(([field, meant]) => {
    const wanted = typeof meant === 'string' ? meant : meant.column;
    const at = head.cells.indexOf(wanted);
    if (at < 0 || head.cells.includes(wanted, at + 1)) {
      const fault = at < 0 ? 'has no column' : 'has twice the column';
      throw new BreakwaterError(
        'cmdb.column',
        `the table ${fault} ${JSON.stringify(wanted)}: correct the mapping of ${field}`,
        `${head.line}:1`,
      );
    }
    return { field, meant, at };
  });
  const assets = new Map<string, AssetRecord>();
  for (const { line, cells } of rows) {
    const place = `${line}:1`;
    if (cells.length !== head.cells.length) {
      throw new BreakwaterError(
        'cmdb.row',
        `the row has ${cells.length} cells and the head ${head.cells.length}`,
        place,
      );
    }
    const record = Object.fromEntries(
      columns.flatMap(({ field, meant, at }) => {
        const value = valueOf(cells[at] ?? '', meant, field, place);
        return value === undefined ? [] : [[field, value]];
      }),
    );
    const asset = atLine(place, () => conform(assetRecord, record, { name: 'cmdb' }));
    if (assets.has(asset.id)) {
      throw new BreakwaterError(
        'cmdb.duplicate',
        `the asset ${JSON.stringify(asset.id)} is in the table twice: keep one row`,
        place,
      );
    }
    assets.set(asset.id, asset);
  }
  return { ...emptySnapshot, format: 'cmdb-csv', assets: [...assets.values()] };
}

function valueOf(cell: string, meant: Column, field: string, place: string): unknown {
  const { split, values, otherwise } = typeof meant === 'string' ? ({} as Exclude<Column, string>) : meant;
  if (lists.has(field)) {
    return cell
      .split(split ?? /[;,\s]+/)
      .map((part) => part.trim())
      .filter((part) => part !== '');
  }
  if (values !== undefined) {
    if (Object.hasOwn(values, cell)) return values[cell];
    if (otherwise !== undefined) return otherwise;
    if (cell === '') return undefined;
    throw new BreakwaterError(
      'cmdb.value',
      `the word ${JSON.stringify(cell.slice(0, 60))} is not in the mapping of ${field}: add it, or say otherwise`,
      place,
    );
  }
  if (cell === '') return undefined;
  if (field === 'endOfLife') return cell.replace(/^(\d{4})[./](\d{2})[./](\d{2})$/, '$1-$2-$3');
  return cell;
}

function atLine<T>(place: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof BreakwaterError)) throw error;
    throw new BreakwaterError(error.code, error.message, place);
  }
}
