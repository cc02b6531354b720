/** The tester `agent`: Breakwater's own, driven by a model, inside the cage. */
import { BreakwaterError } from '@breakwater/rules/error';
import type { TesterEvent } from '@breakwater/rules/containment';
import { formatLine } from '../../lines.ts';
import { endOf } from '../command.ts';
import { maxEventBytes, readEventLine } from '../event-lines.ts';
import { logEvent, outcomeEvent } from '../events.ts';
import { insideProgram, type InsideOrder } from '../inside.ts';
import { createLineSplitter } from '../lines.ts';
import { runProgram, type Reading } from '../program.ts';
import { timeBudget } from '../time.ts';
import { insideModelSocket, type Tester, type TesterContext } from '../tester.ts';

/** Calls of an agent whose plan sets no budget of steps: a loop ends somewhere. */
const defaultSteps = 500;
/** Time for the agent to say by itself that its time is over. */
const partingMs = 5000;
/** Events of one agent; what it says beyond them is counted. */
const mostEvents = 200_000;
const defaultTask = 'Find out which services of the targets answer, and what is weak about how they are set up.';

export const agentTester: Tester = {
  prepare(context) {
    orderOf(context);
    return { mounts: insideProgram('agent', [], context).mounts, env: {} };
  },
  start: (cage, context) =>
    runProgram(
      cage,
      insideProgram('agent', [], context).argv,
      {
        folder: context.folder,
        name: 'agent',
        input: formatLine(orderOf(context)),
        timeMs: timeBudget(context) + partingMs,
      },
      readEvents(),
    ),
};

/** The order of a plan. Throws BreakwaterError `tester.no-model`. */
export function orderOf(context: TesterContext): InsideOrder {
  const { scope, tester, modelSocket } = context;
  const { model, task, budgets = {} } = tester;
  if (model === undefined)
    throw new BreakwaterError(
      'tester.no-model',
      'an agent is driven by a model: name it in tester.model',
      '/tester/model',
    );
  return {
    scope,
    task: task ?? defaultTask,
    model: {
      provider: model.provider ?? 'openai-compatible',
      name: model.name,
      socket: modelSocket ?? insideModelSocket,
    },
    budgets: {
      steps: budgets.steps ?? defaultSteps,
      tokens: budgets.tokens ?? null,
      bytes: budgets.bytes ?? null,
      timeMs: timeBudget(context),
    },
  };
}

/** Reads events of our own program. Its last word is its outcome; a program that ends without one has failed, or was stopped. */
export function readEvents(): Reading {
  const splitter = createLineSplitter(maxEventBytes);
  let outcome: Extract<TesterEvent, { kind: 'outcome' }> | null = null;
  let events = 0;
  let skipped = 0;
  const told = function* (lines: Iterable<string | null>): Generator<TesterEvent> {
    for (const line of lines) {
      const event = line === null || outcome !== null || events >= mostEvents ? null : readEventLine(line);
      if (event === null) skipped++;
      else if (event.kind === 'outcome') outcome = event;
      else {
        events++;
        yield event;
      }
    }
  };
  return {
    take: (chunk) => told(splitter.take(chunk)),
    *end(exitCode, kept) {
      yield* told(splitter.end());
      if (skipped > 0) yield logEvent('warn', `${skipped} lines were no events`);
      const end = endOf(exitCode);
      if (outcome === null)
        yield outcomeEvent(end === 'completed' ? 'failed' : end, exitCode, `it told no outcome; ${kept}`);
      else yield outcomeEvent(outcome.outcome, exitCode, `${outcome.detail} ${kept}`);
    },
  };
}
