import { defineConfig } from 'vitest/config';
import { ClosingLine } from './scripts/closing-line.ts';
import { seed } from './scripts/seed.ts';

/** Packages whose tests may ask for a database; the others do not pay for starting one. */
const withDatabase = ['packages/server', 'packages/cli', 'examples', 'scenarios', 'bench'];
const tests = (folders: readonly string[]): string[] => folders.map((folder) => `${folder}/**/*.test.ts`);

export default defineConfig({
  test: {
    reporters: ['default', new ClosingLine(seed)],
    setupFiles: ['scripts/property-seed.ts'],
    // A hang is a failure; slowness of a busy machine is none, and no test times anything.
    testTimeout: 60_000,
    // Scenarios wait for most of their time: a third worker finishes sooner on two cores and starves nobody.
    maxWorkers: 3,
    hookTimeout: 90_000,
    // What must come true is waited for with the same patience.
    expect: { poll: { timeout: 30_000 } },
    projects: [
      {
        extends: true,
        test: {
          name: 'database',
          include: tests(withDatabase),
          globalSetup: ['packages/server/src/platform/db/testing-server.ts'],
          // Real processes live by half-second leases; a machine that starves one of them once is not a fault of ours.
          retry: process.env['CI'] === undefined ? 0 : 2,
        },
      },
      {
        extends: true,
        test: {
          name: 'plain',
          include: [
            '*.test.ts',
            'scripts/**/*.test.ts',
            'conformance/**/*.test.ts',
            'deploy/**/*.test.ts',
            'packages/**/*.test.ts',
          ],
          exclude: ['**/node_modules/**', ...tests(withDatabase)],
        },
      },
    ],
  },
});
