/** The caged test: how strongly it was held, what it touched, what it tried beyond its scope, and what no answer tells anything about. */
import { journalRecord } from '@breakwater/rules/guard/record';
import { cageLevelWords, cited, rehearsalRuns } from '@breakwater/rules/review';
import type { Block, Cell } from './block.ts';
import { type Content, cell, say } from './content.ts';
import { type Lang, grouped } from './format.ts';
import { tableOr } from './work.ts';

/** Rows of each table; the rest is counted and travels in the record. */
const mostRows = 50;

/** Nothing where no cage was closed in the run. */
export function containment(content: Content, lang: Lang): Block[] {
  const t = say(lang);
  const rehearsals = rehearsalRuns(content.records);
  const closed = cited(content.records, journalRecord).flatMap(({ index, payload: { run, event } }) =>
    event.type === 'cage.closed' && !rehearsals.has(run) ? [{ index, ...event.data }] : [],
  );
  return closed.flatMap(({ index, containment: report, totals, report: digest }): Block[] => [
    { kind: 'heading', level: 2, text: t('시험 격리', 'Containment of the test') },
    {
      kind: 'pairs',
      rows: [
        [t('격리 수준', 'Level'), cageLevelWords[report.level][lang]],
        ...(report.notHeld ?? []).map((words): [string, string] => [t('통제하지 못하는 것', 'Not held'), words[lang]]),
        [
          t('자체 점검', 'Self-test'),
          t(
            `범위 밖 차단 ${yesNo(report.selfTest?.outsideBlocked, lang)}, 범위 안 응답 ${yesNo(report.selfTest?.insideAnswered, lang)}, ${report.selfTest?.rounds ?? 0}회`,
            `outside blocked: ${yesNo(report.selfTest?.outsideBlocked, lang)}; inside answered: ${yesNo(report.selfTest?.insideAnswered, lang)}; ${report.selfTest?.rounds ?? 0} rounds`,
          ),
        ],
        [
          t('허용된 연결', 'Allowed'),
          t(
            `${grouped(totals.allowed)}곳, 연결 ${grouped(totals.connections)}건`,
            `${grouped(totals.allowed)} destinations, ${grouped(totals.connections)} connections`,
          ),
        ],
        [
          t('차단된 시도', 'Denied'),
          t(
            `${grouped(totals.denied)}곳, 패킷 ${grouped(totals.deniedPackets)}개`,
            `${grouped(totals.denied)} destinations, ${grouped(totals.deniedPackets)} packets`,
          ),
        ],
        [
          t('상한으로 버려진 패킷', 'Lost to a cap'),
          t(
            `${grouped(report.lostToCap.packets)}개(이 탐색은 대상에 관하여 아무것도 말하지 않습니다)`,
            `${grouped(report.lostToCap.packets)} packets (these probes tell nothing about their target)`,
          ),
        ],
        [t('주고받은 바이트', 'Bytes'), `${grouped(report.bytes.out)} → / ← ${grouped(report.bytes.in)}`],
        [
          t('중지까지', 'Stopped within'),
          report.stoppedAfterMs === null ? t('스스로 끝남', 'ended by itself') : `${report.stoppedAfterMs} ms`,
        ],
        [t('보고서 해시', 'Digest of the report'), `${digest} (#${index})`],
      ],
    },
    destinations(
      t('허용된 연결', 'Allowed destinations'),
      t('연결', 'Connections'),
      report.allowed.map(({ connections, ...to }) => row(to, connections)),
      lang,
    ),
    destinations(
      t('차단된 시도', 'Denied attempts'),
      t('패킷', 'Packets'),
      report.denied.map(({ packets, ...to }) => row(to, packets)),
      lang,
    ),
  ]);
}

function yesNo(value: boolean | null | undefined, lang: Lang): string {
  const t = say(lang);
  return value === true ? t('예', 'yes') : value === false ? t('아니요', 'no') : t('미확인', 'unknown');
}

function row(to: { address: string; port: number | null; protocol: string }, count: number): Cell[] {
  return [cell(to.address), cell(to.port === null ? to.protocol : `${to.protocol}/${to.port}`), cell(grouped(count))];
}

function destinations(title: string, counted: string, rows: readonly (readonly Cell[])[], lang: Lang): Block {
  const t = say(lang);
  const left = rows.length - mostRows;
  const more = left > 0 ? [[cell(t(`이하 ${left}곳`, `${left} more`), { tone: 'quiet' }), cell(''), cell('')]] : [];
  return tableOr(
    [
      { title, width: 3 },
      { title: t('포트', 'Port'), width: 1.5 },
      { title: counted, width: 1, align: 'right' },
    ],
    [...rows.slice(0, mostRows), ...more],
    t('없습니다.', 'None.'),
  );
}
