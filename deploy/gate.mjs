/**
 * The gate of the container level: guardd's proxy with one scope, for as long as the scope's window is open. It needs no
 * privilege. When it ends, the tester has no way out.
 *
 * Environment: SCOPE (the scope as JSON), EVIDENCE (a writable folder), PORT, GUARDD (guardd's file). Exit 0: the window is
 * over, or it was asked to stop; 1: the window is not open; 2: no scope; 3: the proxy failed.
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

const { SCOPE = '/policy/scope.json', EVIDENCE = '/evidence', PORT = '3128' } = process.env;
const { GUARDD = new URL('guardd.mjs', import.meta.url).pathname, LISTEN = '0.0.0.0' } = process.env;
const longestTimerMs = 2 ** 31 - 1;

function leave(code, reason) {
  process.stderr.write(`gate: ${reason}\n`);
  process.exit(code);
}

let scope;
try {
  scope = JSON.parse(readFileSync(SCOPE, 'utf8'));
} catch (error) {
  leave(2, `${SCOPE} cannot be read as JSON (${error.code ?? error.name})`);
}
const start = Date.parse(scope?.window?.start);
const end = Date.parse(scope?.window?.end);
if (Number.isNaN(start) || Number.isNaN(end)) leave(2, `${SCOPE} has no window`);
const now = Date.now();
if (now < start || now >= end) leave(1, `the window is not open (${scope.window.start} to ${scope.window.end})`);

const proxy = spawn(process.execPath, ['--disable-sigusr1', GUARDD, 'proxy'], {
  // Its news are for whoever reads the log of the container; its owner is this pipe.
  stdio: ['pipe', 'inherit', 'inherit'],
  env: { PATH: process.env.PATH ?? '' },
});
let asked = false;
const stop = () => {
  asked = true;
  proxy.stdin.end();
};
proxy.stdin.on('error', () => undefined);
proxy.stdin.write(
  `${JSON.stringify({ scope, folder: EVIDENCE, listen: [{ address: LISTEN, port: Number(PORT) }], direct: [], user: null })}\n`,
);
proxy.on('error', (error) => leave(3, `the proxy did not start (${error.code ?? error.name})`));
proxy.on('exit', (code) => (asked ? process.exit(0) : leave(3, `the proxy ended (${code})`)));
for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, stop);
// A proxy that does not end when it is asked is killed: the end of the window waits for nobody.
setTimeout(
  () => {
    stop();
    setTimeout(() => proxy.kill('SIGKILL'), 1000);
  },
  Math.min(end - Date.now(), longestTimerMs),
);
