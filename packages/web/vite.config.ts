/** `npm run dev`: the sources as they are, with the API of a running server behind them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const runDir = process.env['BREAKWATER_RUN_DIR'] ?? join(import.meta.dirname, '../../.breakwater/run');
const read = (file: string): string => readFileSync(join(runDir, file), 'utf8').trim();

export default defineConfig(({ command }) => {
  if (command !== 'serve') throw new Error('the console is built by `npm run console`');
  const { apiUrl } = JSON.parse(read('server.json')) as { apiUrl: string };
  const behind = { target: apiUrl, headers: { authorization: `Bearer ${read('token')}` } };
  return { plugins: [react()], server: { host: '127.0.0.1', proxy: { '/v1': behind, '/levers': behind } } };
});
