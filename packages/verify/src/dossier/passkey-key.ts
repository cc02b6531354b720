/** Which keys of passkeys are taken, told from the first bytes of their SubjectPublicKeyInfo, alike in Node.js and browsers. */

export type PasskeyAlgorithm = 'P-256' | 'Ed25519' | 'RSA';

/** DER up to the key itself: RFC 5480 with prime256v1 and an uncompressed point, RFC 8410, RFC 3279 with 2048 to 4096 bits. */
const heads: readonly (readonly [PasskeyAlgorithm, string, number])[] = [
  ['P-256', '3059301306072a8648ce3d020106082a8648ce3d03010703420004', 91],
  ['Ed25519', '302a300506032b6570032100', 44],
  ['RSA', '30820122300d06092a864886f70d01010105000382010f00', 294],
  ['RSA', '308201a2300d06092a864886f70d01010105000382018f00', 422],
  ['RSA', '30820222300d06092a864886f70d01010105000382020f00', 550],
];

/** The algorithm of a key, or null for one that is not taken. */
export function passkeyAlgorithm(spki: Uint8Array): PasskeyAlgorithm | null {
  const found = heads.find(
    ([, head, length]) => spki.length === length && head === hex(spki.subarray(0, head.length / 2)),
  );
  return found?.[0] ?? null;
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** An ECDSA signature as WebCrypto takes it (r and s, 32 bytes each), from the strict DER of two integers; null for other bytes. */
export function rawSignature(der: Uint8Array): Uint8Array | null {
  const raw = new Uint8Array(64);
  if (der[0] !== 0x30 || der[1] !== der.length - 2 || der.length > 72) return null;
  let at = 2;
  for (const end of [32, 64]) {
    const length = der[at + 1] ?? 0;
    const integer = der.subarray(at + 2, at + 2 + length);
    if (der[at] !== 0x02 || length === 0 || integer.length !== length) return null;
    const [first = 0, second = 0] = integer;
    const isPadded = first === 0 && length > 1;
    if (first >= 0x80 || (isPadded && second < 0x80)) return null;
    const digits = isPadded ? integer.subarray(1) : integer;
    if (digits.length > 32) return null;
    raw.set(digits, end - digits.length);
    at += 2 + length;
  }
  return at === der.length ? raw : null;
}
