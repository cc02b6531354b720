/** A real time-stamping authority for tests: OpenSSL's, with certificates made for the occasion. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface TestAuthority {
  /** PEM of the root that verifiers are to trust. */
  readonly roots: string;
  /** PEM of the certificates of the signer and of the authority between it and the root. */
  readonly signer: string;
  readonly middle: string;
  /** The RFC 3161 response (DER) over `data`. */
  stamp(data: Uint8Array, options?: { readonly digest?: string }): Uint8Array;
  /** The RFC 3161 response to a request (DER). */
  answer(request: Uint8Array): Uint8Array;
  close(): void;
}

export interface AuthorityOptions {
  /** Argument of `openssl genpkey -algorithm`; default a P-256 key. */
  readonly algorithm?: readonly string[];
  /** Extended key usage of the signer's certificate. */
  readonly usage?: string;
  /** `-not_before` and `-not_after` of the signer's certificate, as `YYYYMMDDHHMMSSZ`. */
  readonly validity?: readonly [string, string];
  /** The intermediate authority may not issue certificates. */
  readonly intermediateIsNoAuthority?: boolean;
}

const P256 = ['EC', '-pkeyopt', 'ec_paramgen_curve:P-256'];

/** True where the `openssl` command is installed. */
export function hasOpenssl(): boolean {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Root, intermediate and signer, each with its own key. */
export function testAuthority(options: AuthorityOptions = {}): TestAuthority {
  const folder = mkdtempSync(join(tmpdir(), 'breakwater-tsa-'));
  const openssl = (...args: string[]): void => void execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  writeFileSync(join(folder, 'openssl.cnf'), configuration(options));
  const keyOf = (name: string): void =>
    openssl('genpkey', '-algorithm', ...(options.algorithm ?? P256), '-out', `${name}.key`);
  ['root', 'middle', 'signer'].forEach(keyOf);
  const sign = (name: string, issuer: string, section: string, validity: readonly string[]): void => {
    openssl(
      'req',
      '-new',
      '-config',
      'openssl.cnf',
      '-key',
      `${name}.key`,
      '-subj',
      `/CN=${name}`,
      '-out',
      `${name}.csr`,
    );
    openssl(
      'ca',
      '-batch',
      '-notext',
      '-config',
      'openssl.cnf',
      '-extensions',
      section,
      '-in',
      `${name}.csr`,
      '-out',
      `${name}.pem`,
      '-keyfile',
      `${issuer}.key`,
      ...(issuer === name ? ['-selfsign'] : ['-cert', `${issuer}.pem`]),
      ...validity,
    );
  };
  writeFileSync(join(folder, 'index.txt'), '');
  writeFileSync(join(folder, 'serial'), '1000\n');
  writeFileSync(join(folder, 'tsa-serial'), '01\n');
  const years = ['-days', '3650'];
  sign('root', 'root', 'authority', years);
  sign('middle', 'root', options.intermediateIsNoAuthority ? 'no_authority' : 'authority', years);
  const [from, to] = options.validity ?? [];
  sign('signer', 'middle', 'signer', from && to ? ['-startdate', from, '-enddate', to] : years);
  const reply = (): Uint8Array => {
    openssl(
      'ts',
      '-reply',
      '-config',
      'openssl.cnf',
      '-queryfile',
      'request.tsq',
      '-out',
      'response.tsr',
      '-signer',
      'signer.pem',
      '-inkey',
      'signer.key',
      '-chain',
      'middle.pem',
    );
    return new Uint8Array(readFileSync(join(folder, 'response.tsr')));
  };
  return {
    roots: readFileSync(join(folder, 'root.pem'), 'utf8'),
    signer: readFileSync(join(folder, 'signer.pem'), 'utf8'),
    middle: readFileSync(join(folder, 'middle.pem'), 'utf8'),
    stamp(data, { digest = 'sha256' } = {}) {
      writeFileSync(join(folder, 'data'), data);
      openssl('ts', '-query', '-data', 'data', `-${digest}`, '-cert', '-out', 'request.tsq');
      return reply();
    },
    answer(request) {
      writeFileSync(join(folder, 'request.tsq'), request);
      return reply();
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function configuration({ usage = 'critical,timeStamping' }: AuthorityOptions): string {
  return `
[req]
distinguished_name = name
[name]
[ca]
default_ca = store
[store]
database = index.txt
serial = serial
new_certs_dir = .
default_md = sha256
policy = anything
[anything]
commonName = supplied
[authority]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign
[no_authority]
basicConstraints = critical,CA:FALSE
[signer]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = ${usage}
[tsa]
default_tsa = stamp
[stamp]
serial = tsa-serial
signer_digest = sha256
default_policy = 1.3.6.1.4.1.99999.1
digests = sha256, sha384, sha512
ess_cert_id_chain = no
ess_cert_id_alg = sha256
`;
}
