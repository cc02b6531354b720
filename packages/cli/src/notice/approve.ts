import { randomBytes, sign } from 'node:crypto';
import { conform, noticeDecisionStatement, statementBytes, type NoticeDecisionStatement } from '@breakwater/rules';
import type { Command } from 'commander';
import { printJson, printText, withExamples, withJson } from '../frame.ts';
import { keyDigest, readPrivateKey } from '../plan/key.ts';
import { localServer } from '../server.ts';

type Answers = { key: string; person: string; role: string; return?: boolean; waive?: string; json?: boolean };

/** `notice approve ID`. */
export function defineApprove(notice: Command): void {
  const command = withJson(
    notice
      .command('approve')
      .description('Sign a decision about a notice as it stands, and hand it in. Who wrote it does not count.')
      .argument('<id>', 'the notice')
      .requiredOption('--key <file>', 'your private operator key (Ed25519, PEM)')
      .requiredOption('--person <id>', 'your pseudonym, such as p-17')
      .requiredOption('--role <role>', 'the role in which your key is enrolled')
      .option('--return', 'return the notice instead of approving it')
      .option(
        '--waive <reason>',
        'for an emergency: take upon yourself that not everybody is told in time, for this reason',
      )
      .action(approve),
  );
  withExamples(command, [
    [
      './breakwater notice approve transfer-openssl-2026-11-advance-1a2b3c4d --key p-17.pem --person p-17 --role consumer-protection',
      'one of the approvals that notice.approvals.needed asks for',
    ],
  ]);
}

async function approve(id: string, answers: Answers): Promise<void> {
  const server = localServer();
  const { data: standing } = await server.GET('/notices/{id}/approval', { params: { path: { id } } });
  if (standing === undefined) throw new Error('the server answered without content');
  const { privateKey, publicKey } = await readPrivateKey(answers.key);
  const statement = conform<NoticeDecisionStatement>(
    noticeDecisionStatement,
    {
      schema: 'breakwater.notice-decision/1',
      notice: id,
      digest: standing.document,
      decision: answers.return === true ? 'return' : 'approve',
      waiver: answers.waive ?? null,
      person: answers.person,
      role: answers.role,
      at: new Date().toISOString(),
      nonce: randomBytes(16).toString('hex'),
    },
    { name: 'notice-decision' },
  );
  const signature = sign(null, statementBytes(statement), privateKey).toString('base64');
  const { data } = await server.POST('/notices/decisions', {
    body: { ...statement, key: keyDigest(publicKey), signature },
  });
  if (data === undefined) throw new Error('the server answered without content');
  if (answers.json === true) return printJson(data);
  printText(
    `${data.approved ? '승인됨 · approved' : '승인 대기 · not approved yet'}  ${data.persons.length} / ${data.needed}  ${data.persons.join(', ')}`,
  );
}
