/**
 * `npm run scenarios [-- --fresh]`: the whole product of faults. It notes each case that passed and skips it when started
 * again on the same commit; when all are through it writes date, commit and counts into scenarios/README.md.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const here = import.meta.dirname;
const root = join(here, '..');
const { values } = parseArgs({ options: { fresh: { type: 'boolean', default: false } } });
const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim();
const passedLog = join(root, '.breakwater', `scenarios-${commit}.passed`);
if (values.fresh) rmSync(passedLog, { force: true });

const started = Date.now();
const run = spawnSync(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', '--passWithNoTests', 'scenarios/'], {
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
