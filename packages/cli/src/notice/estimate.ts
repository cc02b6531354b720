import type { Command } from 'commander';
import { printJson, printText, withExamples, withJson } from '../frame.ts';
import { localServer } from '../server.ts';

/** `notice estimate ID`. */
export function defineEstimate(notice: Command): void {
  const command = withJson(
    notice
      .command('estimate')
      .description(
        'How many a notice would be sent to, at which price, and whether in time: before anybody approves it.',
      )
      .argument('<id>', 'the notice')
      .action(estimate),
  );
  withExamples(command, [
    [
      './breakwater notice estimate transfer-openssl-2026-11-advance-1a2b3c4d',
      'with the arithmetic of the latest start',
    ],
  ]);
}

async function estimate(id: string, { json }: { json?: boolean }): Promise<void> {
  const { data } = await localServer().GET('/notices/{id}/estimate', { params: { path: { id } } });
  if (data === undefined) throw new Error('the server answered without content');
  if (json === true) return printJson(data);
  const { recipients, message, price, schedule } = data;
  const count =
    recipients.atMost === null ? '알 수 없음 · not known' : `${recipients.atMost.toLocaleString('ko-KR')}명`;
  const cost = price === null ? '알 수 없음 · not known' : `${price.toLocaleString('ko-KR')}원`;
  printText(
    [
      `대상(최대) · recipients, at most  ${count} (${recipients.from})`,
      ...(recipients.unlisted.length === 0
        ? []
        : [`고객 목록 없음 · no list of customers  ${recipients.unlisted.join(', ')}`]),
      `문자 · message  ${message.type} ${message.bytes}바이트`,
      `비용(최대) · price, at most  ${cost}`,
      ...(schedule === null
        ? ['발송 시한 · schedule  알 수 없음 · not known']
        : [
            schedule.inTime ? '시간 안에 가능 · in time' : '시간 부족 · too late',
            `    ${schedule.words.ko}`,
            `    ${schedule.words.en}`,
          ]),
      ...data.quiet.map(({ start, end }) => `야간 제한 · quiet hours  ${start} ~ ${end}`),
    ].join('\n'),
  );
}
