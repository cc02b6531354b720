/** Takes a secret out of a stream, also where it lies across two chunks: a model's server may repeat what it was sent. */
import { Transform, type TransformCallback } from 'node:stream';

const instead = Buffer.from('[redacted]');

/** Passes bytes on without the secret. It holds back only as many bytes as may be the beginning of one. */
export class Scrubbed extends Transform {
  private held = Buffer.alloc(0);
  private readonly secret: Buffer;

  constructor(secret: string) {
    super();
    this.secret = Buffer.from(secret);
  }

  override _transform(chunk: Buffer, _: BufferEncoding, done: TransformCallback): void {
    let rest = Buffer.concat([this.held, chunk]);
    for (let at = rest.indexOf(this.secret); at !== -1; at = rest.indexOf(this.secret)) {
      this.push(rest.subarray(0, at));
      this.push(instead);
      rest = rest.subarray(at + this.secret.length);
    }
    const kept = beginningAtEnd(rest, this.secret);
    this.held = rest.subarray(rest.length - kept);
    done(null, rest.subarray(0, rest.length - kept));
  }

  override _flush(done: TransformCallback): void {
    done(null, this.held);
  }
}

/** How many of the last bytes are the first of the secret. */
function beginningAtEnd(bytes: Buffer, secret: Buffer): number {
  for (let length = Math.min(bytes.length, secret.length - 1); length > 0; length--)
    if (bytes.subarray(bytes.length - length).equals(secret.subarray(0, length))) return length;
  return 0;
}
