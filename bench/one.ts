/** Runs one benchmark by name and prints its result as JSON on standard output. */
import type { BenchResult } from './result.ts';

const name = process.argv[2] ?? '';
if (!/^[a-z0-9-]+$/.test(name)) throw new Error('usage: node bench/one.ts NAME');
const bench = (await import(`./${name}.ts`)) as { run(): Promise<BenchResult> };
process.stdout.write(`${JSON.stringify(await bench.run())}\n`, () => process.exit(0));
