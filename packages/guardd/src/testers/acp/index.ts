/** The tester `acp`: an agent of others in the cage, driven by the Agent Client Protocol, with our probes as its tools. */
import { Readable, Writable } from 'node:stream';
import { client, methods, ndJsonStream, PROTOCOL_VERSION, type SessionUpdate } from '@agentclientprotocol/sdk';
import type { TesterEvent, TesterOutcome } from '@breakwater/rules/containment';
import type { Program } from '../../cage/index.ts';
import { codeOf } from '../../log.ts';
import { keepArtefact, sayArtefact } from '../artefact.ts';
import { logEvent, outcomeEvent } from '../events.ts';
import { listenTold, serverArgv, serverMounts } from '../mcp/served.ts';
import { createEventQueue, type EventQueue } from '../queue.ts';
import { cagePlaces, type Tester, type TesterContext } from '../tester.ts';
import { timeBudget } from '../time.ts';
import { targetsOf, wordsOf } from '../words.ts';
import { permissionFor } from './permission.ts';

/** Of one message of the protocol. */
const maxMessageBytes = 4 * 1024 * 1024;
/** How long an agent may take to end after its last turn, ms. The cage ends it in any case. */
const partingMs = 2000;
const defaultTask = 'Find out which services of the targets answer, and what is weak about how they are set up.';

/** How a turn ended, by the protocol's own word. */
const outcomes: Readonly<Record<string, TesterOutcome>> = {
  end_turn: 'completed',
  refusal: 'model-refused',
  max_tokens: 'budget-spent',
  max_turn_requests: 'budget-spent',
  cancelled: 'stopped',
};

export const acpTester: Tester = {
  prepare(context) {
    wordsOf(context.tester.run ?? [], context);
    return { mounts: serverMounts(context), env: {} };
  },
  start(cage, context) {
    const queue = createEventQueue();
    const told = listenTold(context, (event) => queue.push(event));
    const begin = (): Program => cage.start(wordsOf(context.tester.run ?? [], context), { stdin: 'pipe' });
    void talk(begin, context, queue).then(async (last) => {
      await told.end();
      if (queue.dropped > 0) queue.push(logEvent('warn', `${queue.dropped} events came too fast and were dropped`));
      queue.end(last);
    });
    return queue;
  },
};

/** One session with one prompt. Never throws. */
async function talk(begin: () => Program, context: TesterContext, queue: EventQueue): Promise<TesterEvent> {
  const errors = keepArtefact(context.folder, 'acp.stderr');
  let program: Program;
  try {
    program = begin();
  } catch (error) {
    return outcomeEvent('failed', null, `the agent could not be started (${codeOf(error)})`);
  }
  const ended = new Promise<{ exitCode: number | null; began: boolean }>((resolve) => {
    program.once('exit', (exitCode) => resolve({ exitCode, began: true }));
    program.once('error', () => resolve({ exitCode: null, began: false }));
  });
  program.stderr.on('data', (chunk: Buffer) => errors.take(chunk));
  for (const pipe of [program.stdin, program.stdout, program.stderr]) pipe?.on('error', () => undefined);
  const stop = new AbortController();
  const budget = timeBudget(context);
  const timer = setTimeout(() => stop.abort(), budget);
  const said = await Promise.race([
    converse(program, context, queue, stop.signal),
    ended.then(({ exitCode, began }) => ({
      outcome: began && (exitCode === null || exitCode > 128) ? ('stopped' as const) : ('failed' as const),
      detail: began ? 'the agent ended before its turn was over' : 'the agent could not be started',
    })),
  ]);
  clearTimeout(timer);
  stop.abort();
  program.stdin?.end();
  const { exitCode } = await Promise.race([
    ended,
    new Promise<{ exitCode: null }>((resolve) => setTimeout(() => resolve({ exitCode: null }), partingMs).unref()),
  ]);
  return outcomeEvent(said.outcome, exitCode, `${said.detail}; ${sayArtefact(errors.end())}`);
}

interface Said {
  readonly outcome: TesterOutcome;
  readonly detail: string;
}

async function converse(
  { stdin, stdout }: Program,
  context: TesterContext,
  queue: EventQueue,
  signal: AbortSignal,
): Promise<Said> {
  if (stdin === null) return { outcome: 'failed', detail: 'the agent has no standard input' };
  const most = context.tester.budgets?.steps ?? Number.POSITIVE_INFINITY;
  let asked = 0;
  const app = client({ name: 'breakwater' })
    .onRequest(methods.client.session.requestPermission, ({ params: { toolCall, options } }) => {
      const { outcome, allowed, reason } = permissionFor(toolCall, ++asked > most ? [] : options, context.scope);
      queue.push(logEvent(allowed ? 'info' : 'warn', `${allowed ? 'allowed' : 'denied'}: ${reason}`));
      return { outcome };
    })
    .onNotification(methods.client.session.update, ({ params: { update } }) => {
      const event = eventOf(update);
      if (event !== null) queue.push(event);
    });
  const stream = ndJsonStream(
    Writable.toWeb(stdin) as WritableStream<Uint8Array>,
    Readable.toWeb(stdout) as ReadableStream<Uint8Array>,
    { maxMessageBytes },
  );
  const [command = '', ...args] = serverArgv(context);
  try {
    return await app.connectWith(stream, async (agent): Promise<Said> => {
      const late = new Promise<Said>((resolve) => {
        signal.addEventListener('abort', () => resolve({ outcome: 'budget-spent', detail: 'the time is over' }));
      });
      const turn = async (): Promise<Said> => {
        await agent.request(methods.agent.initialize, {
          protocolVersion: PROTOCOL_VERSION,
          // Neither files nor terminals are offered: the agent has what the cage has.
          clientCapabilities: { fs: { readTextFile: false, writeTextFile: false }, terminal: false },
        });
        const { sessionId } = await agent.request(methods.agent.session.new, {
          cwd: (context.inside ?? cagePlaces).out,
          mcpServers: [{ name: 'breakwater', command, args, env: [] }],
        });
        const text = `${context.tester.task ?? defaultTask}\n\nTargets:\n${targetsOf(context.scope).slice(0, 500).join('\n')}`;
        const { stopReason } = await agent.request(methods.agent.session.prompt, {
          sessionId,
          prompt: [{ type: 'text', text }],
        });
        return {
          outcome: Object.hasOwn(outcomes, stopReason) ? (outcomes[stopReason] ?? 'failed') : 'failed',
          detail: `the turn ended with ${stopReason}`,
        };
      };
      return Promise.race([turn(), late]);
    });
  } catch (error) {
    return { outcome: 'failed', detail: `the agent broke the protocol (${codeOf(error)})` };
  }
}

/** What an agent shows, in plain words; its thoughts and pictures are left out. */
function eventOf(update: SessionUpdate): TesterEvent | null {
  if (update.sessionUpdate === 'agent_message_chunk' && update.content.type === 'text')
    return logEvent('info', update.content.text);
  if (update.sessionUpdate === 'tool_call') return logEvent('info', `calls ${update.title}`);
  return null;
}
