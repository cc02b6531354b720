/**
 * The outage ledger: when each service was down, as a fold over samples of its probes.
 *
 * A probe is down after `downAfter` bad samples in a row, from the first of them on; it is up after `upAfter` good ones,
 * from the first of them on. A sample that could not be taken is blind: it says nothing of the service, but in the
 * guard's budget that time counts as down. All times are ages of the run in ms.
 */

export interface ProbeSettings {
  readonly id: string;
  readonly service: string;
  readonly downAfter: number;
  readonly upAfter: number;
  /** Samples further apart than this leave the time between them unseen, ms. */
  readonly gapMs: number;
}

export interface Sample {
  /** When it was asked, if bad or blind; when it was answered, if good. */
  readonly at: number;
  readonly result: 'good' | 'bad' | 'blind';
  /** A short code without personal data: `timeout`, `http-500`, `ECONNREFUSED`. */
  readonly reason: string | null;
}

export type ProbeVerdict = 'up' | 'down' | 'unknown';

/** A time in which a probe was down or blind; `end: null` = it still is. */
export interface Spell {
  readonly kind: 'down' | 'unknown';
  readonly start: number;
  readonly end: number | null;
}

interface Streak {
  readonly count: number;
  /** The first sample of the streak. */
  readonly since: number;
}

export interface ProbeState {
  readonly settings: ProbeSettings;
  /** null: no sample yet. */
  readonly verdict: ProbeVerdict | null;
  readonly lastGood: number | null;
  readonly lastSample: number | null;
  /** Samples in a row of the kind. A blind one confirms nothing, so it ends a good streak, but not a bad one. */
  readonly good: Streak | null;
  readonly bad: Streak | null;
  /** Samples in a row that were not good. */
  readonly failing: Streak | null;
  /** The first blind sample since the last that was not. */
  readonly blindSince: number | null;
  readonly spells: readonly Spell[];
}

/** What a sample changed, for the journal. */
export interface ProbeChange {
  readonly probe: string;
  readonly service: string;
  readonly verdict: ProbeVerdict;
  readonly since: number;
  readonly reason: string | null;
}

/** A probe before its first sample; the first good one makes it up at once. */
export function newProbe(settings: ProbeSettings): ProbeState {
  return {
    settings,
    verdict: null,
    lastGood: null,
    lastSample: null,
    good: null,
    bad: null,
    failing: null,
    blindSince: null,
    spells: [],
  };
}

/** The state after one more sample, which is not earlier than the last, and the change of verdict if there is one. */
export function takeSample(state: ProbeState, sample: Sample): { state: ProbeState; change: ProbeChange | null } {
  const { settings } = state;
  const seen = withStreaks(withGap(state, sample.at), sample);
  const verdict = verdictAfter(seen, sample);
  if (verdict === null || verdict === seen.verdict) return { state: seen, change: null };
  const since = sinceOf(seen, verdict, sample.at);
  const spells = verdict === 'up' ? seen.spells : [...seen.spells, { kind: verdict, start: since, end: null }];
  return {
    state: { ...seen, verdict, spells: endOpen(spells, since, verdict === 'up' ? spells.length : spells.length - 1) },
    change: { probe: settings.id, service: settings.service, verdict, since, reason: sample.reason },
  };
}

/** Time in which nobody looked counts as blind; a spell that was open already covers it. */
function withGap(state: ProbeState, at: number): ProbeState {
  const { lastSample, settings } = state;
  if (lastSample === null || at - lastSample <= settings.gapMs || state.verdict !== 'up') return state;
  return { ...state, spells: [...state.spells, { kind: 'unknown', start: lastSample, end: at }] };
}

function withStreaks(state: ProbeState, { at, result }: Sample): ProbeState {
  const lengthen = (streak: Streak | null): Streak => ({ count: (streak?.count ?? 0) + 1, since: streak?.since ?? at });
  const common = { ...state, lastSample: at };
  switch (result) {
    case 'good':
      return { ...common, good: lengthen(state.good), bad: null, failing: null, blindSince: null, lastGood: at };
    case 'bad':
      return { ...common, good: null, bad: lengthen(state.bad), failing: lengthen(state.failing), blindSince: null };
    case 'blind':
      return { ...common, good: null, failing: lengthen(state.failing), blindSince: state.blindSince ?? at };
  }
}

function verdictAfter(state: ProbeState, { result }: Sample): ProbeVerdict | null {
  const { good, bad, failing, verdict, settings } = state;
  if (result === 'good') {
    return verdict === null || (good?.count ?? 0) >= settings.upAfter ? 'up' : verdict;
  }
  if ((bad?.count ?? 0) >= settings.downAfter) return 'down';
  if (verdict !== 'down' && (failing?.count ?? 0) >= settings.downAfter) return 'unknown';
  return verdict;
}

function sinceOf(state: ProbeState, verdict: ProbeVerdict, at: number): number {
  switch (verdict) {
    case 'up':
      return state.good?.since ?? at;
    case 'down':
      return state.bad?.since ?? at;
    case 'unknown':
      return state.failing?.since ?? at;
  }
}

/** Ends what is open before index `before` at `at`; a spell that would end before it began was no spell. */
function endOpen(spells: readonly Spell[], at: number, before: number): Spell[] {
  return spells
    .map((spell, i) => (spell.end === null && i < before ? { ...spell, end: at } : spell))
    .filter(({ start, end }) => end === null || end > start);
}

/** How long a probe has had no answer about its service at `now`, ms; 0 when it sees. */
export function blindMs(state: ProbeState, now: number): number {
  return state.blindSince !== null ? now - state.blindSince : quietMs(state, now);
}

/** How long no sample came at all, once that is longer than it may be. */
function quietMs({ lastSample, settings }: ProbeState, now: number): number {
  return lastSample !== null && now - lastSample > settings.gapMs ? now - lastSample : 0;
}

/**
 * Milliseconds up to `now` in which at least one service was down or unseen: the union over all spells of all probes,
 * and over the time since the last sample of a probe that has gone quiet.
 */
export function outageMs(probes: Iterable<ProbeState>, now: number): number {
  const spans: Span[] = [];
  for (const probe of probes) {
    for (const { start, end } of probe.spells) spans.push({ start, end: Math.min(end ?? now, now) });
    const quiet = quietMs(probe, now);
    if (quiet > 0 && probe.verdict === 'up') spans.push({ start: now - quiet, end: now });
  }
  return unionLength(spans);
}

interface Span {
  readonly start: number;
  readonly end: number;
}

function unionLength(spans: Span[]): number {
  let covered = 0;
  let upTo = Number.NEGATIVE_INFINITY;
  for (const { start, end } of spans.toSorted((a, b) => a.start - b.start)) {
    if (end <= upTo || end <= start) continue;
    covered += end - Math.max(start, upTo);
    upTo = end;
  }
  return covered;
}

/** The verdict on a service from its probes: down if one is down, else unknown if one is unknown or none has spoken, else up. */
export function serviceVerdict(probes: readonly ProbeState[]): ProbeVerdict {
  const verdicts = probes.map(({ verdict }) => verdict ?? 'unknown');
  if (verdicts.includes('down')) return 'down';
  return verdicts.length === 0 || verdicts.includes('unknown') ? 'unknown' : 'up';
}

/** A disruption as it stands: in parts while some of the service's probes are still good. */
export interface Disruption {
  readonly service: string;
  readonly start: number;
  /** The last good sample before it; null when there was none. */
  readonly earliestStart: number | null;
  readonly extent: 'full' | 'partial';
}

export type DisruptionChange =
  | ({ readonly change: 'opened' } & Disruption)
  | ({ readonly change: 'closed'; readonly end: number } & Disruption);

/**
 * What a change of one probe does to the disruption of its service. `probes` are the service's probes after the change,
 * `open` its open disruption. A disruption whose extent changes is closed and opened anew at the same instant, in one piece
 * with the one before.
 */
export function disruptionChanges(
  probes: readonly ProbeState[],
  open: Disruption | null,
  { service, since }: Pick<ProbeChange, 'service' | 'since'>,
): DisruptionChange[] {
  const down = probes.filter(({ verdict }) => verdict === 'down');
  const extent = down.length === 0 ? null : down.length === probes.length ? 'full' : 'partial';
  if (extent === (open?.extent ?? null)) return [];
  const at = Math.max(since, open?.start ?? since);
  const changes: DisruptionChange[] = open === null ? [] : [{ ...open, change: 'closed', end: at }];
  const earliestStart = open === null ? lastGoodOf(down, at) : at;
  if (extent !== null) changes.push({ change: 'opened', service, start: at, earliestStart, extent });
  return changes;
}

function lastGoodOf(down: readonly ProbeState[], before: number): number | null {
  const times = down.flatMap(({ lastGood }) => (lastGood === null || lastGood > before ? [] : [lastGood]));
  return times.length === 0 ? null : Math.min(...times);
}
