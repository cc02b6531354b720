/** A body on its way through: counted, hashed, and kept at its beginning only where the scope says so. */
import { createHash } from 'node:crypto';
import { Transform, type TransformCallback } from 'node:stream';
import { redactionMargin, redactText } from './redaction.ts';
import { Refused } from './refusal.ts';

export interface BodyEvidence {
  readonly bytes: number;
  /** SHA-256 of what passed. */
  readonly digest: string;
  /** Redacted beginning, where the scope has bodies kept and the body is text. */
  readonly text?: string;
}

const textual = /^(?:text\/|application\/(?:json|xml|x-www-form-urlencoded|javascript|graphql)|[^;]*\+(?:json|xml))/i;

/** Passes a body on; more than `maxBytes` of it is an error of the stream ({@link Refused} `http.body-size`). */
export class WatchedBody extends Transform {
  private readonly hash = createHash('sha256');
  private readonly start: Buffer[] = [];
  private bytes = 0;
  private readonly maxBytes: number;
  private readonly keepBytes: number;

  constructor(maxBytes: number, keepBytes: number) {
    super();
    this.maxBytes = maxBytes;
    this.keepBytes = keepBytes === 0 ? 0 : keepBytes + redactionMargin;
  }

  override _transform(chunk: Buffer, _: BufferEncoding, done: TransformCallback): void {
    if (this.bytes + chunk.length > this.maxBytes) return done(new Refused('http.body-size'));
    if (this.bytes < this.keepBytes) this.start.push(chunk.subarray(0, this.keepBytes - this.bytes));
    this.bytes += chunk.length;
    this.hash.update(chunk);
    done(null, chunk);
  }

  /** What passed so far. Only text in UTF-8 that is not compressed can be redacted, so nothing else is kept. */
  evidence(contentType: string | null, contentEncoding: string | null): BodyEvidence {
    const told = { bytes: this.bytes, digest: `sha256:${this.hash.copy().digest('hex')}` };
    if (this.keepBytes === 0 || this.bytes === 0 || contentEncoding !== null) return told;
    if (contentType === null || !textual.test(contentType)) return told;
    const start = Buffer.concat(this.start);
    const cut = this.bytes > start.length;
    return { ...told, text: redactText(start.toString('utf8'), this.keepBytes - redactionMargin, cut) };
  }
}
