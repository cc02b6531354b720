/**
 * Who may import whom: the only copy. `oxlint.config.ts` turns it into lint rules and `architecture.test.ts` proves
 * that they bite. Read it top down: a name may import the names listed for it, and nothing else.
 */

/** Packages, and the packages of this workspace each may import. */
export const packages = {
  rules: [],
  verify: ['rules'],
  guardd: ['rules'],
  client: [],
  /** The server takes from it the built files and the program that writes documents. */
  web: ['rules', 'verify', 'client'],
  server: ['rules', 'verify', 'guardd', 'web'],
  cli: ['rules', 'verify', 'guardd', 'client', 'server', 'sample-bank'],
  'sample-bank': ['rules'],
} as const satisfies Record<string, readonly string[]>;

export type Package = keyof typeof packages;

/** Where a package lives. */
export const packageFolder = (name: Package): string =>
  name === 'sample-bank' ? 'examples/sample-bank' : `packages/${name}`;

/** Domains of `rules`. The shapes of evidence (`#x/record`) are outside this order: every domain may read them. */
export const rulesDomains = {
  evidence: [],
  criteria: ['evidence'],
  guard: ['evidence'],
  notice: ['evidence'],
  containment: ['evidence'],
  relief: ['evidence'],
  inventory: ['evidence'],
  advisory: ['evidence', 'inventory'],
  review: ['evidence', 'criteria'],
  plan: ['evidence', 'criteria', 'guard', 'notice', 'containment'],
  runner: ['evidence', 'criteria', 'guard', 'notice', 'containment', 'plan'],
  authority: ['plan', 'runner'],
} as const satisfies Record<string, readonly string[]>;

/** Domains of the server. `guard` never imports `runner`: what stops must not depend on what it stops. */
export const serverDomains = {
  evidence: [],
  inventory: ['evidence'],
  guide: ['evidence'],
  segmentation: ['inventory', 'evidence'],
  advisory: ['inventory', 'segmentation', 'evidence'],
  'supply-chain': ['inventory', 'advisory', 'evidence'],
  detection: ['inventory', 'advisory', 'evidence'],
  plan: ['inventory', 'advisory', 'segmentation', 'evidence'],
  notice: ['plan', 'segmentation', 'evidence'],
  containment: ['plan', 'segmentation', 'evidence'],
  guard: ['plan', 'containment', 'evidence'],
  runner: ['plan', 'notice', 'guard', 'evidence'],
  relief: ['plan', 'notice', 'guard', 'evidence'],
  criteria: ['evidence'],
  review: ['criteria', 'plan', 'relief', 'evidence'],
  exchange: ['advisory', 'detection', 'supply-chain', 'evidence'],
} as const satisfies Record<string, readonly string[]>;

/**
 * Parts of the server's platform. Every domain may import any of them; between themselves only as listed.
 */
export const platformParts = {
  clock: [],
  config: [],
  telemetry: [],
  xml: [],
  db: ['telemetry', 'clock', 'config'],
  jobs: ['db', 'telemetry', 'clock', 'config'],
  http: ['telemetry', 'clock', 'config', 'db', 'auth'],
  webhook: ['jobs', 'db', 'http', 'telemetry', 'clock', 'config'],
  auth: ['db', 'clock', 'config', 'telemetry', 'http', 'jobs', 'webhook'],
  console: ['http'],
} as const satisfies Record<string, readonly string[]>;

/** What a part of the platform may import of the domains: nothing, but for `auth`, which appends to evidence. */
export const platformDomains: Readonly<Record<string, readonly string[]>> = { auth: ['evidence'] };

/** Pages of the console by their domain, and what they share: they know each other by addresses alone. */
const webShared = ['words', 'parts', 'api', 'shell'] as const;
export const webFolders = {
  words: [],
  parts: ['words'],
  api: [],
  shell: ['words', 'parts'],
  now: webShared,
  plan: webShared,
  runner: webShared,
  notice: webShared,
  relief: webShared,
  advisory: webShared,
  inventory: webShared,
  segmentation: webShared,
  evidence: webShared,
  criteria: webShared,
  review: webShared,
  exchange: webShared,
  guide: webShared,
  auth: webShared,
  app: [
    ...webShared,
    'auth',
    'now',
    'runner',
    'plan',
    'evidence',
    'criteria',
    'notice',
    'relief',
    'advisory',
    'inventory',
    'review',
  ],
  document: [...webShared, 'build', 'now', 'runner'],
  build: [],
} as const satisfies Record<string, readonly string[]>;

/** The most lines a source file may have; aim for 400. */
export const mostLines = 500;
