/**
 * How urgent an exposure is: the decision of CISA's Stakeholder-Specific Vulnerability Categorization, with every input and where it
 * comes from. An input that is not known is read in every way; the strictest decision stands and what is open is said.
 */
import type { Grade } from '#inventory';
import type { Severity } from './advisory.ts';
import { cvssOf, metricsOf, type CvssReading } from './cvss.ts';

/** From the least urgent to the most (CISA SSVC Guide, November 2022). */
export const decisions = ['track', 'track*', 'attend', 'act'] as const;
export type Decision = (typeof decisions)[number];

const exploitations = ['none', 'poc', 'active'] as const;
const automatables = ['no', 'yes'] as const;
const impacts = ['partial', 'total'] as const;
const missions = ['low', 'medium', 'high'] as const;

type Point = {
  exploitation: (typeof exploitations)[number];
  automatable: (typeof automatables)[number];
  technicalImpact: (typeof impacts)[number];
  mission: (typeof missions)[number];
};

/** Decisions by exploitation, automatable and technical impact, for a mission impact of low, medium and high (CISA SSVC Guide, 2022-11). */
const tree: Readonly<Record<string, readonly [low: Decision, medium: Decision, high: Decision]>> = {
  'none no partial': ['track', 'track', 'track'],
  'none no total': ['track', 'track', 'track*'],
  'none yes partial': ['track', 'track', 'attend'],
  'none yes total': ['track', 'track', 'attend'],
  'poc no partial': ['track', 'track', 'track*'],
  'poc no total': ['track', 'track*', 'attend'],
  'poc yes partial': ['track', 'track', 'attend'],
  'poc yes total': ['track', 'track*', 'attend'],
  'active no partial': ['track', 'track', 'attend'],
  'active no total': ['track', 'attend', 'act'],
  'active yes partial': ['attend', 'attend', 'act'],
  'active yes total': ['attend', 'act', 'act'],
};

/** One input: what it may be, and who says so. More than one value = not known. */
export interface SsvcInput<T extends string> {
  readonly values: readonly T[];
  /** `kev`, `cisa` (CISA's own assessment), `cvss` (derived from the vector), `inventory`, or null: nobody says. */
  readonly source: 'kev' | 'cisa' | 'cvss' | 'inventory' | null;
}

export interface PriorityFacts {
  /** When CISA listed it as exploited; null = it is not listed. */
  readonly kevAdded: string | null;
  /** The day by which CISA asks for it to be gone; null = it is not listed, or the list names none. */
  readonly kevDue: string | null;
  /** False when no list was ever taken in: not being listed then says nothing. */
  readonly kevKnown: boolean;
  readonly epss: number | null;
  readonly severities: readonly Severity[];
  /** The most critical service or asset that has it; null = nobody graded it. */
  readonly criticality: Grade | null;
  readonly internetFacing: boolean | null;
  readonly disseminated: 'proven' | 'attested' | 'absent';
  readonly endOfLife: boolean | null;
}

export interface Priority {
  /** The strictest that the known inputs allow. */
  readonly decision: Decision;
  /** The mildest. */
  readonly mildest: Decision;
  readonly inputs: {
    readonly exploitation: SsvcInput<Point['exploitation']>;
    readonly automatable: SsvcInput<Point['automatable']>;
    readonly technicalImpact: SsvcInput<Point['technicalImpact']>;
    readonly mission: SsvcInput<Point['mission']>;
  };
  readonly cvss: CvssReading | null;
  readonly epss: number | null;
  readonly kevAdded: string | null;
  readonly kevDue: string | null;
  readonly internetFacing: boolean | null;
  readonly criticality: Grade | null;
  readonly disseminated: PriorityFacts['disseminated'];
  readonly endOfLife: boolean | null;
}

/** The priority of an exposure. */
export function priorityOf(facts: PriorityFacts): Priority {
  const cvss = cvssOf(facts.severities);
  const stated = ssvcOf(facts.severities);
  const inputs: Priority['inputs'] = {
    exploitation: exploitationOf(facts, stated),
    automatable: pointOf(automatables, stated.get('automatable'), automatableBy(cvss)),
    technicalImpact: pointOf(impacts, stated.get('technical-impact'), impactBy(cvss)),
    mission: missionOf(facts.criticality),
  };
  const readings = inputs.exploitation.values.flatMap((exploitation) =>
    inputs.automatable.values.flatMap((automatable) =>
      inputs.technicalImpact.values.flatMap((technicalImpact) =>
        inputs.mission.values.map((mission) => decide({ exploitation, automatable, technicalImpact, mission })),
      ),
    ),
  );
  const ranks = readings.map((decision) => decisions.indexOf(decision));
  const { epss, kevAdded, kevDue, internetFacing, criticality, disseminated, endOfLife } = facts;
  return {
    decision: decisions[Math.max(...ranks)] ?? 'act',
    mildest: decisions[Math.min(...ranks)] ?? 'track',
    inputs,
    cvss,
    epss,
    kevAdded,
    kevDue,
    internetFacing,
    criticality,
    disseminated,
    endOfLife,
  };
}

/** The more urgent first: decision, exploited, reachable from the internet, disseminated, odds, score. What is not known counts as worse than no. */
export function byPriority(a: Priority, b: Priority): number {
  const ranks = (one: Priority): number[] => [
    decisions.indexOf(one.decision),
    one.kevAdded === null ? 0 : 1,
    one.internetFacing === true ? 2 : one.internetFacing === null ? 1 : 0,
    one.disseminated === 'absent' ? 0 : 1,
    decisions.indexOf(one.mildest),
    one.epss ?? 0,
    one.cvss?.score ?? 0,
  ];
  const [x, y] = [ranks(a), ranks(b)];
  const at = x.findIndex((rank, i) => rank !== y[i]);
  return at < 0 ? 0 : (y[at] ?? 0) - (x[at] ?? 0);
}

function decide({ exploitation, automatable, technicalImpact, mission }: Point): Decision {
  return tree[`${exploitation} ${automatable} ${technicalImpact}`]?.[missions.indexOf(mission)] ?? 'act';
}

function exploitationOf(
  { kevAdded, kevKnown }: PriorityFacts,
  stated: ReadonlyMap<string, string>,
): SsvcInput<Point['exploitation']> {
  if (kevAdded !== null) return { values: ['active'], source: 'kev' };
  const said = exploitations.find((one) => one === stated.get('exploitation'));
  if (said !== undefined) return { values: [said], source: 'cisa' };
  // Not listed is no proof of no attempt, but no known exploitation either.
  return kevKnown ? { values: ['none', 'poc'], source: 'kev' } : { values: exploitations, source: null };
}

function pointOf<T extends string>(words: readonly T[], said: string | undefined, derived: T | null): SsvcInput<T> {
  const stated = words.find((word) => word === said);
  if (stated !== undefined) return { values: [stated], source: 'cisa' };
  return derived === null ? { values: words, source: null } : { values: [derived], source: 'cvss' };
}

/** An attack that needs no rights, no person and no luck over a network can be done by a program. */
function automatableBy(cvss: CvssReading | null): Point['automatable'] | null {
  if (cvss === null) return null;
  const metrics = metricsOf(cvss.vector);
  const stated = metrics.get('AU');
  if (cvss.kind === 'CVSS:4.0' && (stated === 'Y' || stated === 'N')) return stated === 'Y' ? 'yes' : 'no';
  const rights = metrics.get('PR') ?? metrics.get('Au');
  return metrics.get('AV') === 'N' && metrics.get('AC') === 'L' && rights === 'N' && (metrics.get('UI') ?? 'N') === 'N'
    ? 'yes'
    : 'no';
}

/** Total: the attacker controls the component or learns all it knows. */
function impactBy(cvss: CvssReading | null): Point['technicalImpact'] | null {
  if (cvss === null) return null;
  const metrics = metricsOf(cvss.vector);
  const of = (metric: string): string | undefined => metrics.get(`V${metric}`) ?? metrics.get(metric);
  const complete = (value: string | undefined): boolean => value === 'H' || value === 'C';
  return complete(of('C')) && complete(of('I')) ? 'total' : 'partial';
}

function missionOf(criticality: Grade | null): SsvcInput<Point['mission']> {
  if (criticality === null) return { values: missions, source: null };
  const mission = criticality === 'critical' || criticality === 'high' ? 'high' : criticality;
  return { values: [mission], source: 'inventory' };
}

function ssvcOf(severities: readonly Severity[]): ReadonlyMap<string, string> {
  const text = severities.find(({ kind }) => kind === 'SSVC')?.value ?? '';
  return new Map(
    text.split(';').flatMap((part): [string, string][] => {
      const [point, value] = part.split('=');
      return point === undefined || value === undefined ? [] : [[point, value]];
    }),
  );
}
