import { hash, randomBytes } from 'node:crypto';

/** A new secret that lets its holder in: 32 random bytes in base64url. Shown once; only its hash is kept. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** What is kept of a secret. It is random and long, so a plain hash cannot be guessed back. */
export function secretHash(secret: string): Buffer {
  return hash('sha256', secret, 'buffer');
}

/** Whether text has the shape of a secret of ours: whatever has not is never looked up. */
export function isSecret(text: string): boolean {
  return /^[A-Za-z0-9_-]{43}$/.test(text);
}
