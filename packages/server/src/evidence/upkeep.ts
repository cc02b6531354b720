/** What an operator does to the log by hand, on the machine that holds its key and with the server stopped. */
import { existsSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { BreakwaterError } from '@breakwater/rules';
import { formatVerifierKey, parseCheckpoint, parsePolicy } from '@breakwater/rules/evidence';
import type { Platform } from '#platform';
import { systemClock } from '#platform/clock';
import type { Config } from '#platform/config';
import { type Db, connect, startEmbeddedPostgres } from '#platform/db';
import { createLog } from '#platform/telemetry';
import { type EvidenceLog, createEvidence } from './log.ts';
import { openNewOrigin, succeedKey } from './origin.ts';
import { lag, latestCheckpoint, logKeys, size } from './read.ts';
import { createKeyFile, keyFileSigner } from './signer.ts';
import { evidenceLog, keyFileOf, originOf, outsideOf, signerOf, witnessesOf } from './worker.ts';

export interface LogStatus {
  readonly origin: string;
  readonly vkey: string;
  readonly size: number;
  readonly pending: number;
  /** Leaves of the newest checkpoint, 0 when none was signed. */
  readonly signedSize: number;
  /** Leaves of the newest checkpoint kept outside the database; null when none is kept. */
  readonly keptSize: number | null;
  readonly keys: readonly { readonly vkey: string; readonly succession: string | null }[];
  /** Why it may not be signed; null when it may. */
  readonly refusal: { readonly code: string; readonly message: string } | null;
}

/**
 * Looks at the log, with the server stopped where its database is the embedded one, and checks that it continues what was
 * signed. Signs nothing but an empty tree for the witnesses.
 */
export async function logStatus(config: Config): Promise<LogStatus> {
  return withDatabase(config, async (url, db) => {
    const evidence = createEvidence({
      url,
      clock: systemClock,
      log: createLog('silent'),
      signer: signerOf(config),
      outside: outsideOf(config),
      witnesses: witnessesOf(config),
    });
    try {
      return await statusOf(config, db, evidence);
    } finally {
      await evidence.close();
    }
  });
}

/** Leaves of the newest checkpoint kept outside the database; null when none is kept. */
export async function keptSize(config: Config): Promise<number | null> {
  const note = await outsideOf(config).read(originOf(config));
  return note === null ? null : Number(parseCheckpoint(note).size);
}

/** The same of the log of a running server. */
export async function runningLogStatus(platform: Platform): Promise<LogStatus> {
  return statusOf(platform.config, platform.db, evidenceLog(platform));
}

async function statusOf(config: Config, db: Db, log: Pick<EvidenceLog, 'open'>): Promise<LogStatus> {
  const refusal = await log.open().then(
    () => null,
    (error: unknown) => {
      if (error instanceof BreakwaterError) return { code: error.code, message: error.message };
      throw error;
    },
  );
  const [kept, checkpoint, { pending }] = await Promise.all([keptSize(config), latestCheckpoint(db), lag(db)]);
  return {
    origin: originOf(config),
    vkey: formatVerifierKey(signerOf(config).key),
    size: await size(db),
    pending,
    signedSize: checkpoint?.size ?? 0,
    keptSize: kept,
    keys: await logKeys(db),
    refusal,
  };
}

/**
 * The policy by which outsiders verify this log (C2SP tlog-policy): its key, the witnesses of the settings, and a quorum of
 * `quorum` of them (`none`, `any`, `all` or a number); left out: the quorum of the settings.
 *
 * @throws BreakwaterError `policy.malformed` when there are not so many witnesses.
 */
export function logPolicy(config: Config, quorum = quorumOf(config)): string {
  const witnesses = config.evidence.witnesses.map(({ vkey, url }, i) => `witness w${i + 1} ${vkey} ${url}\n`).join('');
  const names = config.evidence.witnesses.map((_, i) => `w${i + 1}`);
  const group =
    quorum === 'none' ? 'quorum none\n' : `group witnesses ${quorum} ${names.join(' ')}\nquorum witnesses\n`;
  const policy = `log ${formatVerifierKey(signerOf(config).key)}\n${witnesses}${group}`;
  parsePolicy(policy);
  return policy;
}

function quorumOf({ evidence: { quorum, witnesses } }: Config): string {
  return quorum ?? (witnesses.length === 0 ? 'none' : 'any');
}

export interface ByHand {
  /** Pseudonym of the person who does it. */
  readonly by: string;
}

/**
 * Opens the origin that the settings now name, with a new key, as the successor of `oldOrigin`, which was rewound. The old
 * key stays beside the new one under another name.
 *
 * @throws BreakwaterError as `openNewOrigin`.
 */
export async function renewOrigin(
  config: Config,
  act: ByHand & { readonly oldOrigin: string; readonly reason: string },
): Promise<string> {
  const { by, oldOrigin, reason } = act;
  if (originOf(config) === oldOrigin) {
    throw new BreakwaterError(
      'evidence.origin-exists',
      'set evidence.origin to the name of the new origin first',
      'evidence.origin',
    );
  }
  return withDatabase(config, async (url, db) => {
    const finished = await finishRenewal(config, db);
    if (finished !== null) return finished;
    const file = newKeyFile(config);
    const signer = keyFileSigner(file, originOf(config));
    await openNewOrigin({
      url,
      institution: config.institution,
      by,
      at: new Date(),
      signer,
      oldOrigin,
      outside: outsideOf(config),
      reason,
    });
    await useKeyFile(config, file);
    return formatVerifierKey(signer.key);
  });
}

/**
 * Makes a new key for the log and lets the present one name it. The old key stays beside the new one under another name.
 *
 * @throws BreakwaterError as `succeedKey`.
 */
export async function renewKey(config: Config, { by }: ByHand): Promise<string> {
  return withDatabase(config, async (url, db) => {
    const finished = await finishRenewal(config, db);
    if (finished !== null) return finished;
    const oldSigner = signerOf(config);
    const file = newKeyFile(config);
    const newSigner = keyFileSigner(file, originOf(config));
    await succeedKey({ url, institution: config.institution, by, at: new Date(), oldSigner, newSigner });
    await useKeyFile(config, file);
    return formatVerifierKey(newSigner.key);
  });
}

const nextFileOf = (config: Config): string => `${keyFileOf(config)}.next`;

/** A fresh key beside the present one; one that a renewal made and did not use is taken up. */
function newKeyFile(config: Config): string {
  const file = nextFileOf(config);
  if (!existsSync(file)) createKeyFile(file);
  return file;
}

/** Puts the new key in its place where a renewal was interrupted after the log had taken it; its verifier key, or null. */
async function finishRenewal(config: Config, db: Db): Promise<string | null> {
  const file = nextFileOf(config);
  if (!existsSync(file)) return null;
  const vkey = formatVerifierKey(keyFileSigner(file, originOf(config)).key);
  if ((await logKeys(db)).at(-1)?.vkey !== vkey) return null;
  await useKeyFile(config, file);
  return vkey;
}

async function useKeyFile(config: Config, file: string): Promise<void> {
  const present = keyFileOf(config);
  const retired = `${present}.until-${new Date().toISOString().replaceAll(':', '')}`;
  if (existsSync(present)) await rename(present, retired);
  await rename(file, present);
}

async function withDatabase<T>(config: Config, work: (url: string, db: Db) => Promise<T>): Promise<T> {
  const embedded =
    config.database.url === undefined
      ? await startEmbeddedPostgres({ dataDir: join(config.dataDir, 'postgres'), log: () => undefined })
      : null;
  const url = config.database.url ?? embedded?.url ?? '';
  const db = connect(url, { max: 2 });
  try {
    return await work(url, db);
  } finally {
    await db.destroy();
    await embedded?.stop();
  }
}
