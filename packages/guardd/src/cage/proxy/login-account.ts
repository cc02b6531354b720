/** Which account a login is for, read from its query, form or JSON body: as the target would read it, or refused. */
import { parseLine } from '../../lines.ts';
import { Refused } from './refusal.ts';

export interface LoginRequest {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly contentType: string | null;
  readonly contentEncoding: string | null;
  readonly body: Buffer;
}

/** The largest body of a login. */
export const mostLoginBytes = 65_536;

/**
 * The value of `field`; null when the request only asks for the page. Throws {@link Refused} when there is a body and the
 * account in it is absent, doubled, or in a form that is not read here.
 */
export function accountOf(field: string, request: LoginRequest): string | null {
  const { target, body, contentType, contentEncoding } = request;
  const query = target.indexOf('?');
  const inQuery = query === -1 ? [] : new URLSearchParams(target.slice(query + 1)).getAll(field);
  const asksOnly = ['GET', 'HEAD', 'OPTIONS'].includes(request.method);
  if (asksOnly && body.length === 0 && inQuery.length === 0) return null;
  if (contentEncoding !== null && contentEncoding.toLowerCase() !== 'identity') throw unreadable('content-encoding');
  const found = [...inQuery, ...(body.length === 0 ? [] : inBody(field, contentType, body))];
  const [account] = found;
  if (found.length !== 1 || account === undefined) throw unreadable(found.length === 0 ? 'absent' : 'doubled');
  return account;
}

function inBody(field: string, contentType: string | null, body: Buffer): string[] {
  const [type = '', ...parameters] = (contentType ?? '').toLowerCase().split(';');
  const charset = parameters.map((one) => one.trim()).find((one) => one.startsWith('charset='));
  if (charset !== undefined && !/^charset="?utf-?8"?$/.test(charset)) throw unreadable('charset');
  const text = body.toString('utf8');
  if (text.includes('\ufffd') || text.includes('\u0000')) throw unreadable('charset');
  if (type.trim() === 'application/x-www-form-urlencoded') return new URLSearchParams(text).getAll(field);
  if (type.trim() === 'application/json' || type.trim().endsWith('+json')) return inJson(field, text);
  throw unreadable('content-type');
}

function inJson(field: string, text: string): string[] {
  let document: unknown;
  try {
    document = parseLine(text);
  } catch {
    throw unreadable('json');
  }
  if (typeof document !== 'object' || document === null || !Object.hasOwn(document, field)) return [];
  // A name that stands twice is read as the first by one program and as the last by another.
  if (outerNames(text).filter((name) => name === field).length > 1) throw unreadable('doubled');
  const value: unknown = Reflect.get(document, field);
  return typeof value === 'string' || typeof value === 'number' ? [String(value)] : [];
}

/** The names of the outermost object, as often as they stand there. `text` is a JSON document. */
function outerNames(text: string): string[] {
  const names: string[] = [];
  let depth = 0;
  for (const [piece] of text.matchAll(/"(?:[^"\\]|\\.)*"(?:\s*:)?|[{}[\]]/g)) {
    if (piece === '{' || piece === '[') depth++;
    else if (piece === '}' || piece === ']') depth--;
    else if (depth === 1 && piece.endsWith(':')) names.push(String(JSON.parse(piece.replace(/\s*:$/, ''))));
  }
  return names;
}

function unreadable(detail: string): Refused {
  return new Refused('http.login-unreadable', detail);
}
