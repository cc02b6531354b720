/** What happened: the time line, disruptions and recovery, damage, leaks, relief, and duties that follow. */
import { measureWords } from '@breakwater/rules/review';
import type { Block } from './block.ts';
import { containment } from './containment.ts';
import { type Content, cell, number, say, word } from './content.ts';
import {
  type Amount,
  type Lang,
  isKnown,
  duration,
  kst,
  kstOr,
  kstSpan,
  range,
  utc,
  withLocalTimes,
} from './format.ts';
import { causeWords, dutyStatusWords, dutyWords } from './words.ts';
import { tableOr } from './work.ts';

/** Rows of the time line that are printed; the rest is counted and travels in the records. */
const TIMELINE_ROWS = 400;

export function timeline({ timeline: rows }: Content, lang: Lang): Block[] {
  const t = say(lang);
  const left = rows.length - TIMELINE_ROWS;
  return [
    { kind: 'heading', level: 1, text: t('4. 시간표', 'D. Time line'), newPage: true },
    {
      kind: 'text',
      tone: 'quiet',
      text: t(
        '시각은 출처의 시계를 따르며, 앞은 한국 표준시(KST), 뒤는 협정 세계시(UTC)입니다. 번호는 증거 로그의 기록 번호입니다.',
        'Times are by the clock of the source: Korean time (KST), then UTC. Numbers are those of the records in the evidence log.',
      ),
    },
    tableOr(
      [
        { title: 'KST', width: 'auto' },
        { title: 'UTC', width: 'auto' },
        { title: t('출처', 'Source'), width: 'auto' },
        { title: t('일어난 일', 'What happened'), width: 1 },
        { title: t('기록', 'Record'), width: 'auto', align: 'right' },
      ],
      rows
        .slice(0, TIMELINE_ROWS)
        .map((row) => [
          cell(kst(row.at)),
          cell(utc(row.at).slice(5), { tone: 'quiet' }),
          cell(row.source, { tone: 'quiet' }),
          cell(row[lang]),
          number(row.index),
        ]),
      t('기록이 없습니다.', 'No records.'),
    ),
    ...(left > 0
      ? [
          {
            kind: 'text',
            tone: 'quiet',
            text: t(`이하 ${left}건은 첨부한 기록에 있습니다.`, `${left} more are in the attached records.`),
          } as const,
        ]
      : []),
  ];
}

export function outcome(content: Content, lang: Lang): Block[] {
  const t = say(lang);
  return [
    { kind: 'heading', level: 1, text: t('5. 장애와 복구', 'E. Disruption and recovery'), newPage: true },
    ...disruptions(content, lang),
    ...recovery(content, lang),
    ...containment(content, lang),
    { kind: 'heading', level: 1, text: t('6. 손해 · 유출 · 피해구제', 'F. Damage, leaks, relief') },
    ...ledgers(content, lang),
    ...duties(content, lang),
  ];
}

function disruptions({ facts }: Content, lang: Lang): Block[] {
  const t = say(lang);
  const rows = (facts.disruptions ?? []).map(({ service, start, end, cause, extent }) => [
    cell(service ?? t('알 수 없음', 'unknown'), {
      tone: 'strong',
      under:
        extent === 'full'
          ? t('전면', 'full')
          : extent === 'partial'
            ? t('일부', 'partial')
            : t('범위 미확인', 'extent unknown'),
    }),
    cell(isKnown(start) ? kstSpan(start, end) : t('알 수 없음', 'unknown')),
    cell(
      isKnown(start) && isKnown(end)
        ? duration(Date.parse(end) - Date.parse(start))
        : isKnown(start)
          ? t('끝나지 않음', 'not ended')
          : t('알 수 없음', 'unknown'),
    ),
    cell(word(causeWords, cause, lang)),
  ]);
  return [
    tableOr(
      [
        { title: t('서비스', 'Service'), width: 1.5 },
        { title: t('장애 구간(KST)', 'Interval (KST)'), width: 3 },
        { title: t('길이', 'Length'), width: 1.3, align: 'right' },
        { title: t('원인', 'Cause'), width: 1.5 },
      ],
      rows,
      t('장애가 기록되지 않았습니다.', 'No disruption was recorded.'),
    ),
  ];
}

function recovery({ facts }: Content, lang: Lang): Block[] {
  const t = say(lang);
  const rows = (facts.recovery ?? []).map(({ measure, at, succeeded }) => [
    cell(word(measureWords, measure, lang), { tone: 'strong' }),
    cell(kstOr(at, lang)),
    cell(
      succeeded === true
        ? t('성공', 'succeeded')
        : succeeded === false
          ? t('실패', 'failed')
          : t('알 수 없음', 'unknown'),
      succeeded === false ? { tone: 'alert' } : {},
    ),
  ]);
  return [
    { kind: 'heading', level: 2, text: t('복구 조치', 'Recovery measures') },
    tableOr(
      [
        { title: t('조치', 'Measure'), width: 2 },
        { title: t('시각(KST)', 'Time (KST)'), width: 2 },
        { title: t('결과', 'Result'), width: 1 },
      ],
      rows,
      t('복구 조치가 기록되지 않았습니다.', 'No recovery measure was recorded.'),
    ),
  ];
}

function ledgers({ facts }: Content, lang: Lang): Block[] {
  const t = say(lang);
  const { damage, leaks, relief } = facts;
  const split =
    damage !== null && damage !== undefined && typeof damage === 'object' && !('low' in damage) ? damage : null;
  const damageRows: (readonly [string, string])[] =
    split === null
      ? [[t('손해액', 'Damage'), range(damage as Amount, 'KRW', lang)]]
      : [
          [t('손해액: 고객', 'Damage: customers'), range(split.customer, 'KRW', lang)],
          [t('손해액: 회사', 'Damage: company'), range(split.company, 'KRW', lang)],
          [t('손해액: 제삼자', 'Damage: third parties'), range(split.thirdParty, 'KRW', lang)],
          [t('도의적 지급', 'Goodwill'), range(split.goodwill, 'KRW', lang)],
          [t('구상 예정', 'Recourse'), range(split.recourse, 'KRW', lang)],
        ];
  const records = (of: unknown): string =>
    typeof of === 'object' && of !== null && 'records' in of
      ? range(of.records as Amount, 'records', lang)
      : range(of as Amount, 'records', lang);
  const claims = relief?.claims;
  const count = (of: Amount): string => range(of, 'claims', lang);
  return [
    {
      kind: 'pairs',
      rows: [
        ...damageRows,
        [t('유출: 개인신용정보', 'Leaked: personal credit'), records(leaks?.personalCredit)],
        [t('유출: 그 밖의 정보', 'Leaked: other'), records(leaks?.other)],
        [t('유출: 분류되지 않음', 'Leaked: unclassified'), records(leaks?.unclassified)],
        [t('피해구제 마련', 'Relief prepared'), kstOr(relief?.preparedAt, lang)],
        [t('피해구제 이행', 'Relief carried out'), kstOr(relief?.implementedAt, lang)],
        [
          t('청구', 'Claims'),
          t(
            `미결 ${count(claims?.open)} · 인정 ${count(claims?.accepted)} · 기각 ${count(claims?.refused)} · 지급 ${count(claims?.paid)}`,
            `open: ${count(claims?.open)} · accepted: ${count(claims?.accepted)} · refused: ${count(claims?.refused)} · paid: ${count(claims?.paid)}`,
          ),
        ],
        [t('청구 기한', 'Claims until'), kstOr(relief?.claimsUntil, lang)],
      ],
    },
  ];
}

function duties({ assessment }: Content, lang: Lang): Block[] {
  const t = say(lang);
  const rows = assessment.duties.map(({ id, status, due, why }) => [
    cell(word(dutyWords, id, lang), { tone: 'strong', under: withLocalTimes(why[lang]) }),
    cell(word(dutyStatusWords, status, lang)),
    cell(due === null ? '–' : kst(due)),
  ]);
  return [
    { kind: 'heading', level: 2, text: t('함께 생기는 의무', 'Duties that arise besides') },
    tableOr(
      [
        { title: t('의무', 'Duty'), width: 4.5 },
        { title: t('상태', 'Status'), width: 1.3 },
        { title: t('기한(KST)', 'Due (KST)'), width: 1.8 },
      ],
      rows,
      t('이 사실관계에서 생기는 의무는 없습니다.', 'These facts raise none.'),
    ),
  ];
}
