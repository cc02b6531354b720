import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const repository = join(import.meta.dirname, '..');
const tools = [
  'sh',
  'cat',
  'chmod',
  'cksum',
  'cp',
  'dirname',
  'flock',
  'grep',
  'mkdir',
  'mv',
  'rm',
  'sleep',
  'tr',
  'uname',
];
/** Stands in for npm, so that no registry is needed: it notes each call and makes what npm would make. */
const npm = `#!/bin/sh
[ "$2" != --help ] || { echo --strict-allow-scripts; exit 0; }
echo "$PWD $*" >>"$CALLS"
if [ -n "\${NPM_FAILS-}" ]; then echo "npm error code ENOTFOUND"; echo "npm error network"; echo "npm error more"; exit 1; fi
sleep "\${NPM_TAKES-0}"
mkdir -p node_modules
echo {} >node_modules/.package-lock.json
if [ "\${PWD##*/}" = runtime.new ]; then
  for arch in x64 arm64; do
    mkdir -p node_modules/node-linux-$arch/bin
    printf '#!/bin/sh\\necho v24.21.0\\n' >node_modules/node-linux-$arch/bin/node
    chmod +x node_modules/node-linux-$arch/bin/node
  done
fi
`;

let folder: string;
let root: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'breakwater bootstrap '));
  root = join(folder, 'a clone');
  mkdirSync(join(folder, 'bin'));
  for (const tool of tools) {
    const found = ['/usr/bin', '/bin'].map((bin) => join(bin, tool)).find((path) => existsSync(path));
    if (found !== undefined) symlinkSync(found, join(folder, 'bin', tool));
  }
  program('npm', npm);
  program('node', '#!/bin/sh\necho v20.20.2\n');
  for (const path of ['scripts/bootstrap', 'package-lock.json', 'package.json', 'runtime']) {
    cpSync(join(repository, path), join(root, path), { recursive: true });
  }
  chmodSync(folder, 0o700);
});
afterEach(() => rmSync(folder, { recursive: true }));

function program(name: string, text: string): void {
  writeFileSync(join(folder, 'bin', name), text, { mode: 0o755 });
}

type Result = { code: number | null; stdout: string; stderr: string };

function bootstrap(env: Record<string, string> = {}): { result: Promise<Result>; kill: () => void } {
  const script = `set -eu; root=$1; . "$root/scripts/bootstrap"; printf '%s %s' "$("$node" --version)" "$(command -v node)"`;
  const all = { PATH: join(folder, 'bin'), CALLS: join(folder, 'calls'), ...env };
  const child = spawn('/bin/sh', ['-c', script, 'sh', root], { env: all, detached: true });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => (stdout += String(chunk)));
  child.stderr.on('data', (chunk) => (stderr += String(chunk)));
  const result = once(child, 'close').then(([code]: unknown[]) => ({ code: code as number | null, stdout, stderr }));
  return { result, kill: () => process.kill(-(child.pid ?? 0), 'SIGKILL') };
}

function calls(): string[] {
  const file = join(folder, 'calls');
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
}

describe('the bootstrap, in a folder for us alone with spaces in its name', () => {
  test('installs the pinned Node.js where the machine’s is too old, then the packages, and puts that Node.js first', async () => {
    const { code, stdout, stderr } = await bootstrap().result;
    expect(stdout).toMatch(
      /^v24\.21\.0 .*a clone\/\.breakwater\/runtime\/node_modules\/node-linux-(x64|arm64)\/bin\/node$/,
    );
    expect(stderr).toBe('breakwater: installing Node.js 24 (once)\nbreakwater: installing packages (once)\n');
    expect(calls()[0]).toContain('runtime.new ci --ignore-scripts');
    expect(calls()[1]).toContain('ci --strict-allow-scripts');
    expect(code).toBe(0);
  });

  test('uses the machine’s Node.js when that is new enough', async () => {
    program('node', '#!/bin/sh\necho v25.0.0\n');
    expect((await bootstrap().result).stdout).toBe(`v25.0.0 ${join(folder, 'bin', 'node')}`);
    expect(calls()).toHaveLength(1);
  });

  test('does nothing the second time, and again when the lock file or node_modules is another', async () => {
    await bootstrap().result;
    expect(await bootstrap().result).toMatchObject({ code: 0, stderr: '' });
    expect(calls()).toHaveLength(2);
    writeFileSync(join(root, 'package-lock.json'), '{}');
    await bootstrap().result;
    rmSync(join(root, 'node_modules'), { recursive: true });
    await bootstrap().result;
    expect(calls()).toHaveLength(4);
  });

  test('installs once when started several times at once', async () => {
    const results = await Promise.all([1, 2, 3].map(() => bootstrap({ NPM_TAKES: '0.3' }).result));
    expect(results.map(({ code }) => code)).toEqual([0, 0, 0]);
    expect(calls()).toHaveLength(2);
  });

  test('that is killed in the middle is done over by the next', async () => {
    const first = bootstrap({ NPM_TAKES: '5' });
    await expect.poll(() => calls().length).toBe(1);
    first.kill();
    await first.result;
    expect(await bootstrap().result).toMatchObject({ code: 0, stdout: expect.stringContaining('v24.21.0') });
    expect(calls()).toHaveLength(3);
  });
});

describe('what stands in its way it says in a line, exit 3:', () => {
  test('no npm', async () => {
    rmSync(join(folder, 'bin', 'npm'));
    const { code, stdout, stderr } = await bootstrap().result;
    expect(stderr.trimEnd().split('\n').at(-1)).toMatch(/^breakwater: npm is needed once/);
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
  });

  test('no network, with the first two complaints of npm', async () => {
    const { code, stderr } = await bootstrap({ NPM_FAILS: 'yes' }).result;
    expect(stderr).toMatch(
      /npm error code ENOTFOUND\nnpm error network\nbreakwater: Node\.js 24 could not be installed .* check the network/,
    );
    expect(code).toBe(3);
    expect(await bootstrap().result).toMatchObject({ code: 0 });
  });

  test('an npm that breaks off and yet ends with success', async () => {
    program('npm', npm.replace('echo {} >node_modules/.package-lock.json', ':'));
    expect(await bootstrap().result).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('the packages of package-lock.json'),
    });
  });
});
