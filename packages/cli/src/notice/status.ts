import type { Command } from 'commander';
import { printJson, printText, withExamples, withJson } from '../frame.ts';
import { localServer } from '../server.ts';

/** `notice status ID`. */
export function defineStatus(notice: Command): void {
  const command = withJson(
    notice
      .command('status')
      .description('Where a notice stands: since when it can be read, to how many it was sent, what arrived.')
      .argument('<id>', 'the notice, as `notice send` named it')
      .action(status),
  );
  withExamples(command, [
    [
      './breakwater notice status transfer-openssl-2026-11-advance-1a2b3c4d',
      'counts by what became of the messages, never one merged percentage',
    ],
  ]);
}

async function status(id: string, { json }: { json?: boolean }): Promise<void> {
  const { data } = await localServer().GET('/notices/{id}', { params: { path: { id } } });
  if (data === undefined) throw new Error('the server answered without content');
  if (json === true) return printJson(data);
  printText(
    [
      `${data.notice}  (${data.plan})`,
      data.website === null
        ? '홈페이지에 게시되지 않음 · not on the website'
        : `홈페이지 · website  ${data.website.at}  ${data.website.url}`,
      ...data.sendings.map(spellSending),
    ].join('\n'),
  );
}

type Sending = {
  state: string;
  intended: number;
  submitted: number;
  delivered: number | null;
  failed: number | null;
  unknown: number;
  resubmitted: number;
  stalled: boolean;
  channel: string;
  suppressed: number;
  viewed: number;
  certified: number;
  gateway: string | null;
  switchedAt: string | null;
  halted: boolean;
};

/** A sending in one line. What is not known yet is said to be so. */
export function spellSending(sending: Sending): string {
  const { state, intended, submitted, delivered, failed, unknown, resubmitted, stalled, suppressed, switchedAt } =
    sending;
  const { viewed, certified, gateway, halted } = sending;
  const known = (count: number | null, otherwise: string): string => (count === null ? otherwise : String(count));
  return [
    `${sending.channel === 'email' ? '전자우편 · mail' : '문자 · text messages'}  ${state}${stalled ? ' (멈춰 있음 · stalled)' : ''}${halted ? ' (전체 발송 중지 · all sendings are held)' : ''}`,
    `대상 ${intended}, 접수 ${submitted}, 도달 ${known(delivered, '알 수 없음')}, 실패 ${known(failed, '알 수 없음')}, 미확인 ${unknown}`,
    `intended ${intended}, submitted ${submitted}, delivered ${known(delivered, 'not known')}, failed ${known(failed, 'not known')}, unknown ${unknown}`,
    ...(suppressed === 0 ? [] : [`수신 제외 ${suppressed} · kept from being sent to ${suppressed}`]),
    ...(viewed + certified === 0
      ? []
      : [`열람 ${viewed}, 유통증명 ${certified} · viewed ${viewed}, certified ${certified}`]),
    ...(switchedAt === null
      ? []
      : [`${switchedAt}부터 다른 중계로 발송 · another gateway since ${switchedAt}: ${gateway ?? ''}`]),
    ...(resubmitted === 0
      ? []
      : [
          `응답을 받지 못해 다시 보낸 ${resubmitted}건은 두 번 도달했을 수 있음 · ${resubmitted} sent again for want of an answer, which may have arrived twice`,
        ]),
  ].join('\n  ');
}
