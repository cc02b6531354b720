/** The scope of a security test: what the cage lets through, and nothing else. Signed as part of a plan. */
import { z } from 'zod';
import { instant } from '#evidence/record';
import { positiveDuration } from '../duration.ts';
import { authoritySchema } from './authority.ts';

const noNetwork = { error: 'must be an IPv4 or IPv6 network with its prefix length, such as 10.66.0.10/32' };
const network = z.union([z.cidrv4(noNetwork), z.cidrv6(noNetwork)], noNetwork);
const noAddress = { error: 'must be an IPv4 or IPv6 address' };
const address = z.union([z.ipv4(noAddress), z.ipv6(noAddress)], noAddress);

const ports = /^(?:icmp|(?:tcp|udp)\/([1-9][0-9]{0,4})(?:-([1-9][0-9]{0,4}))?)$/;

/** `tcp/8080`, `tcp/8443-8445`, `udp/53` or `icmp` (echo, of either IP version). */
const portRange = z
  .string()
  .regex(ports, { error: 'write ports as tcp/8080 or udp/5000-5010, or icmp', abort: true })
  .refine(
    (text) => {
      const [, low = '1', high = low] = ports.exec(text) ?? [];
      return Number(low) <= Number(high) && Number(high) <= 65_535;
    },
    { error: 'the ports must be in order and at most 65535' },
  );

const cap = z.int().min(1, { error: 'a cap is at least 1: leave the target out to forbid it' });
const bound = z.int().min(1, { error: 'must be at least 1: leave it out for the usual bound' });
const verb = z.string().regex(/^[A-Z]{3,10}$/, { error: 'write a method in capitals, such as GET' });
const urlPath = z
  .string()
  .regex(/^\/[^\s?#]*$/, { error: 'a path begins with / and has no query' })
  .max(2048);
const headerName = z.string().regex(/^[A-Za-z0-9-]{1,64}$/, { error: 'must be the name of a header' });
const hostName = z
  .string()
  .regex(/^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/, {
    error: 'must be a host name in lower case',
  });

const targetSchema = z.strictObject({
  cidr: network,
  ports: z.array(portRange).min(1).max(256),
  /** Why a network wider than /16 (IPv4) or /48 (IPv6) is meant. */
  reason: z.string().min(1).max(500).optional(),
  /** Of this target alone; left out = the scope's. */
  authority: authoritySchema.optional(),
});

/** What the intercepting proxy at the gate enforces on HTTP; left out = no proxy. */
const httpSchema = z.strictObject({
  /** Default GET, HEAD, OPTIONS. */
  methods: z.array(verb).min(1).max(20).optional(),
  /** Prefixes; `deny` wins. Left out = every path. */
  paths: z
    .strictObject({ allow: z.array(urlPath).max(500).optional(), deny: z.array(urlPath).max(500).optional() })
    .optional(),
  /** Put on every request, so that the target's operators know the test. */
  mark: z.strictObject({ name: headerName, value: z.string().regex(/^[\x20-\x7e]{1,200}$/) }).optional(),
  /** Login attempts for each account, counted by the field that names it. */
  logins: z
    .array(z.strictObject({ path: urlPath, account: z.string().min(1).max(64), attempts: cap }))
    .max(50)
    .optional(),
  /** Bodies are kept only when this says so, redacted and cut at this many bytes; otherwise their hashes alone. */
  bodies: z.strictObject({ bytes: z.int().min(1).max(1_048_576) }).optional(),
});

/** `breakwater.scope/1`. */
export const scopeSchema = z
  .strictObject({
    schema: z.literal('breakwater.scope/1'),
    targets: z.array(targetSchema).min(1, { error: 'name at least one target' }).max(4096),
    /** Denied ahead of `targets`. */
    never: z.array(network).max(4096).optional(),
    caps: z.strictObject({
      newConnectionsPerSecond: cap,
      packetsPerSecond: cap,
      concurrent: cap,
      /** In both directions together. */
      bytes: cap,
      /** New connections a second to one destination; left out = no narrower than the total. */
      newConnectionsPerSecondPerDestination: cap.optional(),
      bytesPerSecond: cap.optional(),
    }),
    window: z.strictObject({ start: instant, end: instant }),
    /** Traffic stops by itself this long after the last renewal. */
    lease: positiveDuration,
    memoryBytes: bound.optional(),
    processes: bound.optional(),
    /** Names as they were resolved when the scope was signed. The cage asks no name server. */
    names: z
      .array(z.strictObject({ name: hostName, address }))
      .max(4096)
      .optional(),
    /** Attempts outside the scope after which the test is stopped; left out = it goes on, and every attempt pages. */
    attempts: z.strictObject({ stopAfter: z.int().min(0) }).optional(),
    http: httpSchema.optional(),
    /** Keeps the last packets at the gate in a ring of this many bytes. */
    packets: z.strictObject({ bytes: z.int().min(65_536).max(1_073_741_824) }).optional(),
    authority: authoritySchema.optional(),
  })
  .refine(({ window }) => Date.parse(window.start) < Date.parse(window.end), {
    error: 'the window must end after it starts',
    path: ['window', 'end'],
  });
export type Scope = z.infer<typeof scopeSchema>;
export type ScopeTarget = Scope['targets'][number];
export type HttpScope = z.infer<typeof httpSchema>;
