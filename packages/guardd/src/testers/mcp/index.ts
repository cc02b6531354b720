/** The tester `mcp`: an agent of others in the cage, which gets our probes by the Model Context Protocol. */
import { timeGiven } from '../time.ts';
import type { TesterEvent } from '@breakwater/rules/containment';
import { endOf } from '../command.ts';
import { outcomeEvent } from '../events.ts';
import { runProgram, type Reading } from '../program.ts';
import { createEventQueue } from '../queue.ts';
import { cagePlaces, type Tester, type TesterCage, type TesterContext } from '../tester.ts';
import { wordsOf } from '../words.ts';
import { listenTold, serverMounts } from './served.ts';

export const mcpTester: Tester = {
  prepare(context) {
    agentWords(context);
    return { mounts: serverMounts(context), env: {} };
  },
  start(cage, context) {
    const queue = createEventQueue();
    const told = listenTold(context, (event) => queue.push(event));
    void lastOf(cage, context).then(async (last) => {
      await told.end();
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
