/** `npm run dev`: the sources as they are, with the API of a running server behind them. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig, type ProxyOptions } from 'vite';

const runDir = process.env['BREAKWATER_RUN_DIR'] ?? join(import.meta.dirname, '../../.breakwater/run');
const read = (file: string): string => readFileSync(join(runDir, file), 'utf8').trim();

/** The server that was started last in the run folder; without one the pages show how they fail. */
function behind(): Record<string, ProxyOptions> {
  if (!existsSync(join(runDir, 'server.json'))) return {};
  const { apiUrl } = JSON.parse(read('server.json')) as { apiUrl: string };
  const options = { target: apiUrl, headers: { authorization: `Bearer ${read('token')}` } };
  return { '/v1': options, '/levers': options };
}

export default defineConfig({ plugins: [react()], server: { host: '127.0.0.1', proxy: behind() } });
