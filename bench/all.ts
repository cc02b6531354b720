/**
 * `npm run bench [-- NAME…]`: runs every benchmark in its own process, one after the other, prints all figures with
 * their method, and writes them with date and machine into bench/README.md. `--json` prints one JSON document instead.
 */
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { type BenchResult, resultMarkdown } from './result.ts';

const notBenchmarks = new Set(['all.ts', 'one.ts', 'result.ts']);
const here = import.meta.dirname;
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean', default: false } },
});
const names = readdirSync(here)
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && !notBenchmarks.has(file))
  .map((file) => file.slice(0, -'.ts'.length))
  .filter((name) => positionals.length === 0 || positionals.includes(name));

/** A process each: one benchmark's heap and open handles never colour the next one's figures. */
function measure(name: string): Promise<BenchResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [`${here}/one.ts`, name], { stdio: ['ignore', 'pipe', 'inherit'] });
    let out = '';
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0 ? resolve(JSON.parse(out) as BenchResult) : reject(new Error(`bench ${name} ended with ${code}`)),
    );
  });
}

const results: BenchResult[] = [];
for (const name of names) {
  process.stderr.write(`measuring ${name}\n`);
  results.push(await measure(name));
}

if (values.json) {
  process.stdout.write(`${JSON.stringify({ schema: 'breakwater.bench/1', results }, null, 2)}\n`);
} else {
  process.stdout.write(`${results.map(resultMarkdown).join('\n')}\n`);
}
if (positionals.length === 0) {
  const readme = `${here}/README.md`;
  const marker = '<!-- figures -->';
  const head = readFileSync(readme, 'utf8').split(marker)[0] ?? '';
  const machine = `${cpus().length} x ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB, Linux ${release()}, Node.js ${process.version}`;
  const when = new Date().toISOString().slice(0, 10);
  writeFileSync(
    readme,
    `${head}${marker}\n\nMeasured ${when} on ${machine}.\n\n${results.map(resultMarkdown).join('\n')}`,
  );
}
