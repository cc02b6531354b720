import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createClient } from '@breakwater/client';
import { afterAll, describe, expect, test } from 'vitest';
import { NotChecked } from '../frame.ts';
import { run } from '../notice/process.testing.ts';
import { watchRun } from './watch.ts';

const entry = fileURLToPath(new URL('../start.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'breakwater-watch-'));
afterAll(() => rmSync(folder, { recursive: true }));

const env = { BREAKWATER_DATA_DIR: folder, BREAKWATER_RUN_DIR: folder, LANG: 'en_US.UTF-8' };

describe('watching a run while no server answers', () => {
  test('says so, goes on trying, and gives up after --wait with exit 3', async () => {
    const { code, stdout, stderr } = await run(['status', 'r-1', '--watch', '--wait', '1200ms'], env);
    expect(code).toBe(3);
    expect(stdout).toBe('');
    expect(stderr).toContain('no server answers; trying again for up to 1.2 s');
    expect(stderr).toMatch(/server\.away.*no server answered for 1 s/);
    expect(stderr).toContain('./breakwater kill r-1');
  });

  test('prints its one document with --json', async () => {
    const { code, stdout } = await run(['status', 'r-1', '--watch', '--wait', '0.6s', '--json'], env);
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'server.away', path: 'r-1' } });
  });

  test('goes on when nobody reads what it says', async () => {
    const child = spawn(process.execPath, [entry, 'status', 'r-1', '--watch', '--wait', '1200ms', '--json'], {
      env: { PATH: process.env['PATH'], ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stderr.destroy();
    let stdout = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    expect(await once(child, 'close')).toEqual([3, null]);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'server.away' } });
  });

  test('a wait that is no duration is wrong use', async () => {
    const { code, stderr } = await run(['status', 'r-1', '--watch', '--wait', 'long'], env);
    expect(code).toBe(2);
    expect(stderr).toContain('usage.duration');
  });

  test('counts from the last answer, and an answer takes the run up again', async () => {
    const socket = join(folder, 'answers.sock');
    let asked = 0;
    const server = createServer((request, response) => {
      asked += 1;
      if (asked === 2) return request.socket.destroy();
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.end(`data: {"run":"r-1","phase":"${asked === 1 ? 'working' : 'ended'}"}\n\n`);
    });
    await new Promise<void>((resolve) => server.listen(socket, resolve));
    const silences: number[] = [];
    const phases: string[] = [];
    try {
      const away = { told: (silentMs: number) => silences.push(silentMs), waitMs: 60_000 };
      for await (const { phase } of watchRun(createClient({ socket }), 'r-1', away)) phases.push(phase);
    } finally {
      server.close();
    }
    expect(phases).toEqual(['working', 'ended']);
    expect(silences).toHaveLength(2);
    expect(silences[0]).toBeLessThan(silences[1] ?? 0);
  });

  test('nothing is yielded of a run that nobody tells of', async () => {
    const never = watchRun(createClient({ socket: join(folder, 'nowhere.sock') }), 'r-1', {
      told: () => undefined,
      waitMs: 1,
    });
    await expect(never.next()).rejects.toBeInstanceOf(NotChecked);
  });
});
