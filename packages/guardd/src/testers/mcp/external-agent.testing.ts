/** For tests: an agent of others. It reads how to start our server as such agents do, and makes one probe with it. */
import { readFileSync } from 'node:fs';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';

const [config = '', host = '', port = ''] = process.argv.slice(2);
const { mcpServers } = JSON.parse(readFileSync(config, 'utf8')) as {
  mcpServers: Record<string, { command: string; args: string[] }>;
};
const server = mcpServers['breakwater'];
if (server === undefined) throw new Error('the configuration names no server');
const client = new Client({ name: 'external', version: '1' });
await client.connect(new StdioClientTransport({ ...server, stderr: 'ignore' }));
const { content } = await client.callTool({ name: 'tcp-connect', arguments: { host, port: Number(port) } });
process.stdout.write(`${JSON.stringify(content)}\n`);
await client.close();
