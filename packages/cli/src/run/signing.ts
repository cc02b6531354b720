/** Statements signed with an operator key. */
import { randomBytes, sign } from 'node:crypto';
import { statementBytes, type Signature, type Statement } from '@breakwater/rules';
import { keyDigest, readPrivateKey } from '../plan/key.ts';

/** 128 bits that no two statements share. */
export const newNonce = (): string => randomBytes(16).toString('hex');

/** Signs a statement with the private key in a file. Throws BreakwaterError `key.*` as `readPrivateKey`. */
export async function signStatement(statement: Statement, keyFile: string): Promise<Signature> {
  const { privateKey, publicKey } = await readPrivateKey(keyFile);
  return { key: keyDigest(publicKey), signature: sign(null, statementBytes(statement), privateKey).toString('base64') };
}
