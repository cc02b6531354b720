/**
 * Changes of hosts as others recorded them: package logs of Debian and Red Hat, and exports of change tickets. An auditor holds
 * them against the runs: what happened outside of every run is what they want to know.
 */
import { BreakwaterError } from '../../error.ts';

export const changeSources = ['dpkg', 'rpm', 'itsm', 'inventory'] as const;
export type ChangeSource = (typeof changeSources)[number];

/** A change that somebody else recorded. Times are epoch ms; a ticket has a span, a package an instant. */
export interface RecordedChange {
  readonly source: ChangeSource;
  /** Line or number by which it is found again. */
  readonly reference: string;
  /** null: the source names none. */
  readonly host: string | null;
  readonly from: number;
  readonly to: number;
  readonly what: string;
}

/** A larger file is cut up by whoever exports it. */
const MAX_BYTES = 16 * 1024 * 1024;
const MAX_LINES = 500_000;
const MAX_LINE = 4000;

/**
 * Reads a `dpkg.log`. Its times have no zone: `offset` says which (such as `+09:00`). Lines that change nothing that is
 * installed are left out.
 *
 * Throws BreakwaterError `change.too-large`, or `change.malformed` with the line.
 */
export function readDpkgLog(text: string, host: string, offset: string): RecordedChange[] {
  return linesOf(text).flatMap(({ line, number }) => {
    const match = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) (\S+) (.*)$/.exec(line);
    if (match === null) throw malformed('dpkg.log', number, 'DATE TIME ACTION …');
    const [, day = '', clock = '', action = '', rest = ''] = match;
    if (!['install', 'upgrade', 'remove', 'purge'].includes(action)) return [];
    const [name = '', before = '', after = ''] = rest.split(' ');
    const at = timeOf(`${day}T${clock}${offset}`, number);
    return [
      {
        source: 'dpkg',
        reference: `dpkg.log:${number}`,
        host,
        from: at,
        to: at,
        what: `${action} ${name} ${before} ${after}`.trim(),
      },
    ];
  });
}

/**
 * Reads what `rpm -qa --qf '%{INSTALLTIME} %{NAME} %{EVR}\n'` prints: seconds since 1970, so no zone is needed.
 *
 * Throws as `readDpkgLog`.
 */
export function readRpmList(text: string, host: string): RecordedChange[] {
  return linesOf(text).map(({ line, number }) => {
    const match = /^(\d{1,11}) (\S+) (\S+)$/.exec(line);
    if (match === null) throw malformed('rpm list', number, 'SECONDS NAME VERSION');
    const [, seconds = '', name = '', version = ''] = match;
    const at = Number(seconds) * 1000;
    return { source: 'rpm', reference: `rpm:${number}`, host, from: at, to: at, what: `installed ${name} ${version}` };
  });
}

/**
 * Reads rows of a ticket export, as a CSV reader gave them: columns `id`, `host`, `start`, `end`, `summary`; times are
 * RFC 3339 with offset.
 *
 * Throws BreakwaterError `change.no-column` with its name, `change.malformed` with the line.
 */
export function readTickets(rows: readonly (readonly string[])[]): RecordedChange[] {
  const [head = [], ...rest] = rows;
  const column = (name: string): number => {
    const at = head.findIndex((cell) => cell.trim().toLowerCase() === name);
    if (at < 0)
      throw new BreakwaterError(
        'change.no-column',
        `the export has no column ${name}: it needs id, host, start, end, summary`,
        `1:${head.length}`,
      );
    return at;
  };
  const [id, host, start, end, summary] = ['id', 'host', 'start', 'end', 'summary'].map(column) as [
    number,
    number,
    number,
    number,
    number,
  ];
  return rest.map((cells, i) => {
    const number = i + 2;
    const from = timeOf(cells[start] ?? '', number);
    const to = timeOf(cells[end] ?? '', number);
    if (to < from) throw malformed('ticket', number, 'an end that is not before its start');
    const named = (cells[host] ?? '').trim();
    return {
      source: 'itsm',
      reference: cells[id] ?? '',
      host: named === '' ? null : named,
      from,
      to,
      what: (cells[summary] ?? '').slice(0, MAX_LINE),
    };
  });
}

function linesOf(text: string): { line: string; number: number }[] {
  if (text.length > MAX_BYTES)
    throw new BreakwaterError('change.too-large', `at most ${MAX_BYTES} characters are read`, '');
  const lines = text.split(/\r?\n/);
  if (lines.length > MAX_LINES)
    throw new BreakwaterError('change.too-large', `at most ${MAX_LINES} lines are read`, '');
  return lines.flatMap((line, i) => (line.trim() === '' ? [] : [{ line: line.slice(0, MAX_LINE), number: i + 1 }]));
}

function timeOf(text: string, line: number): number {
  const isTime = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)$/.test(text.trim());
  const at = isTime ? Date.parse(text.trim().replace(' ', 'T')) : Number.NaN;
  if (!Number.isFinite(at)) throw malformed('time', line, 'RFC 3339 with offset, such as 2026-11-15T01:00:00+09:00');
  return at;
}

function malformed(what: string, line: number, wanted: string): BreakwaterError {
  return new BreakwaterError('change.malformed', `${what}, line ${line}: expected ${wanted}`, `${line}:1`);
}
