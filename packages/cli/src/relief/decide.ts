import { BreakwaterError } from '@breakwater/rules';
import type { Command } from 'commander';
import { Argument } from 'commander';
import { printJson, printText, withExamples, withJson } from '../frame.ts';
import { localServer } from '../server.ts';

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
        'Accept an open claim for an amount, or refuse it with a reason. Exit 1 when it was decided already.',
      )
      .argument('<claim>', 'the claim')
      .addArgument(new Argument('<decision>', 'what is decided').choices(['accept', 'refuse']))
      .requiredOption('--by <person>', 'who decides: a pseudonym such as p-07')
      .option('--amount <won>', 'what is accepted, whole won')
      .option('--reason <text>', 'why it is refused; hold no personal data in it')
      .action(decide),
  );
  withExamples(command, [
    ['./breakwater claim decide c-1a2b3c4d5e6f7a8b accept --amount 12500 --by p-07', 'accepted for 12,500 won'],
    ['./breakwater claim decide c-1a2b3c4d5e6f7a8b refuse --reason "not our service" --by p-07', 'refused'],
  ]);
}

type Decision = { by: string; amount?: string; reason?: string; json?: boolean };

async function decide(
  claim: string,
  decision: 'accept' | 'refuse',
  { by, amount, reason, json }: Decision,
): Promise<void> {
  if (decision === 'accept' && amount === undefined)
    throw new BreakwaterError('usage.amount', 'say for how much: --amount 12500', '--amount');
  if (decision === 'refuse' && (reason === undefined || amount !== undefined)) {
    throw new BreakwaterError('usage.reason', 'a refusal has a --reason and no --amount', '--reason');
  }
  const { data } = await localServer().POST('/claims/{id}/decision', {
    params: { path: { id: claim } },
    body: {
      decision: decision === 'accept' ? 'accepted' : 'refused',
      amount: amount === undefined ? 0 : parseWon(amount),
      by,
      reason: reason ?? null,
    },
  });
  if (json === true) return printJson(data);
  printText(decision === 'accept' ? `${claim}  인정 · accepted` : `${claim}  기각 · refused`);
}
