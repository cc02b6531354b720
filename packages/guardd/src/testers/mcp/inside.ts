/** The safe probes as a server of the Model Context Protocol over standard input and output, for an agent of others. */
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { scopeSchema, type TesterEvent } from '@breakwater/rules/containment';
import { z } from 'zod';
import { formatLine } from '../../lines.ts';
import { handsFor, makeProbe, safeProbes } from '../probes/index.ts';
import type { Hands, Probe } from '../probes/probe.ts';

/** What a server is given: its scope, and how many probes it may make. */
export const mcpOrder = z.strictObject({ scope: scopeSchema, steps: z.int().min(1) });
export type McpOrder = z.infer<typeof mcpOrder>;

/** Of one message of the protocol. */
const maxMessageBytes = 1024 * 1024;

/** Serves until the other side closes. `words`: the order's file, and the socket for events; where nobody listens they are dropped. */
export async function serveProbes([orderFile = '', eventsSocket = '']: readonly string[]): Promise<void> {
  const order = mcpOrder.parse(JSON.parse(readFileSync(orderFile, 'utf8')));
  const stop = new AbortController();
  const told = connect(eventsSocket).on('error', () => told.destroy());
  const server = probeServer(order, handsFor(order.scope, stop.signal), (event) => {
    if (told.writable) told.write(formatLine(event));
  });
  const transport = new StdioServerTransport(process.stdin, process.stdout, { maxBufferSize: maxMessageBytes });
  process.stdin.once('end', () => {
    stop.abort();
    void server.close();
    told.end();
  });
  await server.connect(transport);
}

/** A server with one tool for each safe probe. */
export function probeServer({ steps }: McpOrder, hands: Hands, tell: (event: TesterEvent) => void): McpServer {
  const server = new McpServer({ name: 'breakwater', version: '1' });
  let left = steps;
  for (const probe of safeProbes) {
    server.registerTool(
      probe.name,
      {
        description: probe.description,
        inputSchema: shapeOf(probe),
        annotations: { readOnlyHint: true, destructiveHint: false, openWorldHint: true },
      },
      async (input: Record<string, unknown>) => {
        if (left-- <= 0) return answer({ notAllowed: 'the probes of this test are spent' }, true);
        const { result, said } = await makeProbe(probe, input, hands, tell);
        return answer({ result, untrusted: said }, result === 'not-allowed');
      },
    );
  }
  return server;
}

function answer(said: object, isError: boolean): { content: [{ type: 'text'; text: string }]; isError: boolean } {
  return { content: [{ type: 'text', text: JSON.stringify(said) }], isError };
}

/** Every probe takes one flat object. */
function shapeOf({ input }: Probe): z.ZodRawShape {
  return input instanceof z.ZodObject ? input.shape : {};
}
