/** How a run looks on a terminal: steps, three budgets, time to the point of no return. */
import type { Schemas } from '@breakwater/client';
import { refusalText, type Refusal } from '@breakwater/rules/guard';
import type { Trip } from '@breakwater/rules/guard/record';
import { cageLevelWords, tripWords } from '@breakwater/rules/review';
import { amount, secondsLeft, secondsUsed, type Language } from '../demo/tell.ts';
import { fit } from '../frame.ts';
import { labels, outcomeWords, phaseWords, serviceWords, stepMarks, stepWords } from './words.ts';

type Run = Schemas['Run'];
type TestState = NonNullable<NonNullable<Run['hostState']>['test']>;
type Range = { low: number; high: number | null } | null;

const barWidth = 24;

type Say = (words: { ko: string; en: string }) => string;

/** What stays in a log of a run: where it is, its steps, why it was stopped. */
export function stepLines(run: Run, language: Language): string[] {
  const say: Say = (words) => words[language];
  const outcome = run.outcome === null ? null : outcomeWords[run.outcome];
  const heading = `${say(labels[run.mode])} ${run.run}  ${run.plan}  ${say(outcome ?? phaseWords[run.phase])}`;
  const steps = run.steps.map(({ id, title, state, attempts }) => {
    const again = attempts > 1 ? ` (${attempts})` : '';
    return `  [${stepMarks[state]}] ${id}  ${title === null ? '' : title[language]}  ${say(stepWords[state])}${again}`;
  });
  return [heading, ...steps, ...remarkLines(run, say)];
}

/** The lines of a run. A budget shows its upper estimate, because the guard counts with it; what is not known is said. */
export function runLines(run: Run, language: Language): string[] {
  return [...stepLines(run, language), ...budgetLines(run, (words) => words[language])];
}

function budgetLines({ hostState, limits, outageMs }: Run, say: Say): string[] {
  if (hostState === null) {
    const used = outageMs === null ? say(labels.unknown) : `${secondsUsed(outageMs)} s`;
    return [`  ${say(labels.outage)}  ${used} / ${secondsUsed(limits.outageMs)} s`];
  }
  const { pnrRemainingMs, services } = hostState;
  const pnr = pnrRemainingMs === null ? say(labels.pnrStill) : `${secondsLeft(pnrRemainingMs)} s`;
  const states = Object.entries(services).map(([service, state]) => `${service} ${say(serviceWords[state])}`);
  const row = (label: string, used: number | null, limit: number, text: string): string =>
    `  ${bar(used, limit)} ${label}  ${text}`;
  const upper = (range: Range): number | null => (range === null ? null : range.high);
  const count = (range: Range, unit: string, limit: number): string =>
    `${upper(range) === null ? say(labels.unknown) : amount(upper(range) ?? 0)} / ${amount(limit)} ${unit}`;
  return [
    row(
      say(labels.outage),
      hostState.outageMs,
      hostState.outageLimitMs,
      `${secondsUsed(hostState.outageMs)} / ${secondsUsed(hostState.outageLimitMs)} s`,
    ),
    row(
      say(labels.damage),
      upper(hostState.damage),
      limits.damageWon,
      count(hostState.damage, 'KRW', limits.damageWon),
    ),
    row(
      say(labels.records),
      upper(hostState.records),
      limits.records,
      count(hostState.records, '', limits.records).trim(),
    ),
    `  ${say(labels.pnr)}  ${pnr}`,
    `  ${say(labels.services)}  ${states.join(', ')}`,
    ...(hostState.test === undefined ? [] : testLines(hostState.test, say)),
  ];
}

/** A caged test: how strongly it is held, what it does, and how fast services answer meanwhile. */
function testLines(test: TestState, say: Say): string[] {
  const { level, running, connections, attempts, findings, responses } = test;
  const count = (value: number | null): string => (value === null ? say(labels.unknown) : amount(value));
  const took = (ms: number | null): string => (ms === null ? say(labels.unknown) : `${Math.ceil(ms)} ms`);
  const held = say(cageLevelWords[level]) + (running ? '' : `, ${say(labels.testOver)}`);
  return [
    `  ${say(labels.test)}  ${held}  ${say(labels.connections)} ${count(connections)}, ${say(labels.denied)} ${amount(attempts)}, ${say(labels.findings)} ${amount(findings)}`,
    ...responses.map(
      ({ service, probe, baselineMs, recentMs }) =>
        `    ${service}  ${say(labels.answers)} ${took(recentMs)}, ${say(labels.usually)} ${took(baselineMs)} (${probe})`,
    ),
  ];
}

/** A budget as a bar: full when used up, `?` when nobody knows. */
function bar(used: number | null, limit: number): string {
  if (used === null) return `[${'?'.padEnd(barWidth, '.')}]`;
  const share = limit === 0 ? (used > 0 ? 1 : 0) : Math.min(1, used / limit);
  const full = Math.ceil(share * barWidth);
  return `[${'#'.repeat(full)}${'.'.repeat(barWidth - full)}]`;
}

function remarkLines(run: Run, say: Say): string[] {
  const watched = ['working', 'held', 'tripped', 'recovering'].includes(run.phase);
  const refused = run.refusal !== null && (watched || run.phase === 'starting' || run.outcome === 'refused');
  return [
    ...(run.hostState === null && watched ? [`  ${say(labels.noHost)}`] : []),
    ...(run.trip === null ? [] : [`  ${say(labels.trip)}: ${say(tripWords(run.trip as Trip))}`]),
    ...(!refused ? [] : [`  ${say(labels.refusal)}: ${say(refusalText(run.refusal as Refusal))}`]),
    ...run.alarms.map(({ kind, detail }) => `  ${say(labels.alarm)}: ${kind} (${detail})`),
  ];
}

/** A block of lines that is drawn over itself on a terminal; elsewhere `kept` is printed when it changed. */
export type Block = {
  draw(lines: readonly string[], kept: readonly string[]): void;
};

export function startBlock(stream: NodeJS.WriteStream = process.stderr): Block {
  let drawn = 0;
  let last = '';
  return {
    draw(lines, kept) {
      if (stream.isTTY !== true) {
        const text = kept.join('\n');
        if (text !== last) stream.write(`${text}\n`);
        last = text;
        return;
      }
      const columns = (stream.columns || 80) - 1;
      const up = drawn === 0 ? '' : `\u001b[${drawn}A`;
      stream.write(`${up}${lines.map((line) => `\u001b[2K${fit(line, columns)}\n`).join('')}\u001b[0J`);
      drawn = lines.length;
    },
  };
}
