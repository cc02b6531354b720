/**
 * A loopback endpoint that answers as an OpenAI-compatible model would, by a script: what a model-driven test does is then the same
 * every time, for the demo and for tests, also what a model does that was talked into something.
 */
import { createServer, type Server } from 'node:http';

/** One answer: calls of tools, or words, or a refusal. `text` beside `calls` is said as well. */
export interface ScriptedTurn {
  readonly calls?: readonly { readonly tool: string; readonly input: Readonly<Record<string, unknown>> }[];
  readonly text?: string;
  readonly refusal?: string;
  /** Answers with this status instead, as an endpoint that refuses or fails does. */
  readonly status?: number;
}

/** A script: turn after turn, or a function of what was asked before; past its end the model says that it is done. */
export type ModelScript = readonly ScriptedTurn[] | ((turn: number, request: ScriptedRequest) => ScriptedTurn);

/** A request as it reached the endpoint. */
export interface ScriptedRequest {
  readonly path: string;
  readonly authorization: string | null;
  readonly messages: readonly { readonly role: string; readonly content: unknown }[];
}

export interface ScriptedModel {
  /** `http://127.0.0.1:PORT/v1` */
  readonly url: string;
  /** All requests so far, oldest first. */
  readonly requests: readonly ScriptedRequest[];
  close(): Promise<void>;
}

const maxRequestBytes = 16 * 1024 * 1024;

/** Starts an endpoint on loopback, or on a Unix socket where the cage would have its broker. */
export async function createScriptedModel(
  script: ModelScript,
  { socket }: { readonly socket?: string } = {},
): Promise<ScriptedModel> {
  const requests: ScriptedRequest[] = [];
  const server = createServer((asked, answer) => {
    const parts: Buffer[] = [];
    let size = 0;
    asked.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > maxRequestBytes) asked.destroy();
      else parts.push(chunk);
    });
    asked.on('end', () => {
      const body = JSON.parse(Buffer.concat(parts).toString('utf8')) as Pick<ScriptedRequest, 'messages'>;
      const request = {
        path: asked.url ?? '',
        authorization: asked.headers.authorization ?? null,
        messages: body.messages,
      };
      requests.push(request);
      const turn = requests.length - 1;
      const said = typeof script === 'function' ? script(turn, request) : (script[turn] ?? { text: 'Done.' });
      answer.writeHead(said.status ?? 200, { 'content-type': 'application/json' });
      answer.end(
        JSON.stringify(said.status === undefined ? completion(turn, said) : { error: { message: said.text } }),
      );
    });
  });
  await listening(server, socket);
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listening(server: Server, socket: string | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    if (socket === undefined) server.listen(0, '127.0.0.1', resolve);
    else server.listen(socket, resolve);
  });
}

function completion(turn: number, { calls = [], text, refusal }: ScriptedTurn): object {
  const toolCalls = calls.map(({ tool, input }, i) => ({
    id: `call-${turn}-${i}`,
    type: 'function',
    function: { name: tool, arguments: JSON.stringify(input) },
  }));
  return {
    id: `scripted-${turn}`,
    object: 'chat.completion',
    created: 0,
    model: 'scripted',
    choices: [
      {
        index: 0,
        finish_reason: toolCalls.length > 0 ? 'tool_calls' : 'stop',
        message: {
          role: 'assistant',
          content: text ?? null,
          ...(refusal === undefined ? {} : { refusal }),
          ...(toolCalls.length > 0 ? { tool_calls: toolCalls } : {}),
        },
      },
    ],
    usage: { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 },
  };
}
