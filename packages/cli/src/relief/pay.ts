import type { Command } from 'commander';
import { printJson, printText, withExamples, withJson } from '../frame.ts';
import { localServer } from '../server.ts';
import { parseWon } from './decide.ts';

/** `claim pay CLAIM`. */
export function definePay(claim: Command): void {
  const command = withJson(
    claim
      .command('pay')
      .description('Record that an accepted claim, or a part of it, was paid. It moves no money.')
      .argument('<claim>', 'the claim')
      .requiredOption('--amount <won>', 'what was paid, whole won')
      .requiredOption('--payment <reference>', "the payment's reference in your books")
      .requiredOption('--by <person>', 'who records it: a pseudonym such as p-07')
      .action(pay),
  );
  withExamples(command, [
    [
      './breakwater claim pay c-1a2b3c4d5e6f7a8b --amount 12500 --payment TX-20261130-17 --by p-07',
      'paid in full when it is what was accepted',
    ],
  ]);
}

async function pay(
  claim: string,
  { amount, payment, by, json }: { amount: string; payment: string; by: string; json?: boolean },
): Promise<void> {
  const { data } = await localServer().POST('/claims/{id}/payments', {
    params: { path: { id: claim } },
    body: { amount: parseWon(amount), payment, by },
  });
  if (json === true) return printJson(data);
  printText(`${claim}  지급 기록 · payment recorded`);
}
