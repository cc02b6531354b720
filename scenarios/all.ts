/**
 * `npm run scenarios [-- --fresh]`: every property with values that were never tried before, then the whole product of
 * faults. It notes each case that passed and skips it when started
 * again on the same commit; when all are through it writes date, commit and counts into scenarios/README.md.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const here = import.meta.dirname;
const root = join(here, '..');
/** How many seeds the properties are tried with before the faults. */
const freshRounds = 3;
const { values } = parseArgs({ options: { fresh: { type: 'boolean', default: false } } });
const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim();
const passedLog = join(root, '.breakwater', `scenarios-${commit}.passed`);
if (values.fresh) rmSync(passedLog, { force: true });

const started = Date.now();
const propertyTests = execFileSync('git', ['grep', '-l', "from 'fast-check'", '--', '*.test.ts'], {
  cwd: root,
  encoding: 'utf8',
});
const vitest = ['node_modules/vitest/vitest.mjs', 'run'];
for (let round = 1; round <= freshRounds; round++) {
  const properties = spawnSync(process.execPath, [...vitest, ...propertyTests.trim().split('\n')], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, TEST_SEED: 'fresh' },
  });
  if (properties.status !== 0) {
    process.stderr.write('a property does not hold; its seed, printed above, brings the failure again\n');
    process.exit(1);
  }
}

const run = spawnSync(process.execPath, [...vitest, '--passWithNoTests', 'scenarios/'], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, BREAKWATER_SCENARIOS_PASSED: passedLog },
});

const passed = existsSync(passedLog) ? readFileSync(passedLog, 'utf8').trim().split('\n') : [];
if (run.status !== 0) {
  process.stderr.write(
    `${passed.length} cases have passed so far on ${commit}; start again to go on with the others\n`,
  );
  process.exit(1);
}
const perScenario = Object.entries(Object.groupBy(passed, (line) => line.split(':')[0] ?? ''));
const rows = perScenario.map(([scenario, cases]) => `| ${scenario} | ${cases?.length ?? 0} |`);
const readme = join(here, 'README.md');
const marker = '<!-- results -->';
const head = readFileSync(readme, 'utf8').split(marker)[0] ?? '';
const minutes = Math.ceil((Date.now() - started) / 60_000);
writeFileSync(
  readme,
  `${head}${marker}\n\nAll passed on ${new Date().toISOString().slice(0, 10)} at ${commit}; the last part took ${minutes} min.\n\n| scenario | cases |\n|---|---|\n${rows.join('\n')}\n`,
);
