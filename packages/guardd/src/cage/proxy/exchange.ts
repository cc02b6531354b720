/** One HTTP exchange as evidence: what was asked of whom and what came back, without a query, a header or a name of a person. */
import { pathTemplate } from '@breakwater/rules/containment';
import { z } from 'zod';
import { BadLine, parseLine } from '../../lines.ts';

const body = z.strictObject({
  bytes: z.int().min(0),
  digest: z.string().regex(/^sha256:[0-9a-f]{64}$/),
  text: z.string().max(1_048_576).optional(),
});

const exchange = z.strictObject({
  at: z.string(),
  method: z.string().max(32),
  /** Null when the request could not be read so far. */
  target: z
    .strictObject({ scheme: z.enum(['http', 'https']), host: z.string(), address: z.string(), port: z.int() })
    .nullable(),
  /** The path with numbers and identifiers replaced; never a query. */
  path: z.string().max(2048),
  /** Of the answer that the tool got. */
  status: z.int(),
  /** Why it was not passed on, or broke off; null = it was passed on. */
  refused: z.string().nullable(),
  request: body.nullable(),
  response: body.nullable(),
  /** What the target showed, whether or not anybody should trust it. `trusted` is by this host's own list. */
  certificate: z
    .strictObject({ digest: z.string(), notAfter: z.string(), trusted: z.boolean(), fault: z.string().nullable() })
    .nullable(),
  ms: z.number().min(0),
});
export type Exchange = z.infer<typeof exchange>;

/** The part of a target that may be kept. */
export function recordedPath(target: string): string {
  return pathTemplate(target.replace(/^[a-z]+:\/\/[^/?]*/i, '')).slice(0, 2048);
}

/** Reads a recorded line. Throws {@link BadLine}. */
export function readExchange(line: string): Exchange {
  const read = exchange.safeParse(parseLine(line));
  if (!read.success) throw new BadLine('not an exchange');
  return read.data;
}
