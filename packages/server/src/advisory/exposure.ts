import {
  aliasClosure,
  byPriority,
  coverage,
  priorityOf,
  standingStatement,
  type AliasClosure,
  type Priority,
  type Proof,
  type VexStatement,
} from '@breakwater/rules/advisory';
import { compareVersions, orderOfType, type Grade } from '@breakwater/rules/inventory';
import type { Db, Tx } from '#platform/db';
import {
  readAliasGroups,
  readMatches,
  readPlaces,
  type MatchFilter,
  type MatchRow,
  type Place,
} from './exposure-store.ts';
import { readSignals, readSignalSources, readVexStatements } from './signal-store.ts';
import { readAdvisories } from './store.ts';

/** Most matches that are weighed at once. */
const mostMatches = 200_000;

/** Why a version counts as affected: which rule, which interval, which document. */
export interface Reason {
  readonly document: {
    readonly id: number;
    readonly name: string;
    readonly format: string;
    readonly publisher: string;
    readonly revision: string;
  };
  readonly verdict: MatchRow['verdict'];
  readonly doubt: MatchRow['doubt'];
  readonly rule: MatchRow['rule'];
  /** `>= 1.0 < 1.2`; `*` for all. */
  readonly interval: string;
  /** Where the document says so, as a JSON Pointer. */
  readonly path: string;
  readonly matchedAt: string;
}

/** One vulnerability in one version of a package that is there. */
export interface Exposure {
  /** `VULNERABILITY in COMPONENT-VERSION`. */
  readonly id: string;
  readonly vulnerability: string;
  readonly names: readonly string[];
  readonly title: string;
  readonly component: {
    readonly id: number;
    /** Type of its package URL. */
    readonly type: string;
    readonly package: string;
    readonly version: string;
    readonly distro: string | null;
  };
  /** The lowest version that every document that names one calls fixed; null = none names one. */
  readonly fixedIn: string | null;
  readonly verdict: MatchRow['verdict'];
  /** When it was first known to be there: it was on an asset and matched. */
  readonly since: string;
  readonly priority: Priority;
  /** The advisory that disseminated it, with its proof; null = none did. */
  readonly dissemination: {
    readonly id: string;
    readonly by: string;
    readonly proof: Proof;
    readonly receivedAt: string;
  } | null;
  /** What an author says of it in this product. A word of not affected or fixed hides it from lists, and from nothing else. */
  readonly vex: (VexStatement & { readonly author: string }) | null;
  readonly reasons: readonly Reason[];
  readonly places: readonly Place[];
}

export interface ExposureFilter extends Omit<MatchFilter, 'limit'> {
  /** Also what an author says is not affected or fixed. Default false. */
  readonly withFiltered?: boolean;
}

export interface Exposures {
  /** The most urgent first. */
  readonly exposures: readonly Exposure[];
  /** How many a VEX statement hides. */
  readonly filtered: number;
  /** More matches exist than are weighed at once. */
  readonly isCut: boolean;
}

/** What of the inventory is exposed to what, the most urgent first. */
export async function exposuresOf(
  db: Db | Tx,
  institution: string,
  filter: ExposureFilter,
  day: string,
): Promise<Exposures> {
  const matches = await readMatches(db, institution, { ...filter, limit: mostMatches + 1 });
  const closure = aliasClosure(await readAliasGroups(db, institution));
  const groups = groupMatches(matches.slice(0, mostMatches), closure);
  const names = [...new Set([...groups.values()].flatMap(({ vulnerability }) => closure.names(vulnerability)))];
  const signals = await readSignals(db, names);
  const kevKnown = (await readSignalSources(db)).some(({ kind }) => kind === 'kev');
  const statements = await readVexStatements(db, institution, names);
  const disseminations = await readAdvisories(db, institution);
  const places = new Map<number, Place[]>();
  for (const place of await readPlaces(db, institution, [...new Set(matches.map((row) => row.componentVersion))])) {
    places.set(place.componentVersion, [...(places.get(place.componentVersion) ?? []), place]);
  }
  const statementsBy = new Map<string, (VexStatement & { author: string })[]>();
  for (const one of statements) {
    const name = closure.canonical(one.vulnerability);
    statementsBy.set(name, [...(statementsBy.get(name) ?? []), one]);
  }
  const all = [...groups.values()].map(({ vulnerability, rows }): Exposure => {
    const own = closure.names(vulnerability);
    const [first] = rows;
    const where = places.get(first.componentVersion) ?? [];
    const named = own.map((name) => signals.get(name)).filter((signal) => signal !== undefined);
    const dissemination = bestOf(disseminations, vulnerability, closure);
    const component = { type: first.type, name: first.package, distro: first.distro, version: first.version };
    const vex = standingStatement(statementsBy.get(vulnerability) ?? [], component, own);
    return {
      id: `${vulnerability} in ${first.componentVersion}`,
      vulnerability,
      names: own,
      title: rows.toSorted((a, b) => b.title.length - a.title.length)[0]?.title ?? first.title,
      component: {
        id: first.componentVersion,
        type: first.type,
        package: first.package,
        version: first.version,
        distro: first.distro,
      },
      verdict: rows.some(({ verdict }) => verdict === 'affected') ? 'affected' : 'undetermined',
      fixedIn: fixedIn(rows),
      since: sinceOf(rows, where),
      priority: priorityOf({
        kevAdded: named.map(({ kevAdded }) => kevAdded).find((added) => added !== null) ?? null,
        kevDue: named.map(({ kevDue }) => kevDue).find((due) => due !== null) ?? null,
        kevKnown,
        epss: largest(named.map(({ epss }) => epss)),
        severities: rows.flatMap(({ severities }) => severities),
        ...weightOf(where, day),
        disseminated: dissemination?.proof ?? 'absent',
      }),
      dissemination,
      vex: vex as Exposure['vex'],
      reasons: rows.map(reasonOf),
      places: where,
    };
  });
  const shown =
    filter.withFiltered === true
      ? all
      : all.filter(({ vex }) => vex?.status !== 'not-affected' && vex?.status !== 'fixed');
  return {
    exposures: shown.toSorted((a, b) => byPriority(a.priority, b.priority) || (a.id < b.id ? -1 : 1)),
    filtered: all.length - shown.length,
    isCut: matches.length > mostMatches,
  };
}

/** Documents may name different versions: the highest satisfies all of them. */
function fixedIn(rows: readonly MatchRow[]): string | null {
  const order = orderOfType(rows[0]?.type ?? '');
  const named = rows.flatMap(({ endKind, endVersion }) =>
    endKind === 'fixed' && endVersion !== null ? [endVersion] : [],
  );
  return named.toSorted((a, b) => (order === null ? 0 : compareVersions(order, a, b))).at(-1) ?? null;
}

/** An old match of a version that an asset has only now is as old as the asset has it. */
function sinceOf(rows: readonly MatchRow[], places: readonly Place[]): string {
  const matched = Math.min(...rows.map(({ matchedAt }) => matchedAt.getTime()));
  const there = Math.min(...places.map(({ firstSeen }) => firstSeen.getTime()));
  return new Date(places.length === 0 ? matched : Math.max(matched, there)).toISOString();
}

interface Group {
  readonly vulnerability: string;
  readonly rows: [MatchRow, ...MatchRow[]];
}

function groupMatches(matches: readonly MatchRow[], closure: AliasClosure): Map<string, Group> {
  const groups = new Map<string, Group>();
  for (const row of matches) {
    const named = row.vulnerability === null ? row.vulnerabilities : [row.vulnerability];
    for (const vulnerability of new Set(named.map((name) => closure.canonical(name)))) {
      const key = `${vulnerability} ${row.componentVersion}`;
      const group = groups.get(key);
      if (group === undefined) groups.set(key, { vulnerability, rows: [row] });
      else group.rows.push(row);
    }
  }
  return groups;
}

const grades: readonly Grade[] = ['low', 'medium', 'high', 'critical'];

/** The most that is known of the places: one that is graded, faces the internet or is without support decides. */
function weightOf(
  places: readonly Place[],
  day: string,
): { criticality: Grade | null; internetFacing: boolean | null; endOfLife: boolean | null } {
  const stated = places.flatMap(({ criticality, services }) => [
    criticality,
    ...services.map((one) => one.criticality),
  ]);
  const ranks = stated.map((grade) => (grade === null ? -1 : grades.indexOf(grade)));
  const facing = places.map(({ internetFacing }) => internetFacing);
  const ends = places.map(({ endOfLife }) => endOfLife);
  return {
    criticality: grades[Math.max(-1, ...ranks)] ?? null,
    internetFacing: facing.includes(true) ? true : facing.length === 0 || facing.includes(null) ? null : false,
    endOfLife: ends.some((end) => end !== null && end <= day)
      ? true
      : ends.length === 0 || ends.includes(null)
        ? null
        : false,
  };
}

function bestOf(
  disseminations: Awaited<ReturnType<typeof readAdvisories>>,
  vulnerability: string,
  closure: AliasClosure,
): Exposure['dissemination'] {
  const rank: Readonly<Record<Proof, number>> = { proven: 0, attested: 1, absent: 2 };
  const [best] = disseminations
    .filter(({ vulnerabilities }) => coverage([vulnerability], vulnerabilities, closure) === 'all')
    .toSorted((a, b) => rank[a.proof] - rank[b.proof] || (a.receivedAt < b.receivedAt ? -1 : 1));
  if (best === undefined) return null;
  return { id: best.id, by: best.disseminatedBy, proof: best.proof, receivedAt: best.receivedAt };
}

function reasonOf(row: MatchRow): Reason {
  return {
    document: {
      id: row.document,
      name: row.name,
      format: row.format,
      publisher: row.publisher,
      revision: row.revision,
    },
    verdict: row.verdict,
    doubt: row.doubt,
    rule: row.rule,
    interval: spellInterval(row),
    path: row.path,
    matchedAt: row.matchedAt.toISOString(),
  };
}

function spellInterval({ rule, introduced, endKind, endVersion }: MatchRow): string {
  if (rule === 'version') return `= ${introduced ?? ''}`;
  const lower = introduced === null ? [] : [`>= ${introduced}`];
  const upper = endVersion === null ? [] : [`${endKind === 'last-affected' ? '<=' : '<'} ${endVersion}`];
  return [...lower, ...upper].join(' ') || '*';
}

function largest(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : Math.max(...known);
}
