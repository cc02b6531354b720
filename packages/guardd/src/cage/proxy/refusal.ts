/** Every reason for which a proxy of a cage does not pass something on: one table, one shape on the wire. */
import type { HttpRefusal } from '@breakwater/rules/containment';

/** What each rule answers with. 451 is for what the scope forbids, so that a tool can tell it from the target's own answers. */
const rules = {
  'http.closed': [451, 'the address or port is outside the scope'],
  'http.name-not-pinned': [451, 'the scope pins no address for this name, and no name server is asked'],
  'http.method': [451, 'the scope does not allow this method'],
  'http.path-denied': [451, 'the scope denies this path'],
  'http.path-not-allowed': [451, 'the scope does not allow this path'],
  'http.path-unreadable': [451, 'servers would read this path in different ways'],
  'http.login-cap': [451, 'the scope allows no further login attempt for this account'],
  'http.login-unreadable': [451, 'a login whose account cannot be read with certainty is not passed on'],
  'http.host-differs': [421, 'Host must name the place that the request is sent to'],
  'http.server-name-differs': [421, 'the server name of TLS must name the place that the connection goes to'],
  'http.malformed': [400, 'the request target or Host is malformed'],
  'http.header': [400, 'a header is missing, doubled or malformed'],
  'http.header-size': [431, 'the head of the request is too large'],
  'http.body-size': [413, 'the body of the request is too large'],
  'http.framing': [400, 'the length of the body must be said once and in one way'],
  'http.upgrade': [501, 'a change of protocol is not passed on'],
  'http.protocol': [400, 'only HTTP/1.1, in the clear or in TLS, passes this proxy'],
  'cap.connections-per-second': [429, 'the cap on new connections a second is reached'],
  'cap.concurrent': [429, 'the cap on concurrent connections is reached'],
  'cap.bytes': [429, 'the cap on bytes is reached'],
  'cage.closed': [503, 'the cage has stopped: nothing leaves it'],
  'evidence.full': [503, 'the evidence of this proxy cannot take more, so nothing more is passed on'],
  'upstream.failed': [502, 'the target did not answer as HTTP'],
  'upstream.timeout': [504, 'the target did not answer in time'],
} as const satisfies Record<string, readonly [status: number, message: string]>;

export type RefusalRule = keyof typeof rules;

/** Something was not passed on. The message is the rule's own; `detail` never quotes a header, a query or a body. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly rule: RefusalRule;
  readonly detail: string;

  constructor(rule: RefusalRule, detail = '') {
    super(rules[rule][1]);
    this.rule = rule;
    this.detail = detail;
  }

  get status(): number {
    return rules[this.rule][0];
  }

  /** The JSON document that a client reads. */
  get body(): string {
    return `${JSON.stringify({ error: { code: this.rule, message: this.message, path: this.detail } })}\n`;
  }

  /** The answer's headers, for {@link body}. */
  get headers(): Record<string, string> {
    return {
      'Content-Type': 'application/json',
      'Content-Length': String(Buffer.byteLength(this.body)),
      'Breakwater-Refused': this.rule,
      Connection: 'close',
    };
  }
}

/** The refusal of a scope as the wire has it: its reason is the rule, and what it names is no secret of the tool's. */
export function refusedBy(refusal: HttpRefusal): Refused {
  switch (refusal.reason) {
    case 'closed':
      return new Refused('http.closed', `${refusal.host} ${refusal.port}`);
    case 'name-not-pinned':
      return new Refused('http.name-not-pinned', refusal.name);
    case 'method':
      return new Refused('http.method', refusal.allowed.join(' '));
    case 'path-denied':
      return new Refused('http.path-denied', refusal.by);
    case 'malformed':
      return new Refused('http.malformed', refusal.part);
    case 'host-differs':
    case 'path-unreadable':
    case 'path-not-allowed':
      return new Refused(`http.${refusal.reason}`);
  }
}

/** A whole answer, for a socket on which nothing else speaks HTTP yet. */
export function refusalAnswer({ status, headers, body }: Refused): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} Refused\r\n${lines.join('')}\r\n${body}`;
}

/** A failed connection as a refusal; what is one already stays it. */
export function asRefused(error: unknown): Refused {
  if (error instanceof Refused) return error;
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'failed';
  return new Refused(code === 'ETIMEDOUT' ? 'upstream.timeout' : 'upstream.failed', code.slice(0, 64));
}
