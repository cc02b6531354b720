/** Lines for the operator of the host, on standard error: one JSON object each, without personal data. */
import { instantOf, wallNow } from './clock.ts';

export type Log = (event: string, fields?: Readonly<Record<string, unknown>>) => void;

/** A log whose lines carry the name of the process that writes them. */
export function logFor(process_: string): Log {
  return (event, fields = {}) => {
    process.stderr.write(`${JSON.stringify({ at: instantOf(wallNow()), process: process_, event, ...fields })}\n`);
  };
}

/** The code of a system error, or the name of its kind: never its message, which may quote what was read. */
export function codeOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return error instanceof Error ? error.name : typeof error;
}
