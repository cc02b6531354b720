import { BreakwaterError, readDocument } from '@breakwater/rules';
import { deliveryProofSchema, proofLevelMeaning, provesDelivery } from '@breakwater/rules/notice';
import { Option, type Command } from 'commander';
import { exit, finish, printJson, printText, readTextFile, withExamples, withJson } from '../frame.ts';
import { localServer } from '../server.ts';

const mostBytes = 64 * 1024;

/** `notice told` and `notice check-told`. */
export function defineTold(notice: Command): void {
  const told = withJson(
    notice
      .command('told')
      .description(
        'Was this number told, when, and with which text? Answered from its keyed hash, also after the numbers were erased. Exit 1: it was not in the list.',
      )
      .argument('<id>', 'the notice')
      .requiredOption(
        '--number-file <file>',
        'file with the number, - for standard input: it stands in no command line',
      )
      .addOption(new Option('--channel <name>', 'sms or email').choices(['sms', 'email']).default('sms'))
      .action(answer),
  );
  withExamples(told, [
    [
      './breakwater notice told transfer-openssl-2026-11-advance-1a2b3c4d --number-file - --json > told.json',
      'with the proof that leads to the root in the evidence log',
    ],
  ]);
  const check = withJson(
    notice
      .command('check-told')
      .description('Check the proof of an answer of `notice told` without a server. Exit 1: it does not hold.')
      .argument('<file>', 'what `notice told --json` printed, - for standard input')
      .action(checkFile),
  );
  withExamples(check, [
    [
      './breakwater notice check-told told.json',
      'then compare the root with the record notice.batch-sealed of the dossier',
    ],
  ]);
}

type Options = { numberFile: string; channel: 'sms' | 'email'; json?: boolean };

async function answer(id: string, { numberFile, channel, json }: Options): Promise<void> {
  const number = (await readTextFile(numberFile, mostBytes)).trim();
  const { data } = await localServer().POST('/notices/{id}/told', {
    params: { path: { id } },
    body: { number, channel },
  });
  if (data === undefined) throw new Error('the server answered without content');
  const { told } = data;
  if (told === null) finish(exit.no);
  if (json === true) return printJson(data);
  if (told === null) return printText('명단에 없음 · not in the list, or the list was forgotten');
  const meaning = told.level === null ? null : proofLevelMeaning[told.level];
  printText(
    [
      `${told.state}  ${told.level ?? ''}  ${told.submittedAt ?? ''}${told.settledAt === null ? '' : ` → ${told.settledAt}`}`,
      ...(meaning === null ? [] : [meaning.ko, meaning.en]),
      told.proof === null
        ? '증명은 발송이 끝난 뒤에 나옴 · the proof follows when the sending is over'
        : `근거 · proof: ${told.proof.root}, ${told.proof.index + 1}/${told.proof.leaves}`,
      told.text,
    ].join('\n'),
  );
}

async function checkFile(file: string, { json }: { json?: boolean }): Promise<void> {
  const { value } = readDocument(await readTextFile(file, mostBytes), { maxBytes: mostBytes });
  const proof = deliveryProofSchema.safeParse((value as { told?: { proof?: unknown } } | null)?.told?.proof);
  if (!proof.success) {
    throw new BreakwaterError(
      'told.no-proof',
      'there is no proof in it: it is there when the sending is over',
      '/told/proof',
    );
  }
  const holds = provesDelivery(proof.data);
  if (!holds) finish(exit.no);
  const { root, delivery } = proof.data;
  if (json === true) return printJson({ schema: 'breakwater.told-check/1', holds, root, delivery });
  printText(
    holds
      ? `성립 · holds: ${delivery.state}, ${delivery.submittedAt ?? ''}, ${root}`
      : '성립하지 않음 · does not hold: the delivery is not under its root',
  );
}
