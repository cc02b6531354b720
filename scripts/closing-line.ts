import type { Reporter, TestModule } from 'vitest/node';

/**
 * Closes a test run with its seed, and its result alone on a line, `12 passed, 0 failed`, for whoever reads the end of
 * the output.
 */
export class ClosingLine implements Reporter {
  readonly #seed: number;

  constructor(seed: number) {
    this.#seed = seed;
  }

  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const count = { passed: 0, failed: errors.length, skipped: 0, pending: 0 };
    for (const module of modules) {
      // A module that could not be loaded, or whose hooks failed, has failed even when none of its tests was run.
      if (module.state() === 'failed' && [...module.children.allTests('failed')].length === 0) count.failed += 1;
      for (const test of module.children.allTests()) count[test.result().state] += 1;
    }
    const skipped = count.skipped + count.pending;
    process.stdout.write(
      `seed ${this.#seed}; another: TEST_SEED=fresh npm test\n${skipped === 0 ? '' : `${skipped} skipped\n`}${count.passed} passed, ${count.failed} failed\n`,
    );
  }
}
