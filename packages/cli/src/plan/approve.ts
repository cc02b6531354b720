import { randomBytes, sign } from 'node:crypto';
import { BreakwaterError, conform } from '@breakwater/rules';
import { approvalBytes, approvalSchema, checkPlan, planHash, type Approval } from '@breakwater/rules/plan';
import type { Command } from 'commander';
import { printJson, printText, withExamples, withJson } from '../frame.ts';
import { keyDigest, readPrivateKey } from './key.ts';
import { readPlanFile } from './read-plan.ts';
import { writeNewFile } from './write-new.ts';

interface Answers {
  key: string;
  person: string;
  role: string;
  return?: boolean;
  expires: string;
  out?: string;
  json?: boolean;
}

/** `plan approve FILE`. */
export function defineApprove(plan: Command): void {
  const command = withJson(
    plan
      .command('approve')
      .description('Sign a decision about this very plan: any change to it voids the decision. Needs no server.')
      .argument('<file>', 'plan in YAML or JSON')
      .requiredOption('--key <file>', 'your private operator key (Ed25519, PEM)')
      .requiredOption('--person <id>', 'your pseudonym, such as p-17')
      .requiredOption('--role <role>', 'the role in which your key is enrolled')
      .requiredOption('--expires <time>', 'until when the decision counts, RFC 3339 with offset')
      .option('--return', 'return the plan to its author instead of approving it')
      .option('--out <file>', 'where the signed decision goes; must not exist. Without it: standard output')
      .action(approve),
  );
  withExamples(command, [
    [
      './breakwater plan approve plan.yaml --key p-17.pem --person p-17 --role ciso --expires 2026-12-01T00:00:00+09:00 --out approval.json',
      'approve; hand approval.json to whoever submits the plan',
    ],
  ]);
}

async function approve(file: string, answers: Answers): Promise<void> {
  const { plan, document } = await readPlanFile(file);
  const decision = answers.return === true ? 'return' : 'approve';
  if (decision === 'approve' && plan.author === answers.person) {
    throw new BreakwaterError(
      'approval.self',
      `${answers.person} wrote this plan, and an author's approval never counts: somebody else approves`,
      '/author',
    );
  }
  const now = new Date();
  const { privateKey, publicKey } = await readPrivateKey(answers.key);
  const approval = conform(
    approvalSchema,
    {
      schema: 'breakwater.approval/1',
      planHash: planHash(document),
      decision,
      person: answers.person,
      role: answers.role,
      at: now.toISOString(),
      expires: answers.expires,
      nonce: randomBytes(16).toString('hex'),
      key: keyDigest(publicKey),
      signature: '',
    },
    { name: 'approval' },
  );
  if (Date.parse(approval.expires) <= now.getTime()) {
    throw new BreakwaterError(
      'approval.expired',
      `--expires ${approval.expires} is over already: give a later time`,
      '/expires',
    );
  }
  const signed: Approval = {
    ...approval,
    signature: sign(null, approvalBytes(approval), privateKey).toString('base64'),
  };
  if (answers.out !== undefined) await writeNewFile(answers.out, `${JSON.stringify(signed, null, 2)}\n`);
  if (answers.json === true || answers.out === undefined) printJson(signed);
  else
    printText(
      `${decision === 'approve' ? 'approved' : 'returned'} ${signed.planHash}\nsigned decision: ${answers.out}`,
    );
  const { findings } = checkPlan(document);
  const errors = findings.filter(({ severity }) => severity === 'error').map(({ rule }) => rule);
  if (decision === 'approve' && errors.length > 0) {
    process.stderr.write(`note: the plan is not ready (${[...new Set(errors)].join(', ')}): see plan check\n`);
  }
}
