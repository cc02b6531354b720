import { BreakwaterError } from '@breakwater/rules';
import type { MessageType } from '@breakwater/rules/notice';
import { GatewayBusy, type Channel, type Message, type Report } from '../channel.ts';
import { instantOf, koreanTime } from '../korean-time.ts';
import type { AgentDatabase, DoneRow } from './database.ts';
import type { TableLayout, TableLayouts } from './layout.ts';

export type TableChannelOptions = {
  database: AgentDatabase;
  layouts: TableLayouts;
  /** True when the tables are in our own database. */
  isOwn: boolean;
  perSecond: number | null;
  now?: () => number;
};

const mostRows = 1000;
const mostPages = 10;
/** Between two looks at the tables. */
const lookMs = 1000;
/** Rows may be stamped some time before they can be seen. */
const overlapMs = 60_000;
const firstLookMs = 3 * 86_400_000;

/**
 * A messaging agent that takes messages from a table and writes there what became of them. Our key is unique there, so a
 * message is handed over once however often it is inserted; in our own database in the commit that says so.
 */
export function tableChannel({ database, layouts, isOwn, perSecond, now = Date.now }: TableChannelOptions): Channel {
  const seen = new Map<string, number>();
  let isChecked = false;
  let lookedAt = -Infinity;

  /** Without its unique index a message could be handed over twice: that is refused, not risked. */
  const check = async (): Promise<void> => {
    if (isChecked) return;
    for (const layout of distinct(layouts)) {
      const isUnique = await database.hasUniqueKey(layout);
      if (isUnique === true) continue;
      throw new BreakwaterError(
        'notice.table',
        isUnique === null
          ? `there is no table ${layout.table} in ${database.name}: look at notice.table`
          : `${layout.table} has no unique index on ${layout.key}, so that a message could be sent twice: create unique index on ${layout.table} (${layout.key})`,
        'notice.table',
      );
    }
    isChecked = true;
  };

  const readDone = async (layout: TableLayout, table: string, from: string): Promise<DoneRow[]> => {
    const rows: DoneRow[] = [];
    let after = { at: from, key: '' };
    for (let page = 0; page < mostPages; page++) {
      const found = await database.done(layout, table, after, mostRows).catch((error: unknown) => {
        // The log of a month begins with its first message.
        if (table !== layout.table && isNoTable(error)) return [];
        throw error;
      });
      rows.push(...found);
      const last = found.at(-1);
      if (found.length < mostRows || last === undefined) break;
      after = { at: last.at, key: last.key };
    }
    return rows;
  };

  return {
    gateway: `table:${database.name}/${layouts.LMS.table}`,
    addresses: 'phone',
    batchSize: Math.max(1, Math.min(100, perSecond ?? 100)),
    perSecond,
    doubtMs: 0,
    pushesReports: false,
    proves: 'submitted',
    inOurDatabase: isOwn,
    async submit(messages, _signal, tx) {
      await unlessAway(check);
      for (const type of ['SMS', 'LMS'] as const) {
        const those = messages.filter((message) => message.type === type);
        if (those.length === 0) continue;
        const layout = layouts[type];
        const at = now();
        const rows = those.map((message) => Object.values(layout.columns).map((given) => valueOf(given, message, at)));
        await (tx === undefined
          ? unlessAway(() => database.insert(layout, rows, null))
          : database.insert(layout, rows, tx));
      }
      return messages.map(({ key }) => ({ key, outcome: 'taken', ids: [] }));
    },
    async reports(after) {
      const at = now();
      if (at - lookedAt < lookMs) return { reports: [], position: after };
      lookedAt = at;
      const from = after === 0 ? at - firstLookMs : after - overlapMs;
      for (const [key, done] of seen) if (done < from) seen.delete(key);
      const reports: Report[] = [];
      let position = after;
      for (const layout of distinct(layouts)) {
        for (const table of [layout.table, ...logsOf(layout, from, at)]) {
          for (const row of await readDone(layout, table, koreanTime(from))) {
            const done = instantOf(row.at);
            if (done === null || seen.has(row.key)) continue;
            position = Math.max(position, done);
            reports.push(reportOf(layout, row, done));
          }
        }
      }
      return { reports, position };
    },
    committed(reports) {
      for (const { about, at } of reports) if ('key' in about) seen.set(about.key, Date.parse(at));
    },
    close: () => Promise.resolve(),
  };
}

function reportOf(layout: TableLayout, { key, result }: DoneRow, done: number): Report {
  const state = layout.delivered.includes(result) ? 'delivered' : 'failed';
  return { about: { key }, state, code: result.slice(0, 64) || 'none', at: new Date(done).toISOString() };
}

function valueOf(given: TableLayout['columns'][string], message: Message, at: number): string | number {
  if (typeof given === 'object') return given.value;
  switch (given) {
    case 'now':
      return koreanTime(at);
    case 'now14':
      return koreanTime(at).replace(/\D/g, '');
    default:
      return message[given];
  }
}

/** The layouts of different tables. */
function distinct(layouts: TableLayouts): TableLayout[] {
  return layouts.SMS.table === layouts.LMS.table
    ? [layouts.LMS]
    : (['SMS', 'LMS'] as MessageType[]).map((type) => layouts[type]);
}

/** The logs of the months between two instants, Korean time. */
function logsOf({ log }: TableLayout, from: number, to: number): string[] {
  if (log === null) return [];
  const months = [from, to].map((at) => `${log}${koreanTime(at).slice(0, 7).replace('-', '')}`);
  return [...new Set(months)];
}

function isNoTable(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return code === '42P01' || code === 'ER_NO_SUCH_TABLE';
}

/** A database that is away takes nothing, and may take it later. Its words may quote values, so they go no further. */
async function unlessAway<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof BreakwaterError) throw error;
    throw new GatewayBusy('its database does not take them', 1000);
  }
}
