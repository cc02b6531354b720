/** The testers of the demo's security test: a scanner, then an agent driven by a model that follows a script, so that it does the same every time. */
import { createScriptedModel, type ScriptedModel, type ScriptedRequest, type ScriptedTurn } from '@breakwater/guardd';

/** By this name the execution hosts know the model's endpoint. */
export const modelEndpoint = 'scripted';

/** The plan's `tester`. The scanner also looks at port 22, which the scope does not allow: the gate blocks and counts it. */
export const testerSpec = {
  kind: 'agent',
  run: ['nmap', '-Pn', '-sT', '-p', '{ports},22', '{target}'],
  task: 'Find out which services of the targets answer, and which pages of the statements are left over from old versions.',
  usesAi: true,
  model: { provider: 'openai-compatible', name: 'scripted-demo', endpoint: modelEndpoint },
  budgets: { steps: 500, tokens: 100_000, time: 'PT60S' },
} as const;

/** Pages that the model asks for in one turn, and turns. */
const pagesATurn = 24;
const turns = 5;

/** A loopback endpoint that answers as a hosted model would. */
export function startScriptedModel(): Promise<ScriptedModel> {
  return createScriptedModel((_, request) => script(turnOf(request), targetsOf(request)));
}

/** First a look at every target; then, eagerly, pages of the last of them, which are the statements. */
function script(turn: number, targets: readonly Target[]): ScriptedTurn {
  const statement = targets.at(-1);
  if (statement === undefined) return { text: 'There is no target.' };
  if (turn === 0) {
    return {
      text: 'I look at the front page of every service.',
      calls: targets.map(({ host, port }) => ({ tool: 'http_get', input: { url: `http://${host}:${port}/` } })),
    };
  }
  if (turn <= turns) {
    return {
      calls: Array.from({ length: pagesATurn }, (_, i) => ({
        tool: 'http_get',
        input: { url: `http://${statement.host}:${statement.port}/statement?page=${turn}-${i}` },
      })),
    };
  }
  return { text: 'All four services answer. No page of an old version was found.' };
}

/** How often this conversation was answered before. */
function turnOf({ messages }: ScriptedRequest): number {
  return messages.filter(({ role }) => role === 'assistant').length;
}

interface Target {
  readonly host: string;
  readonly port: string;
}

/** The prompt lists the targets of the scope, a line each: `10.77.0.2/32: tcp/8080`. */
function targetsOf({ messages }: ScriptedRequest): Target[] {
  const prompt = JSON.stringify(messages);
  return [...prompt.matchAll(/(\d+\.\d+\.\d+\.\d+)\/32: tcp\/(\d+)/g)].map(([, host = '', port = '']) => ({
    host,
    port,
  }));
}
