/** A plan while it is written: one text in YAML; the form changes places in it and leaves the rest as it was written. */
import { BreakwaterError } from '@breakwater/rules';
import { checkPlan, parsePlan, type Plan, type PlanFinding } from '@breakwater/rules/plan';
import { Document, isMap, isPair, isScalar, isSeq, parseDocument, visit } from 'yaml';

/** What is wrong in a draft at a line, or with the whole (line 1). */
export interface DraftFinding {
  readonly line: number;
  readonly severity: 'error' | 'warning' | 'unjudged';
  readonly rule: string;
  readonly message: { readonly ko: string; readonly en: string };
  readonly source: PlanFinding['source'] | null;
}

export interface JudgedDraft {
  /** Null: it does not read as a plan. */
  readonly plan: Plan | null;
  readonly document: unknown;
  readonly findings: readonly DraftFinding[];
}

const lineOf = (place: string): number => Number(/^(\d+):/.exec(place)?.[1] ?? 1);
const weights = { error: 0, warning: 1, unjudged: 2 } as const;

/** Holds the text against the rules of readiness as the command line does, with nothing known but the time. */
export function judgeDraft(text: string, now: Date): JudgedDraft {
  try {
    const { plan, document, place } = parsePlan(text);
    const { findings } = checkPlan(document, { now: now.toISOString() });
    return {
      plan,
      document,
      findings: findings
        .map(({ rule, severity, unknown, path, message, source }) => ({
          line: lineOf(place(path)),
          severity: unknown ? ('unjudged' as const) : severity,
          rule,
          message,
          source,
        }))
        .toSorted((a, b) => weights[a.severity] - weights[b.severity] || a.line - b.line),
    };
  } catch (error) {
    if (!(error instanceof BreakwaterError)) throw error;
    const { code, message, path } = error;
    const at = /^\d+:\d+$/.test(path) ? path : (/^(\d+:\d+)/.exec(message)?.[1] ?? '1:1');
    const finding = {
      line: lineOf(at),
      severity: 'error',
      rule: code,
      message: { ko: message, en: message },
      source: null,
    } as const;
    return { plan: null, document: null, findings: [finding] };
  }
}

/** Members in the order in which people read them; the database keeps none. Others follow as they come. */
const order = [
  'schema',
  'id',
  'institution',
  'kind',
  'urgency',
  'activity',
  'title',
  'description',
  'author',
  'authority',
  'advisories',
  'fixes',
  'otherChanges',
  'window',
  'services',
  'host',
  'scope',
  'tester',
  'steps',
  'driver',
  'check',
  'do',
  'undo',
  'wayBack',
  'timeout',
  'onStop',
  'service',
  'url',
  'ko',
  'en',
  'start',
  'end',
  'probes',
  'meters',
  'limits',
  'measures',
  'rehearse',
  'notice',
  'relief',
  'approvals',
  'vendors',
];
const rank = (name: string): number => (order.includes(name) ? order.indexOf(name) : order.length);
/** The longest text of a map or list that stands on one line. */
const oneLine = 100;

/** The text of a document that was submitted: in reading order, small maps and lists on one line. */
export function textOf(document: unknown): string {
  const text = new Document(ordered(document));
  visit(text, {
    Collection(_, node) {
      const members: readonly unknown[] = node.items;
      const plain = members.every((item) => isScalar(isPair(item) ? item.value : item));
      if (plain && JSON.stringify(node.toJSON()).length <= oneLine) node.flow = true;
    },
  });
  return text.toString({ lineWidth: 0 });
}

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).toSorted(([a], [b]) => rank(a) - rank(b));
  return Object.fromEntries(members.map(([name, member]) => [name, ordered(member)]));
}

export type Path = readonly (string | number)[];

/** The value at a path, as a field shows it; undefined: the text cannot be read, or has none there. */
export function valueAt(document: Document, path: Path): unknown {
  return document.getIn(path);
}

/** The text with another value at a path, everything else as it was written; empty takes it out. */
export function withValue(text: string, path: Path, value: string | number | readonly string[]): string {
  const document = parseDocument(text);
  if (value === '' || (Array.isArray(value) && value.length === 0)) document.deleteIn(path);
  else if (Array.isArray(value)) {
    const list = document.createNode(value);
    const before = document.getIn(path, true);
    if (isSeq(list)) list.flow = isSeq(before) ? before.flow === true : true;
    document.setIn(path, list);
  } else document.setIn(path, value);
  return document.toString({ lineWidth: 0 });
}

/** Reads the text for the form; null when its top is no map. */
export function openDraft(text: string): Document | null {
  const document = parseDocument(text);
  return document.errors.length === 0 && isMap(document.contents) ? document : null;
}

/** Line (from 1) at which the value of a path begins; null: there is none. */
export function lineAt(text: string, document: Document, path: Path): number | null {
  const node = document.getIn(path, true) as { range?: [number, number, number] | null } | undefined;
  const start = node?.range?.[0];
  return start === undefined ? null : text.slice(0, start).split('\n').length;
}
