/** The list of checks as it grows. A check that throws has failed: nothing that cannot be read is taken for good. */
import { BreakwaterError } from '@breakwater/rules';
import type { Check, CheckId } from '@breakwater/rules/review';

/** Thrown inside a check when something that it needs was not given: it is then not checked, rather than failed. */
export class Unavailable extends Error {}

/** Thrown inside a check whose subject was looked at and is wrong. */
export class Wrong extends Error {}

export class Ledger {
  readonly checks: Check[] = [];

  /** Runs one check. `make` returns what was found, in words, or throws. Returns whether it passed. */
  check(id: CheckId, subject: string, make: () => string): boolean {
    const { result, detail } = outcomeOf(make);
    this.checks.push({ id, subject, result, detail });
    return result === 'passed';
  }

  /** Runs a group of checks. What throws before or between them is one failed check of this kind. */
  group(id: CheckId, subject: string, make: () => void): void {
    const { result, detail } = outcomeOf(() => {
      make();
      return '';
    });
    if (result !== 'passed') this.checks.push({ id, subject, result, detail });
  }
}

function outcomeOf(make: () => string): Pick<Check, 'result' | 'detail'> {
  try {
    return { result: 'passed', detail: make() };
  } catch (error) {
    if (error instanceof Unavailable) return { result: 'not-checked', detail: error.message };
    if (error instanceof Wrong) return { result: 'failed', detail: error.message };
    if (error instanceof BreakwaterError) {
      return { result: 'failed', detail: error.path === '' ? error.message : `${error.path}: ${error.message}` };
    }
    return { result: 'failed', detail: `cannot be read: ${error instanceof Error ? firstLine(error) : String(error)}` };
  }
}

function firstLine({ name, message }: Error): string {
  return name === 'ZodError' ? 'it does not have its shape' : (message.split('\n', 1)[0] ?? name);
}
