/**
 * The keys of one sending. The data key encrypts addresses and is destroyed soon after the work; the lookup key, with the
 * pepper of the installation, answers "was this number told?" and lives as long as the evidence. Both are kept wrapped by a
 * key-encryption key that is not in the database, so destroying the wrapped form makes what they protect unreadable.
 */
import { spawn } from 'node:child_process';
import { createHmac, randomBytes } from 'node:crypto';
import { BreakwaterError } from '@breakwater/rules';
import { reportedAddress } from './address.ts';
import { recipientKey, seal, unseal, type RecipientSecrets } from './recipients.ts';
import type { SendingId, SendingRow } from './sending-store.ts';

/** Where the key-encryption key is: a file, a hardware module by PKCS#11, a key management service. */
export interface KeyWrapper {
  wrap(context: string, key: Buffer): Promise<Buffer>;
  unwrap(context: string, wrapped: Buffer): Promise<Buffer>;
}

/** The key-encryption key of the file of secrets. */
export function fileKeyWrapper(secrets: () => RecipientSecrets): KeyWrapper {
  return {
    wrap: (context, key) => Promise.resolve(seal(secrets().keyEncryptionKey, context, key)),
    unwrap: (context, wrapped) => Promise.resolve(unseal(secrets().keyEncryptionKey, context, wrapped)),
  };
}

const commandMs = 10_000;
const mostAnswer = 64 * 1024;

/**
 * A program that holds the key-encryption key, for PKCS#11 modules and key management services. It is started with `wrap`
 * or `unwrap` as its last argument, gets `{"context","data"}` on standard input and prints the result; both are base64.
 */
export function commandKeyWrapper(command: readonly string[]): KeyWrapper {
  return {
    wrap: (context, key) => ask(command, 'wrap', context, key),
    unwrap: (context, wrapped) => ask(command, 'unwrap', context, wrapped),
  };
}

function ask(command: readonly string[], act: 'wrap' | 'unwrap', context: string, data: Buffer): Promise<Buffer> {
  const [program = '', ...given] = command;
  return new Promise((resolve, reject) => {
    const fail = (why: string): void =>
      reject(new BreakwaterError('notice.key-command', `notice.keyCommand: ${act} ${why}`, 'notice.keyCommand'));
    const child = spawn(program, [...given, act], { stdio: ['pipe', 'pipe', 'ignore'], timeout: commandMs });
    let answer = '';
    child.stdout.on('data', (chunk: Buffer) => {
      if (answer.length < mostAnswer) answer += chunk.toString('latin1');
    });
    child.on('error', () => fail('could not be started'));
    child.on('close', (code) => {
      const text = answer.trim();
      if (code !== 0) return fail(`ended with ${code ?? 'a signal'}`);
      if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text) || text.length >= mostAnswer) return fail('printed no base64');
      resolve(Buffer.from(text, 'base64'));
    });
    child.stdin.on('error', () => undefined);
    child.stdin.end(`${JSON.stringify({ context, data: data.toString('base64') })}\n`);
  });
}

/** The opened keys of a sending; null where they were destroyed. */
export type OpenKeys = { dataKey: Buffer | null; pepper: Buffer | null };

export type SendingKeys = {
  /** New keys, wrapped for the database. */
  make(id: SendingId): Promise<{ dataKey: Buffer; lookupKey: Buffer }>;
  /** Opens the keys of a sending. They are kept in memory while it goes on: a key management service is asked once. */
  open(sending: KeyedSending): Promise<OpenKeys>;
};

export type KeyedSending = Pick<
  SendingRow,
  'institution' | 'notice' | 'channel' | 'dataKey' | 'lookupKey' | 'forgottenAt'
>;

const mostKept = 64;

export function createSendingKeys(secrets: () => RecipientSecrets, wrapper: KeyWrapper): SendingKeys {
  const kept = new Map<string, OpenKeys>();
  return {
    async make(id) {
      const name = nameOf(id);
      return {
        dataKey: await wrapper.wrap(name, randomBytes(32)),
        lookupKey: await wrapper.wrap(`lookup\0${name}`, randomBytes(32)),
      };
    },
    async open(sending) {
      const { dataKey, lookupKey, forgottenAt } = sending;
      const name = nameOf(sending);
      const found = kept.get(name);
      if (found !== undefined && (found.dataKey === null) === (dataKey === null) && forgottenAt === null) return found;
      const { pepper } = secrets();
      const lookup = lookupKey === null ? null : await wrapper.unwrap(`lookup\0${name}`, lookupKey);
      const opened: OpenKeys = {
        dataKey: dataKey === null ? null : await wrapper.unwrap(name, dataKey),
        // A sending of before there were lookup keys is keyed by the pepper alone.
        pepper:
          forgottenAt !== null ? null : lookup === null ? pepper : createHmac('sha256', pepper).update(lookup).digest(),
      };
      kept.delete(name);
      if (kept.size >= mostKept) kept.delete(kept.keys().next().value ?? '');
      if (forgottenAt === null) kept.set(name, opened);
      return opened;
    },
  };
}

/** A sending in one word, to bind its keys to. */
export function nameOf({ institution, notice, channel }: SendingId): string {
  return `${institution}\0${notice}\0${channel}`;
}

/** The key of an address in a sending, also as a gateway writes it in its reports. Null when the sending was forgotten. */
export async function keyOf(keys: SendingKeys, sending: KeyedSending, number: string): Promise<string | null> {
  const { pepper } = await keys.open(sending);
  return pepper === null ? null : recipientKey(pepper, nameOf(sending), reportedAddress(number));
}
