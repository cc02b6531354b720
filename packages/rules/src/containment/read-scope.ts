/** Reading a scope that is written in a file. */
import { readDocument } from '../document.ts';
import { conform } from '../shape.ts';
import { scopeSchema, type Scope } from './scope.ts';

/**
 * Reads a `breakwater.scope/1` written in JSON or YAML: at most 1 MiB, 32 levels. Whether it is a scope to let a tool loose
 * in is another question: see `checkScope`.
 *
 * Throws BreakwaterError: `document.*` with `path` = `line:column`, or `scope.*` with `path` = JSON Pointer; the message
 * begins with `line:column`.
 */
export function parseScope(text: string): Scope {
  const { value, place } = readDocument(text);
  return conform(scopeSchema, value, { name: 'scope', place });
}
