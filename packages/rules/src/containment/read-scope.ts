/** Reading a scope, and what can be said against it before anything runs. */
import { readDocument } from '../document.ts';
import { BreakwaterError } from '../error.ts';
import { conform } from '../shape.ts';
import { durationMs } from '../duration.ts';
import { isCovered, networkRange } from './address.ts';
import { scopeSchema, type Scope } from './scope.ts';

/** A network with fewer bits of prefix needs a reason. */
const narrowEnough = { 4: 16, 6: 48 } as const;
/** The machine's own loopback is wide in numbers alone. */
const loopback = networkRange('127.0.0.0/8');
/** No test of a live system is let loose for longer than this at once. */
const longestWindowMs = 7 * 24 * 3_600_000;
/** A lease longer than this would let traffic go on for too long after a crash. */
const longestLeaseMs = 60_000;

/**
 * Reads a `breakwater.scope/1` written in JSON or YAML: at most 1 MiB, 32 levels.
 *
 * Throws BreakwaterError: `document.*` with `path` = `line:column`, or `scope.*` with `path` = JSON Pointer; the message
 * begins with `line:column`.
 */
export function parseScope(text: string): Scope {
  const { value, place } = readDocument(text);
  const scope = conform(scopeSchema, value, { name: 'scope', place });
  const fault = faultOf(scope);
  if (fault === null) return scope;
  throw new BreakwaterError(fault.code, `${place(fault.path)} ${fault.path}: ${fault.message}`, fault.path);
}

/** What makes a scope unfit although it has its shape. */
export interface ScopeFault {
  readonly code: 'scope.too-wide' | 'scope.window-too-long' | 'scope.lease-too-long';
  /** JSON Pointer. */
  readonly path: string;
  readonly message: string;
}

/** The first fault of a scope, or null. */
export function faultOf(scope: Scope): ScopeFault | null {
  const { targets, window, lease } = scope;
  for (const [i, { cidr, reason }] of targets.entries()) {
    const range = networkRange(cidr);
    const needed = narrowEnough[range.family];
    if (isCovered(range, [loopback])) continue;
    if (Number(cidr.split('/')[1]) < needed && reason === undefined) {
      const message = `${cidr} is wider than /${needed}: name smaller networks, or give its reason`;
      return { code: 'scope.too-wide', path: `/targets/${i}/cidr`, message };
    }
  }
  const lastsMs = Date.parse(window.end) - Date.parse(window.start);
  if (lastsMs > longestWindowMs) {
    const message = `the window lasts ${Math.ceil(lastsMs / 86_400_000)} days: at most 7`;
    return { code: 'scope.window-too-long', path: '/window', message };
  }
  if (durationMs(lease) > longestLeaseMs) {
    return { code: 'scope.lease-too-long', path: '/lease', message: 'the lease must be at most PT1M' };
  }
  return null;
}
