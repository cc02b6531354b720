import type { Command } from 'commander';
import { Option } from 'commander';
import { exit, finish, printJson, printText, readBinaryFile, readTextFile, withExamples, withJson } from '../frame.ts';
import { localServer } from '../server.ts';

const channels = ['csaf', 'taxii', 'letter', 'portal', 'mail'] as const;
/** Largest document, signature and key, bytes. */
const most = { document: 32 * 1024 * 1024, signature: 8 * 1024, key: 200_000 };

type Receive = {
  id: string;
  authority: string;
  channel: (typeof channels)[number];
  by: string;
  receivedAt?: string;
  signature?: string;
  vulnerabilities?: string;
  json?: boolean;
};

/** `advisory receive`, `advisory attest` and `advisory pin`. */
export function defineReceive(advisory: Command): void {
  const receive = withJson(
    advisory
      .command('receive')
      .description(
        'Keep what an authority sent, with the verdict on its signature at receipt. Exit 1 when it is not proven yet.',
      )
      .argument('<file>', 'the document, or the scan of a letter')
      .requiredOption('--id <id>', 'what the authority calls it, such as FSI-2026-0142')
      .requiredOption('--authority <name>', 'FSC, FSS, FSI, or another body')
      .addOption(new Option('--channel <channel>', 'how it came').choices(channels).makeOptionMandatory())
      .requiredOption('--by <person>', 'who received it, by pseudonym')
      .option('--received-at <instant>', 'when; default now')
      .option('--signature <file>', 'its detached OpenPGP signature')
      .option('--vulnerabilities <ids>', 'what it names, with commas; of CSAF read from it'),
  ).action(receiveFile);
  withExamples(receive, [
    [
      './breakwater advisory receive fsi.json --id FSI-2026-0142 --authority FSI --channel csaf --signature fsi.json.asc --by p-17',
      'proven when a pinned key signed it',
    ],
    [
      './breakwater advisory receive letter.pdf --id FSC-2026-7 --authority FSC --channel letter --vulnerabilities CVE-2026-1234 --by p-17',
      'attested once a second person read the same',
    ],
  ]);
  const attest = withJson(
    advisory
      .command('attest')
      .description('As a second person, name what an unsigned document names: the same ids attest it.')
      .argument('<id>', 'the dissemination')
      .requiredOption('--vulnerabilities <ids>', 'what you read in it, with commas')
      .requiredOption('--by <person>', 'who read it, by pseudonym'),
  ).action(attestOne);
  withExamples(attest, [
    ['./breakwater advisory attest FSC-2026-7 --vulnerabilities CVE-2026-1234 --by p-18', 'the letter is attested'],
  ]);
  const pin = withJson(
    advisory
      .command('pin')
      .description('Pin a public OpenPGP key to an authority, after its fingerprint was compared over another way.')
      .argument('<key-file>', 'armored public key')
      .requiredOption('--authority <name>', 'FSC, FSS, FSI, or another body')
      .requiredOption('--fingerprint <hex>', 'what was compared')
      .option('--from <instant>', 'from when it counts; default now')
      .option('--until <instant>', 'until when; default until further notice'),
  ).action(pinOne);
  withExamples(pin, [
    ['./breakwater advisory pin fsi.asc --authority FSI --fingerprint "A1B2 …"', 'from now on its signatures prove'],
  ]);
}

const listed = (text: string): string[] =>
  text
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');

async function receiveFile(
  file: string,
  { json, signature, receivedAt, vulnerabilities, ...rest }: Receive,
): Promise<void> {
  const { data } = await localServer().POST('/disseminations', {
    params: {
      query: {
        ...rest,
        receivedAt: receivedAt ?? new Date().toISOString(),
        ...(vulnerabilities === undefined ? {} : { vulnerabilities }),
        ...(signature === undefined
          ? {}
          : { signature: Buffer.from(await readBinaryFile(signature, most.signature)).toString('base64url') }),
      },
    },
    headers: { 'content-type': 'application/octet-stream' },
    body: await readBinaryFile(file, most.document),
    bodySerializer: (body: unknown) => body as Uint8Array<ArrayBuffer>,
  });
  if (data === undefined) throw new Error('the server answered without content');
  if (data.proof !== 'proven') finish(exit.no);
  if (json === true) return printJson(data);
  const more = data.transcriptsNeeded > 0 ? '  두 번째 확인자 필요 · a second person must attest: advisory attest' : '';
  printText(`${data.id}  ${data.proof}${data.doubt === null ? '' : ` (${data.doubt})`}${more}`);
}

async function attestOne(
  id: string,
  { by, vulnerabilities, json }: { by: string; vulnerabilities: string; json?: boolean },
): Promise<void> {
  const { data } = await localServer().POST('/disseminations/transcripts', {
    body: { id, by, vulnerabilities: listed(vulnerabilities) },
  });
  if (json === true) return printJson(data);
  printText(`${id}  ${data?.proof ?? ''}`);
}

async function pinOne(
  file: string,
  {
    authority,
    fingerprint,
    from,
    until,
    json,
  }: { authority: string; fingerprint: string; from?: string; until?: string; json?: boolean },
): Promise<void> {
  const { data } = await localServer().POST('/authorities/keys', {
    body: {
      authority,
      fingerprint,
      armored: await readTextFile(file, most.key),
      from: from ?? new Date().toISOString(),
      until: until ?? null,
    },
  });
  if (json === true) return printJson(data);
  printText(`${authority}  ${data?.fingerprint ?? ''}`);
}
