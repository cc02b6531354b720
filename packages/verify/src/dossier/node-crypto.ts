import { hash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { nodeVerifier } from '../note/index.ts';
import type { Crypto } from './crypto.ts';

/** OpenSSL through node:crypto. */
export const nodeCrypto: Crypto = {
  ...nodeVerifier,
  sha256: (bytes) => hash('sha256', bytes, 'buffer'),
  crc32: (bytes) => crc32(bytes),
};
