/**
 * `npm run bench [-- NAME…]`: runs the benchmarks in processes of their own, one after the other, and prints all figures
 * with their method. Each measurement is kept in `figures/` with its date, machine and load, and bench/README.md is made
 * from them. `--json` prints one JSON document instead.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { type BenchResult, resultMarkdown } from './result.ts';

interface Measurement {
  readonly when: string;
  readonly machine: string;
  /** Load of the machine just before: other work slows peers and limits alike, but not evenly. */
  readonly load: number;
  readonly result: BenchResult;
}

const notBenchmarks = /^(all|one|result)\.ts$|-stand\.ts$|\.test\.ts$/;
const here = import.meta.dirname;
const figures = `${here}/figures`;
const machine = `${cpus().length} x ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB, Linux ${release()}, Node.js ${process.version}`;

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

function writeReadme(names: readonly string[]): void {
  const sections = names.flatMap((name) => {
    const file = `${figures}/${name}.json`;
    if (!existsSync(file)) return [];
    const { when, machine: on, load, result } = JSON.parse(readFileSync(file, 'utf8')) as Measurement;
    return [`${resultMarkdown(result)}\n\`npm run bench -- ${name}\`, ${when}, ${on}, load ${load} before it began.\n`];
  });
  const readme = `${here}/README.md`;
  const marker = '<!-- figures -->';
  const head = readFileSync(readme, 'utf8').split(marker)[0] ?? '';
  writeFileSync(readme, `${head}${marker}\n\n${sections.join('\n')}`);
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean', default: false } },
});
const names = readdirSync(here)
  .filter((file) => file.endsWith('.ts') && !notBenchmarks.test(file))
  .map((file) => file.slice(0, -'.ts'.length));
const unknown = positionals.find((name) => !names.includes(name));
if (unknown !== undefined) {
  process.stderr.write(`there is no benchmark ${unknown}: ${names.join(', ')}\n`);
  process.exit(2);
}

mkdirSync(figures, { recursive: true });
const results: BenchResult[] = [];
for (const name of positionals.length === 0 ? names : positionals) {
  process.stderr.write(`measuring ${name}\n`);
  const load = Math.round((loadavg()[0] ?? 0) * 10) / 10;
  const result = await measure(name);
  results.push(result);
  const measurement: Measurement = { when: new Date().toISOString().slice(0, 10), machine, load, result };
  writeFileSync(`${figures}/${name}.json`, `${JSON.stringify(measurement, null, 2)}\n`);
  writeReadme(names);
}
process.stdout.write(
  values.json
    ? `${JSON.stringify({ schema: 'breakwater.bench/1', results }, null, 2)}\n`
    : `${results.map(resultMarkdown).join('\n')}\n`,
);
