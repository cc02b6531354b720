import { z } from 'zod';
import { announcing } from './announcing.ts';
import { gatewaySettings } from './gateways.ts';
import { webhook } from './webhook.ts';

/** Longest that a socket path may be is checked where it is used; a path here is any non-empty text without NUL. */
const path = z
  .string()
  .min(1)
  .max(4096)
  .regex(/^[^\0]*$/, 'no NUL byte');
const port = z.int().min(0).max(65_535);
const seconds = (most: number): z.ZodInt => z.int().min(1).max(most);

/**
 * Every setting of the server, and nothing else is one. Each says what it is, what its default means, and what follows
 * from changing it; the reference documentation is made from these lines.
 */
export const settings = z.strictObject({
  institution: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'small letters, digits and hyphens')
    .default('local')
    .describe(
      'Id of the company this installation belongs to; every row of it carries this id. Changing it later leaves the old rows with the old id.',
    ),
  dataDir: path
    .default('.breakwater')
    .describe(
      'Folder of everything Breakwater keeps outside PostgreSQL: the embedded database, the last checkpoint, keys. Relative to the folder of this Breakwater. Losing it loses the embedded database.',
    ),
  runDir: path
    .optional()
    .describe(
      'Folder of sockets, the token and the levers of a running Breakwater. Default: `run` in dataDir. `breakwater kill` must be given the same folder (BREAKWATER_RUN_DIR).',
    ),
  database: z
    .strictObject({
      url: z
        .string()
        .regex(/^postgres(ql)?:\/\//, 'postgres://…')
        .optional()
        .describe(
          'URL of a PostgreSQL 18 server, a secret. Default: none, then an embedded server runs in dataDir. DATABASE_URL is read too. Connect directly or through a pooler in session mode: locks and LISTEN need one session.',
        ),
      poolSize: z
        .int()
        .min(2)
        .max(200)
        .default(10)
        .describe(
          'Most connections of one process for its ordinary work. More serve more requests at once and cost the database memory.',
        ),
    })
    .prefault({})
    .describe('Where the rows are.'),
  http: z
    .strictObject({
      host: z
        .string()
        .min(1)
        .max(255)
        .default('127.0.0.1')
        .describe(
          'Address the API listens on for TCP. Beyond loopback, put a TLS proxy in front: the token travels in the request.',
        ),
      port: port.default(8480).describe('TCP port of the API; 0 takes a free one and says which.'),
      requestsPerMinute: z
        .int()
        .min(60)
        .max(1_000_000)
        .default(3000)
        .describe(
          'Most requests of one person, token or address in a minute; more are refused with 429. Levers and the Unix socket have no limit.',
        ),
      publicUrl: z
        .string()
        .regex(
          /^(?:https:\/\/[^\s/@]+|http:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?)$/,
          'https://host, or http:// to this machine; no path, no slash at the end',
        )
        .optional()
        .describe(
          'Address under which browsers reach the console. Default: none, then http://localhost and the port: browsers on this machine only. With https the cookie of a session is `__Host-` and Secure.',
        ),
      console: z
        .boolean()
        .default(true)
        .describe(
          'Serve the console beside the API. The first start after an update builds it, which takes seconds; without it there are the API and the command line.',
        ),
      bodyLimitBytes: z
        .int()
        .min(1024)
        .max(1024 * 1024 * 1024)
        .default(2 * 1024 * 1024)
        .describe(
          'Largest request body that is read; a larger one is refused with 413. Some uploads have a limit of their own.',
        ),
      requestTimeoutSeconds: seconds(3600)
        .default(60)
        .describe(
          'Time a client has to send its request. Slower clients are cut off, so that they cannot hold connections.',
        ),
    })
    .prefault({})
    .describe('The API, for the console and the command line.'),
  auth: z
    .strictObject({
      sessionIdleMinutes: z
        .int()
        .min(1)
        .max(1440)
        .default(30)
        .describe('Time after which a session that is not used ends. Longer leaves an open console on a desk.'),
      sessionHours: z
        .int()
        .min(1)
        .max(72)
        .default(12)
        .describe('Time after which a session ends however much it is used: one shift.'),
      links: z
        .enum(['loopback', 'anywhere'])
        .default('loopback')
        .describe(
          'From where one-time sign-in links work. `loopback`: a browser on the machine of the server. `anywhere`: also from others, over TLS, to invite persons who enrol their passkey with it.',
        ),
      oidc: z
        .strictObject({
          issuer: z
            .string()
            .regex(
              /^(?:https:\/\/[^\s@]+|http:\/\/(?:127\.0\.0\.1|localhost)(?::\d{1,5})?(?:\/\S*)?)$/,
              'https://…, or http:// to this machine',
            )
            .optional()
            .describe(
              'Issuer of the company’s identity provider (OpenID Connect). Default: none, then nobody signs in by it.',
            ),
          clientId: z.string().min(1).max(255).optional().describe('What the identity provider calls this Breakwater.'),
          clientSecretFile: path
            .default('keys/oidc.secret')
            .describe('File with the client secret. Relative to dataDir. Readable by the server only.'),
          acr: z
            .string()
            .min(1)
            .max(255)
            .optional()
            .describe(
              'Authentication context that is asked for and must be in the answer, such as that of a second factor. Default: whatever the provider does.',
            ),
          maxAgeSeconds: seconds(86_400)
            .default(43_200)
            .describe('How long ago a person may have signed in at the provider; longer ago, it asks them again.'),
        })
        .prefault({})
        .describe('The company’s identity provider.'),
      authenticators: z
        .array(z.uuid())
        .max(100)
        .default([])
        .describe(
          'Models of authenticators (AAGUID) whose passkeys may be registered, by their attestation. Default: any. An authenticator that attests nothing is refused where this is set.',
        ),
      alarms: z
        .array(z.strictObject(webhook))
        .max(16)
        .default([])
        .describe(
          'In the settings file: who is told at once when the break-glass account is opened. Default: nobody but the log, the evidence and the metric.',
        ),
    })
    .prefault({})
    .describe('Signing in.'),
  site: z
    .strictObject({
      host: z.string().min(1).max(255).default('127.0.0.1').describe('Address the public notice site listens on.'),
      port: port.default(8481).describe('TCP port of the public notice site; 0 takes a free one and says which.'),
      trustedProxies: z
        .array(z.union([z.cidrv4(), z.cidrv6()]))
        .default([])
        .describe(
          'Networks of the reverse proxies before the public site, such as 10.0.0.0/8: only their X-Forwarded-For is believed. Without them everybody behind a proxy shares one limit.',
        ),
      claimsPerMinute: z
        .int()
        .min(1)
        .max(10_000)
        .default(60)
        .describe(
          'Claim forms taken from one address in a minute. Mobile networks put many customers behind one address: more is entered again, never lost.',
        ),
    })
    .prefault({})
    .describe('The public site with the advance notices.'),
  notice: z
    .strictObject({
      siteDir: path
        .default('site')
        .describe(
          'Folder that public notice pages are written to as static files. Relative to dataDir. Serve or copy it from another host, so that the pages outlive this one.',
        ),
      siteUrl: z
        .string()
        .regex(/^https?:\/\/[^\s/]+(?:\/\S*[^\s/])?$/, 'http:// or https://, without a slash at the end')
        .optional()
        .describe(
          'Address under which customers see the notice pages; it stands in the evidence. Default: http://site.host:site.port, or the folder itself when that port is 0.',
        ),
      gatewayUrl: z
        .string()
        .regex(
          /^https?:\/\/[^\s/@]+(?:\/\S*[^\s/])?$/,
          'http:// or https://, without user, password and a slash at the end',
        )
        .optional()
        .describe('Address of the text message gateway. Default: none, then text messages cannot be sent.'),
      gatewayKeyFile: path
        .default('keys/gateway.key')
        .describe('File with the bearer token of the gateway. Relative to dataDir. Readable by the server only.'),
      ...announcing,
      registeredSenders: z
        .array(z.string().regex(/^\d{8,11}$/, '8 to 11 digits'))
        .max(1000)
        .default([])
        .describe(
          'Sender numbers that are registered with the carriers. Default: none given, then the list in each notice is judged by. A notice with another sender is refused.',
        ),
      smpp: z
        .strictObject({
          host: z
            .string()
            .min(1)
            .max(255)
            .optional()
            .describe(
              'Host of an SMS centre that speaks SMPP 3.4. Default: none, then gatewayUrl is used. It is used instead of gatewayUrl.',
            ),
          port: port.default(2775).describe('TCP port of the SMS centre.'),
          tls: z
            .boolean()
            .default(false)
            .describe('Connect by TLS. Without it the password and every text cross the network in the clear.'),
          systemId: z.string().max(15).default('breakwater').describe('Name of our account at the SMS centre.'),
          passwordFile: path
            .default('keys/smpp.password')
            .describe(
              'File with the password of our account, at most 8 characters. Relative to dataDir. Readable by the server only.',
            ),
          systemType: z.string().max(12).default('').describe('Kind of our system, where the SMS centre asks for one.'),
          window: z
            .int()
            .min(1)
            .max(100)
            .default(10)
            .describe(
              'Messages that may be without an answer at a time. As much as rate times round trip; more only waits elsewhere, and is what may arrive twice after a crash.',
            ),
          perSecond: z
            .int()
            .min(1)
            .max(100_000)
            .optional()
            .describe(
              'Messages a second by contract, of all workers together. Default: as many as the window lets through.',
            ),
          charset: z
            .enum(['ks-c-5601', 'ucs2'])
            .default('ks-c-5601')
            .describe('How texts are written. A text with characters outside KS X 1001 always goes as UCS-2.'),
          long: z
            .enum(['payload', 'udh', 'sar'])
            .default('payload')
            .describe(
              'How long texts go: one payload, or parts by user data header or by SAR parameters. Ask the SMS centre which it knows.',
            ),
          addresses: z
            .enum(['national', 'international'])
            .default('national')
            .describe('How recipients are addressed: 010… or 8210….'),
          receiptIds: z
            .enum(['same', 'answers-hex', 'receipts-hex'])
            .default('same')
            .describe('Whether the SMS centre writes ids of messages as hexadecimal in answers or in receipts only.'),
          inDoubtSeconds: seconds(3600)
            .default(10)
            .describe(
              'Time in which a receipt may still come for a message whose answer was lost; then it is sent again, perhaps twice.',
            ),
        })
        .prefault({})
        .describe('An SMS centre over SMPP 3.4.'),
      settleSeconds: seconds(7 * 86_400)
        .default(600)
        .describe(
          'Time after the last message in which delivery reports are awaited; messages without one then count as not delivered.',
        ),
      ...gatewaySettings,
    })
    .prefault({})
    .describe('Notices to customers: public pages and text messages.'),
  containment: z
    .strictObject({
      webhooks: z
        .array(
          z.strictObject({
            ...webhook,
            pages: z.enum(['attempts', 'restricted']).describe('What it is told.'),
          }),
        )
        .max(16)
        .default([])
        .describe(
          'In the settings file: who is paged. `attempts`: a test tried to leave its scope. `restricted`: something waits for the restricted group; nothing of it stands in the page. Default: none, then pages show in the console only, and nobody is paged of critical findings.',
        ),
      restrictedRoles: z
        .array(z.string().min(1).max(64))
        .max(20)
        .default(['ciso', 'control-team-lead'])
        .describe(
          'Roles whose persons may read critical findings and act on them, by signature. Each access is evidence.',
        ),
      holdOnCritical: z
        .enum(['yes', 'no'])
        .default('yes')
        .describe(
          'Whether a critical finding holds the test that found it: no further step until two persons resume it.',
        ),
    })
    .prefault({})
    .describe('Security tests: who is told of what.'),
  advisory: z
    .strictObject({
      feeds: z
        .array(
          z.strictObject({
            name: z
              .string()
              .regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'small letters, digits and hyphens')
              .describe('Name of it in the log.'),
            kind: z
              .enum(['csaf', 'document'])
              .describe(
                '`csaf`: a ROLIE feed, provider metadata or an aggregator. `document`: one file, such as KEV or EPSS.',
              ),
            url: z.url({ protocol: /^https?$/ }).describe('Its address; http:// in allowed networks only.'),
            authority: z
              .string()
              .min(1)
              .max(64)
              .optional()
              .describe(
                'The authority whose disseminations these documents are. They are proven by its pinned keys alone.',
              ),
          }),
        )
        .max(64)
        .default([])
        .describe(
          'In the settings file: where advisories are fetched from every 15 minutes. Default: none, then they are imported by hand. A feed that fails is asked ever more rarely, at last once a day.',
        ),
      networks: z
        .array(z.string().regex(/^[0-9a-fA-F.:]+\/\d{1,3}$/, 'a network, such as 10.1.0.0/16'))
        .max(64)
        .default([])
        .describe(
          'Networks of your own that feeds may be read from. Default: none; private, local and reserved addresses are refused, whatever a name or a redirect says.',
        ),
      proxy: z
        .url({ protocol: /^https?$/ })
        .optional()
        .describe(
          'Address of the HTTP proxy through which feeds outside of `advisory.networks` are read, `http://proxy.bank.example:3128`. The proxy then resolves names that this machine cannot. Default: none.',
        ),
    })
    .prefault({})
    .describe('Advisories: where they are fetched from.'),
  log: z
    .strictObject({
      level: z
        .enum(['debug', 'info', 'warn', 'error', 'silent'])
        .default('info')
        .describe('How much is logged. `debug` adds each request and job; personal data is taken out at every level.'),
    })
    .prefault({})
    .describe('The log, one JSON object a line on standard error.'),
  tracing: z
    .strictObject({
      endpoint: z
        .string()
        .regex(/^https?:\/\/[^\s/@]+(?:\/\S*)?$/, 'http:// or https://, without user and password')
        .optional()
        .describe(
          'Where spans go by OTLP over HTTP, such as http://127.0.0.1:4318/v1/traces. Default: nowhere. Spans hold patterns of addresses, names of queues and hosts, and times; no personal data.',
        ),
      share: z.number().min(0).max(1).default(1).describe('Share of the traces that are kept, from 0 to 1.'),
    })
    .prefault({})
    .describe('OpenTelemetry traces of requests, jobs and questions to execution hosts.'),
  jobs: z
    .strictObject({
      concurrency: z
        .int()
        .min(1)
        .max(100)
        .default(4)
        .describe('Jobs of one queue that a worker process does at once. Each may hold a database connection.'),
    })
    .prefault({})
    .describe('Background work: notices, re-matching, feeds.'),
  evidence: z
    .strictObject({
      origin: z
        .string()
        .regex(/^[^\s+]{1,200}$/u, 'no spaces and no plus sign')
        .optional()
        .describe(
          'Identity of the evidence log, such as `bank.example/breakwater`. Default: `breakwater.local/` and the institution. It cannot be changed later without opening a new origin.',
        ),
      keyFile: path
        .optional()
        .describe(
          'PEM file with the Ed25519 key of the log, readable by its owner alone. Default: `evidence/log-key.pem` in dataDir, made at the first start.',
        ),
      checkpointSeconds: seconds(3600)
        .default(60)
        .describe('Longest that new evidence stays unsigned. Milestones such as an approval are signed at once.'),
      witnesses: z
        .array(
          z.strictObject({
            vkey: z.string().max(4096).describe('Verifier key of the witness: `name+id+key`.'),
            url: z.url({ protocol: /^https?$/ }).describe('Its submission prefix.'),
          }),
        )
        .max(32)
        .default([])
        .describe(
          'Parties that cosign the log (C2SP tlog-witness). Default: none; then only the checkpoint in dataDir shows a rewound database, and nobody outside can vouch for the log.',
        ),
      quorum: z
        .string()
        .regex(/^(?:none|any|all|[1-9]\d?)$/, { error: 'must be none, any, all or a number of witnesses' })
        .optional()
        .describe(
          'How many witnesses must have cosigned a checkpoint in the policy that is handed to verifiers: `none`, `any`, `all` or a number. Default: `any` where there are witnesses, else `none`.',
        ),
      timestampAuthorities: z
        .array(z.url({ protocol: /^https?$/ }))
        .max(8)
        .default([])
        .describe(
          'Addresses of RFC 3161 time-stamping authorities, tried in order. Default: none; requests wait until one is set.',
        ),
    })
    .refine(({ quorum = 'none', witnesses }) => quorum === 'none' || witnesses.length >= (Number(quorum) || 1), {
      error: 'asks for more witnesses than evidence.witnesses has: name them, or ask for fewer',
      path: ['quorum'],
    })
    .prefault({})
    .describe('The evidence log.'),
  plan: z
    .strictObject({
      policyFile: path
        .optional()
        .describe(
          'File (YAML or JSON, breakwater.policy/1) of what the company asks of plans: approvals, lead times, limits, rehearsals, suppliers, playbooks. Default: none, then two approvals, PT24H of notice on the website, three rehearsals within P30D. Read at start.',
        ),
    })
    .prefault({})
    .describe('Work plans.'),
  hosts: z
    .record(
      z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/, 'letters, digits, dashes, underscores'),
      path.regex(/^(?!tls:)|^tls:\/\/(?:[A-Za-z0-9.-]+|\[[0-9a-fA-F:.]+\]):\d{1,5}$/, 'a path, or tls://ADDRESS:PORT'),
    )
    .default({})
    .describe(
      'Execution hosts beside `local`, in the settings file: the path of the orchestrator socket of each one’s guardd, or `tls://ADDRESS:PORT` of a guardd on another machine (see `host invite`), by the name of the host. `local` is the guardd of this machine in runDir.',
    ),
  shutdownSeconds: seconds(600)
    .default(20)
    .describe(
      'Time that running requests and jobs get to end when the server is told to stop; then they are cut and jobs are taken up again elsewhere. Runs do not depend on it: guardd goes on.',
    ),
});

/** The settings as the server uses them, all defaults filled in. */
export type Settings = z.infer<typeof settings>;
