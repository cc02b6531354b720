/** A security key in software, for tests: it makes passkeys and signs with them as a browser would hand it on. */
import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import { challengeOf, type Assertion } from '@breakwater/rules';

export interface Authenticator {
  readonly publicKey: string;
  readonly credential: string;
  /** Flags of the next answers: 0x01 present, 0x04 verified, 0x08 synced. */
  flags: number;
  register(options: { challenge: string }, origin: string): object;
  signIn(options: { challenge: string }, origin: string): object;
  /** A decision about `message`, as a statement carries it. */
  decide(message: Uint8Array, origin: string): { signature: string; webauthn: Assertion };
}

const base64url = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');
const sha256 = (data: string | Uint8Array): Buffer => createHash('sha256').update(data).digest();

export function makeAuthenticator(): Authenticator {
  const pair: { privateKey: KeyObject; publicKey: KeyObject } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const id = randomBytes(32);
  const credential = base64url(id);
  let counter = 0;

  const client = (type: string, challenge: string, origin: string): Buffer =>
    Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }));

  function data(origin: string, flags: number, attested: Buffer = Buffer.alloc(0)): Buffer {
    counter += 1;
    const count = Buffer.alloc(4);
    count.writeUInt32BE(counter);
    return Buffer.concat([sha256(new URL(origin).hostname), Buffer.from([flags]), count, attested]);
  }

  function assert(
    challenge: string,
    origin: string,
  ): { authenticatorData: Buffer; clientData: Buffer; signature: Buffer } {
    const clientData = client('webauthn.get', challenge, origin);
    const authenticatorData = data(origin, authenticator.flags);
    const signature = sign('sha256', Buffer.concat([authenticatorData, sha256(clientData)]), pair.privateKey);
    return { authenticatorData, clientData, signature };
  }

  const authenticator: Authenticator = {
    credential,
    publicKey: pair.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    flags: 0x05,
    register({ challenge }, origin) {
      const length = Buffer.alloc(2);
      length.writeUInt16BE(id.length);
      const attested = Buffer.concat([Buffer.alloc(16), length, id, coseKey(pair.publicKey)]);
      const authenticatorData = data(origin, authenticator.flags | 0x40, attested);
      const attestation = Buffer.concat([
        Buffer.from([0xa3]),
        cborText('fmt'),
        cborText('none'),
        cborText('attStmt'),
        Buffer.from([0xa0]),
        cborText('authData'),
        cborBytes(authenticatorData),
      ]);
      return {
        id: credential,
        rawId: credential,
        type: 'public-key',
        clientExtensionResults: {},
        response: {
          clientDataJSON: base64url(client('webauthn.create', challenge, origin)),
          attestationObject: base64url(attestation),
          transports: ['usb'],
        },
      };
    },
    signIn({ challenge }, origin) {
      const { authenticatorData, clientData, signature } = assert(challenge, origin);
      return {
        id: credential,
        rawId: credential,
        type: 'public-key',
        clientExtensionResults: {},
        response: {
          clientDataJSON: base64url(clientData),
          authenticatorData: base64url(authenticatorData),
          signature: base64url(signature),
        },
      };
    },
    decide(message, origin) {
      const { authenticatorData, clientData, signature } = assert(challengeOf(message), origin);
      return {
        signature: signature.toString('base64'),
        webauthn: {
          authenticatorData: authenticatorData.toString('base64'),
          clientDataJSON: clientData.toString('base64'),
        },
      };
    },
  };
  return authenticator;
}

/** EC2, ES256, P-256 (RFC 9053). */
function coseKey(publicKey: KeyObject): Buffer {
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
  const [head, xLabel, yLabel] = ['a5010203262001', '21', '22'].map((hex) => Buffer.from(hex, 'hex')) as [
    Buffer,
    Buffer,
    Buffer,
  ];
  return Buffer.concat([
    head,
    xLabel,
    cborBytes(Buffer.from(x, 'base64url')),
    yLabel,
    cborBytes(Buffer.from(y, 'base64url')),
  ]);
}

const cborText = (text: string): Buffer => Buffer.concat([Buffer.from([0x60 + text.length]), Buffer.from(text)]);

function cborBytes(bytes: Buffer): Buffer {
  const head = bytes.length < 256 ? [0x58, bytes.length] : [0x59, bytes.length >> 8, bytes.length & 0xff];
  return Buffer.concat([Buffer.from(head), bytes]);
}
