/** For tests: an agent of others that speaks the Agent Client Protocol, and asks for what its first argument says. */
import { Readable, Writable } from 'node:stream';
import { agent, methods, ndJsonStream, PROTOCOL_VERSION, type McpServer } from '@agentclientprotocol/sdk';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';

const [part = 'probe', host = '', port = ''] = process.argv.slice(2);
let servers: readonly McpServer[] = [];

const app = agent({ name: 'external' })
  .onRequest(methods.agent.initialize, () => ({ protocolVersion: PROTOCOL_VERSION, agentCapabilities: {} }))
  .onRequest(methods.agent.session.new, ({ params }) => {
    servers = params.mcpServers;
    return { sessionId: 'one' };
  })
  .onRequest(methods.agent.session.prompt, async ({ params: { sessionId }, client }) => {
    if (part === 'refuse') return { stopReason: 'refusal' };
    if (part === 'hang') return new Promise<never>(() => undefined);
    if (part === 'die') process.exit(3);
    if (part === 'flood') {
      for (let i = 0; i < 20_000; i++)
        void client.notify(methods.client.session.update, {
          sessionId,
          update: { sessionUpdate: 'agent_message_chunk', content: { type: 'text', text: `\u001b[2J${i}` } },
        });
      return { stopReason: 'end_turn' };
    }
    const name = part === 'shell' ? 'bash' : 'mcp__breakwater__tcp-connect';
    const input = part === 'shell' ? { command: `nc ${host} ${port}` } : { host, port: Number(port) };
    const { outcome } = await client.request(methods.client.session.requestPermission, {
      sessionId,
      toolCall: { toolCallId: 'call-1', title: name, kind: 'execute', rawInput: input },
      options: [
        { optionId: 'always', name: 'Always', kind: 'allow_always' },
        { optionId: 'once', name: 'Once', kind: 'allow_once' },
        { optionId: 'no', name: 'No', kind: 'reject_once' },
      ],
    });
    const said = outcome.outcome === 'selected' ? outcome.optionId : outcome.outcome;
    if (said === 'once') await probe(input);
    await client.notify(methods.client.session.update, {
      sessionId,
      update: { sessionUpdate: 'agent_message_chunk', content: { type: 'text', text: `permission: ${said}` } },
    });
    return { stopReason: 'end_turn' };
  });

async function probe(input: Record<string, unknown>): Promise<void> {
  const [server] = servers;
  if (server === undefined || !('command' in server)) throw new Error('there is no server');
  const mcp = new Client({ name: 'external', version: '1' });
  await mcp.connect(new StdioClientTransport({ command: server.command, args: server.args, stderr: 'ignore' }));
  await mcp.callTool({ name: 'tcp-connect', arguments: input });
  await mcp.close();
}

app.connect(
  ndJsonStream(
    Writable.toWeb(process.stdout) as WritableStream<Uint8Array>,
    Readable.toWeb(process.stdin) as ReadableStream<Uint8Array>,
  ),
);
