/** Operator keys at the server: `key enrol`, `key list`, `key revoke`. */
import type { Command } from 'commander';
import { BreakwaterError, type EnrolmentStatement, type RevocationStatement } from '@breakwater/rules';
import { printJson, printRows, printText, withExamples, withJson } from '../frame.ts';
import { readPrivateKey } from '../plan/key.ts';
import { newNonce, signStatement } from '../run/signing.ts';
import { localServer, readConfig } from '../server.ts';
import { writeNewFile } from '../plan/write-new.ts';

/** Adds the commands to `key`. */
export function defineKeyServer(key: Command): void {
  withExamples(
    withJson(
      key
        .command('enrol')
        .description(
          'Enrol a key to a person. A second person, whose key is enrolled, signs; the first two found each other.',
        )
        .option('--person <id>', 'whose key it is, by pseudonym')
        .option('--role <role>', 'role in which the key counts, such as ciso')
        .option('--key <file>', 'private key that is enrolled: it signs that its person holds it')
        .option('--by <id>', 'the person who enrols')
        .option('--with <file>', 'private key of the person who enrols')
        .option('--days <n>', 'how long the key counts', '365')
        .option(
          '--founder <person:role:file>',
          'one of the two founders, while there are no keys; give it twice',
          collect,
        )
        .action(enrol),
    ),
    [
      [
        './breakwater key enrol --founder p-17:ciso:p-17.pem --founder p-21:operations:p-21.pem',
        'the founding ceremony: two persons at one machine',
      ],
      [
        './breakwater key enrol --person p-30 --role operations --key p-30.pem --by p-17 --with p-17.pem',
        'later: one enrols the next',
      ],
    ],
  );
  withJson(
    key
      .command('list')
      .description('Enrolled keys.')
      .option('--export <file>', 'write breakwater.keys/1 for verify; must not exist')
      .action(list),
  );
  withJson(
    key
      .command('revoke')
      .description('End a key from now on; what it signed before stays signed. Any enrolled person may.')
      .argument('<key>', 'sha256:… of the key')
      .requiredOption('--by <id>', 'who revokes, by pseudonym')
      .requiredOption('--with <file>', 'their private key')
      .action(revoke),
  );
}

const collect = (value: string, before: string[] = []): string[] => [...before, value];
const dayMs = 86_400_000;
const mostDays = 3650;

interface Enrol {
  person?: string;
  role?: string;
  key?: string;
  by?: string;
  with?: string;
  days: string;
  founder?: string[];
  json?: boolean;
}

interface Holder {
  readonly person: string;
  readonly role: string;
  readonly file: string;
}

async function enrol(answers: Enrol): Promise<void> {
  const days = Number(answers.days);
  if (!Number.isInteger(days) || days < 1 || days > mostDays) {
    throw new BreakwaterError('usage.days', `--days must be a whole number from 1 to ${mostDays}`, '--days');
  }
  const keys = answers.founder === undefined ? [await enrolOne(answers, days)] : await found(answers.founder, days);
  if (answers.json === true) printJson({ schema: 'breakwater.enrolled/1', keys });
  else printText(keys.map(({ person, role, key, to }) => `${person} (${role})  ${key}  until ${to}`).join('\n'));
}

async function enrolOne({ person, role, key, by, with: withFile }: Enrol, days: number) {
  if (person === undefined || role === undefined || key === undefined || by === undefined || withFile === undefined) {
    throw new BreakwaterError(
      'usage.enrol',
      'give --person, --role, --key, --by and --with, or two --founder',
      '--person',
    );
  }
  const body = await signedEnrolment({ person, role, file: key }, { person: by, role: '', file: withFile }, days);
  const { data } = await localServer().POST('/keys', { body });
  if (data === undefined) throw new Error('the server answered without content');
  return data;
}

async function found(founders: readonly string[], days: number) {
  const [a, b, ...more] = founders.map(holderOf);
  if (a === undefined || b === undefined || more.length > 0) {
    throw new BreakwaterError('usage.founder', 'two persons found the keys: give --founder twice', '--founder');
  }
  const body = { founders: [await signedEnrolment(a, b, days), await signedEnrolment(b, a, days)] as [Signed, Signed] };
  const { data } = await localServer().POST('/keys/founding', { body });
  if (data === undefined) throw new Error('the server answered without content');
  return data.keys;
}

type Signed = Awaited<ReturnType<typeof signedEnrolment>>;

function holderOf(text: string): Holder {
  const [person = '', role = '', ...file] = text.split(':');
  if (person === '' || role === '' || file.length === 0) {
    throw new BreakwaterError('usage.founder', `${text} is not PERSON:ROLE:FILE`, '--founder');
  }
  return { person, role, file: file.join(':') };
}

async function signedEnrolment(holder: Holder, by: Holder, days: number) {
  const { publicKey } = await readPrivateKey(holder.file);
  const now = Date.now();
  const statement: EnrolmentStatement = {
    schema: 'breakwater.enrolment/1',
    institution: readConfig().institution,
    person: holder.person,
    role: holder.role,
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    enrolledBy: by.person,
    from: new Date(now).toISOString(),
    to: new Date(now + days * dayMs).toISOString(),
    nonce: newNonce(),
  };
  const possession = await signStatement(statement, holder.file);
  return { statement, enroller: await signStatement(statement, by.file), possession: possession.signature };
}

async function list({ export: file, json }: { export?: string; json?: boolean }): Promise<void> {
  const client = localServer();
  if (file !== undefined) {
    const { data } = await client.GET('/keys/export');
    await writeNewFile(file, `${JSON.stringify(data, null, 2)}\n`);
  }
  const { data } = await client.GET('/keys');
  const keys = data?.keys ?? [];
  if (json === true) return printJson({ schema: 'breakwater.operator-keys/1', keys });
  printRows(
    keys.map(
      ({ person, role, key, to, revokedAt }) =>
        `${person} (${role})  ${key}  ${revokedAt === null ? `until ${to}` : `revoked ${revokedAt}`}`,
    ),
    '등록된 키가 없습니다 · no key yet: breakwater key enrol',
  );
}

async function revoke(
  key: string,
  { by, with: withFile, json }: { by: string; with: string; json?: boolean },
): Promise<void> {
  if (!/^sha256:[0-9a-f]{64}$/.test(key)) {
    throw new BreakwaterError('usage.key', `${key} is no digest of a key: see key list`, 'KEY');
  }
  const statement: RevocationStatement = {
    schema: 'breakwater.revocation/1',
    institution: readConfig().institution,
    key,
    by,
    at: new Date().toISOString(),
    nonce: newNonce(),
  };
  const signature = await signStatement(statement, withFile);
  await localServer().POST('/keys/revocations', { body: { statement, signature } });
  if (json === true) printJson({ schema: 'breakwater.revoked/1', key });
  else process.stderr.write(`revoked ${key}\n`);
}
