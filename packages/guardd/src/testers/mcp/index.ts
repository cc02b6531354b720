/** The tester `mcp`: an agent of others in the cage, which gets our probes by the Model Context Protocol. */
import { timeGiven } from '../time.ts';
import type { TesterEvent } from '@breakwater/rules/containment';
import { endOf } from '../command.ts';
import { outcomeEvent } from '../events.ts';
import { runProgram, type Reading } from '../program.ts';
import { createEventQueue } from '../queue.ts';
import { cagePlaces, type Tester, type TesterCage, type TesterContext } from '../tester.ts';
import { wordsOf } from '../words.ts';
import { followTold, serverMounts } from './served.ts';

/** How often what the probes told is read, ms. */
const followMs = 200;

export const mcpTester: Tester = {
  prepare(context) {
    agentWords(context);
    return { mounts: serverMounts(context), env: {} };
  },
  start(cage, context) {
    const queue = createEventQueue();
    const told = followTold(context);
    const drain = (): void => {
      for (const event of told()) queue.push(event);
    };
    const timer = setInterval(drain, followMs);
    void lastOf(cage, context).then((last) => {
      clearInterval(timer);
      drain();
      queue.end(last);
    });
    return queue;
  },
};

/** The agent's words; `{mcp-config}` is the file that tells it how to start our server. */
function agentWords(context: TesterContext): string[] {
  const { given } = context.inside ?? cagePlaces;
  return wordsOf(context.tester.run ?? [], context, { 'mcp-config': [`${given}/mcp.json`] });
}

async function lastOf(cage: TesterCage, context: TesterContext): Promise<TesterEvent> {
  let last: TesterEvent = outcomeEvent('failed', null, 'it told no outcome');
  for await (const event of runProgram(
    cage,
    agentWords(context),
    { folder: context.folder, name: 'mcp', timeMs: timeGiven(context) },
    unread,
  ))
    last = event;
  return last;
}

/** What the agent itself says is kept, not understood. */
const unread: Reading = {
  take: () => [],
  end: (exitCode, kept) => [outcomeEvent(endOf(exitCode), exitCode, kept)],
};
