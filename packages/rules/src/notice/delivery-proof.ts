/**
 * Proof that one recipient was told, when, and with which text, without anybody else's data: what became of the messages of
 * a batch are the leaves of an RFC 6962 tree whose root stands in the evidence log.
 */
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { z } from 'zod';
import {
  canonicalJson,
  decodeBase64,
  encodeBase64,
  formatDigest,
  hashLeaf,
  hashNode,
  hashRange,
  inclusionRanges,
  parseDigest,
  verifyInclusion,
  type Node,
} from '#evidence';

const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/);
const instant = z.string().max(40).nullable();

/** What became of the message to one recipient. `recipient` is a keyed hash; `text` the digest of the words. */
export const deliverySchema = z.strictObject({
  schema: z.literal('breakwater.delivery/1'),
  notice: z.string().max(256),
  channel: z.string().max(16),
  recipient: z.string().max(64),
  text: digest,
  state: z.string().max(16),
  code: z.string().max(64).nullable(),
  submittedAt: instant,
  acceptedAt: instant,
  settledAt: instant,
  viewedAt: instant,
  certificate: z.string().max(256).nullable(),
});
export type Delivery = z.infer<typeof deliverySchema>;

/** A delivery with its place under the root of its batch. `root` stands in the record `notice.batch-sealed`. */
export const deliveryProofSchema = z.strictObject({
  schema: z.literal('breakwater.delivery-proof/1'),
  delivery: deliverySchema,
  batch: z.int().min(1),
  index: z.int().min(0),
  leaves: z.int().min(1),
  path: z.array(z.base64().length(44)).max(32),
  root: digest,
});
export type DeliveryProof = z.infer<typeof deliveryProofSchema>;

/** The leaf of a delivery: the hash of its RFC 8785 form. */
export function deliveryLeaf(delivery: Delivery): Uint8Array {
  return hashLeaf(utf8ToBytes(canonicalJson(delivery)));
}

/** The complete subtrees over leaves, by level and place. */
export class DeliveryTree {
  readonly #levels: Uint8Array[][];

  /** `leaves` in the order of the batch; at least one. */
  constructor(leaves: readonly Uint8Array[]) {
    this.#levels = [[...leaves]];
    for (let below = this.#levels[0] ?? []; below.length > 1;) {
      const level: Uint8Array[] = [];
      for (let i = 0; i + 1 < below.length; i += 2) {
        level.push(hashNode(below[i] as Uint8Array, below[i + 1] as Uint8Array));
      }
      this.#levels.push(level);
      below = level;
    }
  }

  get size(): number {
    return this.#levels[0]?.length ?? 0;
  }

  /** `sha256:…` over all leaves. */
  root(): string {
    return formatDigest(this.#hash(0, this.size));
  }

  /** The hashes that lead from leaf `index` to the root. Throws BreakwaterError `evidence.out-of-range`. */
  path(index: number): string[] {
    return inclusionRanges(index, this.size).map(({ start, end }) => encodeBase64(this.#hash(start, end)));
  }

  #hash(start: number, end: number): Uint8Array {
    return hashRange({ start, end }, ({ level, index }: Node) => this.#levels[level]?.[index] as Uint8Array);
  }
}

/** True when the delivery of a proof is under its root. Whether the root is in the log is for the record to show. */
export function provesDelivery({ delivery, index, leaves, path, root }: DeliveryProof): boolean {
  const rootHash = parseDigest(root);
  const hashes = path.flatMap((hash) => decodeBase64(hash) ?? []);
  if (rootHash === null || hashes.length !== path.length) return false;
  return verifyInclusion({ leafHash: deliveryLeaf(delivery), index, size: leaves, proof: hashes, root: rootHash });
}
