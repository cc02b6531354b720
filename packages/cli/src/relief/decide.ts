import { randomBytes, sign } from 'node:crypto';
import {
  BreakwaterError,
  claimDecisionStatement,
  conform,
  statementBytes,
  type ClaimDecisionStatement,
} from '@breakwater/rules';
import { reasonCodeNames, reasonCodes, type ReasonCode } from '@breakwater/rules/relief';
import type { Command } from 'commander';
import { Argument, Option } from 'commander';
import { printJson, printText, withExamples, withJson } from '../frame.ts';
import { keyDigest, readPrivateKey } from '../plan/key.ts';
import { localServer, readConfig } from '../server.ts';

/** Whole won of the command line. Throws BreakwaterError `usage.amount`. */
export function parseWon(text: string): number {
  const amount = Number(text.replace(/[,_]/g, ''));
  if (!/^[\d,_]{1,20}$/.test(text) || !Number.isSafeInteger(amount)) {
    throw new BreakwaterError(
      'usage.amount',
      `${JSON.stringify(text)} is no amount: write whole won such as 12500`,
      '--amount',
    );
  }
  return amount;
}

/** `claim decide CLAIM DECISION`. */
export function defineDecide(claim: Command): void {
  const command = withJson(
    claim
      .command('decide')
      .description(
        'Accept an open claim for an amount, or refuse it with a reason. Above the limit of the relief policy it then waits for a second person (claim approve). Exit 1 when it was decided already.',
      )
      .argument('<claim>', 'the claim')
      .addArgument(new Argument('<decision>', 'what is decided').choices(['accept', 'refuse']))
      .requiredOption('--by <person>', 'who decides: a pseudonym such as p-07')
      .option('--amount <won>', 'what is accepted, whole won')
      .addOption(new Option('--code <code>', 'why, as one of the reasons that are counted').choices(reasonCodeNames))
      .option('--reason <text>', 'why it is refused; hold no personal data in it')
      .action(decide),
  );
  withExamples(command, [
    [
      './breakwater claim decide c-1a2b3c4d5e6f7a8b accept --amount 12500 --code fee-refund --by p-07',
      'accepted for 12,500 won',
    ],
    [
      './breakwater claim decide c-1a2b3c4d5e6f7a8b refuse --code booked-after-all --by p-07',
      reasonCodes['booked-after-all'].ko,
    ],
  ]);
}

type Decision = { by: string; amount?: string; code?: ReasonCode; reason?: string; json?: boolean };

async function decide(
  claim: string,
  decision: 'accept' | 'refuse',
  { by, amount, code, reason, json }: Decision,
): Promise<void> {
  if (decision === 'accept' && amount === undefined)
    throw new BreakwaterError('usage.amount', 'say for how much: --amount 12500', '--amount');
  if (decision === 'refuse' && ((reason === undefined && code === undefined) || amount !== undefined)) {
    throw new BreakwaterError('usage.reason', 'a refusal has a --code or a --reason, and no --amount', '--reason');
  }
  const { data } = await localServer().POST('/claims/{id}/decision', {
    params: { path: { id: claim } },
    body: {
      decision: decision === 'accept' ? 'accepted' : 'refused',
      amount: amount === undefined ? 0 : parseWon(amount),
      by,
      code: code ?? null,
      reason: reason ?? null,
    },
  });
  if (json === true) return printJson(data);
  const said = decision === 'accept' ? '인정 · accepted' : '기각 · refused';
  printText(
    data?.state === 'waiting'
      ? `${claim}  ${said}: 두 번째 담당자의 서명을 기다립니다 · waits for a second person: claim approve ${claim}`
      : `${claim}  ${said}`,
  );
}

/** `claim approve CLAIM`. */
export function defineApprove(claim: Command): void {
  const command = withJson(
    claim
      .command('approve')
      .description('As the second person, sign the decision that waits on a claim, or send it back.')
      .argument('<claim>', 'the claim')
      .requiredOption('--key <file>', 'your private operator key (Ed25519, PEM)')
      .requiredOption('--person <id>', 'your pseudonym, such as p-17')
      .requiredOption('--role <role>', 'the role in which your key is enrolled')
      .option('--return', 'send it back: the claim is open as before')
      .action(approve),
  );
  withExamples(command, [
    [
      './breakwater claim approve c-1a2b3c4d5e6f7a8b --key p-17.pem --person p-17 --role consumer-officer',
      'signs exactly what the first person decided, and shows it first',
    ],
  ]);
}

type Answers = { key: string; person: string; role: string; return?: boolean; json?: boolean };

async function approve(claim: string, answers: Answers): Promise<void> {
  const client = localServer();
  const { privateKey, publicKey } = await readPrivateKey(answers.key);
  const { data: shown } = await client.GET('/claims/{id}', { params: { path: { id: claim } } });
  const proposal = shown?.proposal ?? null;
  if (proposal === null)
    throw new BreakwaterError('claim.not-proposed', `${claim} has no decision that waits for a signature`, '/claim');
  if (answers.json !== true)
    process.stderr.write(
      `${proposal.by}: ${proposal.decision === 'accepted' ? '인정 · accepted' : '기각 · refused'} ${proposal.amount.toLocaleString('en-US')}원 ${proposal.code ?? ''}\n`,
    );
  const statement = conform<ClaimDecisionStatement>(
    claimDecisionStatement,
    {
      schema: 'breakwater.claim-decision/1',
      institution: readConfig().institution,
      claim,
      decision: proposal.decision,
      amount: proposal.amount,
      verdict: answers.return === true ? 'return' : 'approve',
      person: answers.person,
      role: answers.role,
      at: new Date().toISOString(),
      nonce: randomBytes(16).toString('hex'),
    },
    { name: 'claim-decision' },
  );
  const signature = sign(null, statementBytes(statement), privateKey).toString('base64');
  const { data } = await client.POST('/claims/second-decisions', {
    body: { ...statement, key: keyDigest(publicKey), signature },
  });
  if (answers.json === true) return printJson(data);
  printText(answers.return === true ? `${claim}  반려 · returned` : `${claim}  결재 완료 · decided by two persons`);
}
