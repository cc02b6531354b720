import { BreakwaterError, type RestrictedStatement } from '@breakwater/rules';
import { harmlessJson } from '@breakwater/rules/containment';
import type { Command } from 'commander';
import { Option } from 'commander';
import { printJson, printRows, printText, withExamples, withJson } from '../frame.ts';
import { newNonce, signStatement } from '../run/signing.ts';
import { localServer, readConfig } from '../server.ts';
import { spell } from './list.ts';

type Act = RestrictedStatement['act'];
type RestrictedOptions = {
  by: string;
  with: string;
  finding?: string;
  draft?: Exclude<Act, 'read'>;
  after?: string;
  plan?: string;
  json?: boolean;
};

const drafts: readonly Exclude<Act, 'read'>[] = ['isolate', 'report-to-fsi', 'request-dissemination', 'emergency-plan'];

/** `finding restricted`. */
export function defineRestricted(finding: Command): void {
  const command = withJson(
    finding
      .command('restricted')
      .description(
        'Critical findings, and drafts of what may be done, for the restricted group. Every access is evidence.',
      )
      .requiredOption('--by <person>', 'who reads: a pseudonym such as p-17, of a role of containment.restrictedRoles')
      .requiredOption('--with <file>', 'that person’s private key')
      .option('--finding <fingerprint>', 'one finding')
      .addOption(new Option('--draft <act>', 'draft what may be done about it; nothing is sent').choices(drafts))
      .option('--after <fingerprint>', 'go on after this finding')
      .option(
        '--plan <id>',
        'a submitted plan of the same services: a draft plan takes over what is not about its work',
      )
      .action(restricted),
  );
  withExamples(command, [
    ['./breakwater finding restricted --by p-17 --with ~/.breakwater/p-17.pem', 'what waits for the group'],
    [
      './breakwater finding restricted --finding v1:… --draft report-to-fsi --by p-17 --with ~/.breakwater/p-17.pem',
      'a letter to FSI, which tells the vendor',
    ],
  ]);
}

async function restricted({ by, with: file, finding, draft, after, plan, json }: RestrictedOptions): Promise<void> {
  if (draft !== undefined && finding === undefined) {
    throw new BreakwaterError('usage.finding', 'say which finding a draft is about: --finding v1:…', '--finding');
  }
  const statement: RestrictedStatement = {
    schema: 'breakwater.restricted-act/1',
    institution: readConfig().institution,
    act: draft ?? 'read',
    fingerprint: finding ?? null,
    person: by,
    at: new Date().toISOString(),
    nonce: newNonce(),
  };
  const signature = await signStatement(statement, file);
  const server = localServer();
  if (draft !== undefined) {
    const { data } = await server.POST('/findings/restricted/drafts', {
      body: { statement, signature, plan: plan ?? null },
    });
    if (data === undefined) throw new Error('the server answered without content');
    return json === true ? printJson(data) : printText(data.text);
  }
  const { data } = await server.POST('/findings/restricted', {
    body: { statement, signature, after: after ?? null, limit: 1000 },
  });
  if (data === undefined) throw new Error('the server answered without content');
  if (json === true) return printText(harmlessJson(data, 2));
  printRows(
    [...data.findings.map(spell), ...(data.next === null ? [] : [`계속 · more: --after ${data.next}`])],
    '기다리는 취약점이 없습니다 · nothing waits for the restricted group',
  );
}
