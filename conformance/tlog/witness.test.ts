import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ED25519, formatVerifierKey, verifierKey } from '@breakwater/rules/evidence';
import { openNote } from '@breakwater/verify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { absent, readShared } from './shared-data.ts';

interface Exchanges {
  logOrigin: string;
  logPublicKeyHex: string;
  exchanges: { method: string; path: string; body: string; status: number; asserts: string[] }[];
}

/**
 * The witness that the exchanges were recorded from answers an unknown log with 403. C2SP tlog-witness: "If the checkpoint
 * origin is unknown, the witness MUST respond with a 404". We follow the specification.
 */
const SPECIFIED = new Map([['unknown log', 404]]);

const entry = fileURLToPath(new URL('../../packages/cli/src/start.ts', import.meta.url));
const NAME = 'example.com/witness';

describe.skipIf(absent)(`published witness exchanges${absent ? `: skipped, ${absent}` : ''}`, () => {
  const data = absent ? ({ exchanges: [] } as unknown as Exchanges) : (readShared('tlog-witness.json') as Exchanges);
  let folder: string;
  let witness: ChildProcess;
  let served: { url: string; vkey: string };
  const command = (...words: string[]): string[] => [
    entry,
    'evidence',
    'witness',
    ...words,
    '--folder',
    join(folder, 'w'),
    '--json',
  ];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'breakwater-conformance-'));
    const key = formatVerifierKey(
      verifierKey(data.logOrigin, ED25519, new Uint8Array(Buffer.from(data.logPublicKeyHex, 'hex'))),
    );
    execFileSync(process.execPath, command('init', '--name', NAME));
    execFileSync(process.execPath, command('add-log', key));
    witness = spawn(process.execPath, command('serve', '--port', '0'), { stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    for await (const chunk of witness.stdout ?? []) {
      said += String(chunk);
      if (said.endsWith('}\n')) break;
    }
    served = JSON.parse(said) as typeof served;
  }, 60_000);
  afterAll(async () => {
    const exited = once(witness, 'exit');
    witness.kill('SIGTERM');
    await exited;
    rmSync(folder, { recursive: true, force: true });
  });

  test.each(data.exchanges.map((exchange, i) => [i + 1, exchange] as const))(
    'exchange %i in order',
    async (_n, exchange) => {
      const answer = await fetch(`${served.url}${exchange.path}`, { method: exchange.method, body: exchange.body });
      const body = await answer.text();
      const said = [...SPECIFIED.keys()].find((words) => body.includes(words));
      expect(answer.status).toBe(SPECIFIED.get(said ?? '') ?? exchange.status);
      for (const assertion of exchange.asserts) {
        const contains = /^body contains "(.*)"$/s.exec(assertion)?.[1];
        if (contains === undefined) expect(assertion).toBe(`body == ${JSON.stringify(body)}`);
        else expect(body).toContain(contains);
      }
      if (answer.status === 409) expect(answer.headers.get('content-type')).toBe('text/x.tlog.size');
      if (answer.status === 200) {
        const note = exchange.body.slice(exchange.body.indexOf('\n\n') + 2);
        expect(openNote(note + body, [served.vkey]).verified).toEqual([NAME]);
      }
    },
  );
});
