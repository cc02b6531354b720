import { randomBytes, sign } from 'node:crypto';
import {
  type PackDecisionStatement,
  type Signature,
  conform,
  packDecisionStatement,
  packDigest,
  statementBytes,
} from '@breakwater/rules';
import type { Command } from 'commander';
import { printJson, printText, withExamples, withJson } from '../frame.ts';
import { keyDigest, readPrivateKey } from '../plan/key.ts';
import { writeNewFile } from '../plan/write-new.ts';
import { findPack } from './read.ts';

type Answers = { key: string; person: string; role: string; return?: boolean; out?: string; json?: boolean };

/** `pack approve FILE`. */
export function definePackApprove(pack: Command): void {
  const command = withJson(
    pack
      .command('approve')
      .description('Sign a decision about this very pack: two persons approve one before it is used. Needs no server.')
      .argument('<pack>', 'id of a pack, or a pack file')
      .requiredOption('--key <file>', 'your private operator key (Ed25519, PEM)')
      .requiredOption('--person <id>', 'your pseudonym, such as p-17')
      .requiredOption('--role <role>', 'the role in which your key is enrolled')
      .option('--return', 'return the pack instead of approving it')
      .option('--out <file>', 'where the signed decision goes; must not exist. Without it: standard output')
      .action(approve),
  );
  withExamples(command, [
    [
      './breakwater pack approve official.yaml --key p-17.pem --person p-17 --role compliance --out p-17.json',
      'one of two approvals; they are handed in together with the pack',
    ],
  ]);
}

async function approve(name: string, answers: Answers): Promise<void> {
  const pack = await findPack(name);
  const { privateKey, publicKey } = await readPrivateKey(answers.key);
  const statement = conform<PackDecisionStatement>(
    packDecisionStatement,
    {
      schema: 'breakwater.pack-decision/1',
      pack: pack.id,
      digest: packDigest(pack),
      decision: answers.return === true ? 'return' : 'approve',
      person: answers.person,
      role: answers.role,
      at: new Date().toISOString(),
      nonce: randomBytes(16).toString('hex'),
    },
    { name: 'pack-decision' },
  );
  const signed: PackDecisionStatement & Signature = {
    ...statement,
    key: keyDigest(publicKey),
    signature: sign(null, statementBytes(statement), privateKey).toString('base64'),
  };
  if (answers.out !== undefined) await writeNewFile(answers.out, `${JSON.stringify(signed, null, 2)}\n`);
  if (answers.json === true || answers.out === undefined) printJson(signed);
  else
    printText(
      `${signed.decision === 'approve' ? '승인 · approved' : '반려 · returned'} ${signed.digest}\n${answers.out}`,
    );
}
