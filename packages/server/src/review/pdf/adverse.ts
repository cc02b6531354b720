/** The page that nobody edits: what the records say against the applicant, every kind of it, also where there is none. */
import { type AdverseFact, type AdverseKind, LATE_MS, adverseKinds } from '@breakwater/rules/review';
import type { Block } from './block.ts';
import { type Content, cell, number, say, word } from './content.ts';
import { type Lang, duration, grouped, kst, kstSpan } from './format.ts';
import { tableOr } from './work.ts';
import { adverseWords, channelWords } from './words.ts';

/** Facts of one kind that are printed; the rest is counted. */
const MOST_OF_A_KIND = 60;

export function adverse({ records, adverse: facts }: Content, lang: Lang): Block[] {
  const t = say(lang);
  const byKind = Map.groupBy(facts, ({ kind }) => kind);
  const withheld = records.filter((record) => !('leaf' in record)).length;
  return [
    { kind: 'heading', level: 1, text: t('7. 불리한 사실', 'G. Adverse facts'), newPage: true },
    {
      kind: 'notice',
      title: t('기록에서 자동으로 만든 쪽입니다', 'Made from the records by themselves'),
      text: t(
        '이 쪽은 봉인된 기록에서 자동으로 만들어지며, 작성자가 빼거나 고칠 수 없습니다. 같은 기록에서는 언제나 같은 쪽이 나옵니다.',
        'This page is made from the sealed records. Whoever writes the dossier can neither leave a fact out nor word it; the same records always give the same page.',
      ),
    },
    {
      kind: 'table',
      columns: [
        { title: t('종류', 'Kind'), width: 3 },
        { title: t('건수', 'Count'), width: 1, align: 'right' },
      ],
      rows: [
        ...adverseKinds.map((kind) => {
          const count = byKind.get(kind)?.length ?? 0;
          return [
            cell(adverseWords[kind][lang]),
            cell(
              count === 0 ? t('없음', 'none') : grouped(count),
              count === 0 ? { tone: 'quiet' as const } : { tone: 'alert' as const },
            ),
          ];
        }),
        [
          cell(t('내용을 가린 기록', 'withheld records'), {}),
          cell(withheld === 0 ? t('없음', 'none') : grouped(withheld), { tone: 'quiet' }),
        ],
      ],
    },
    ...adverseKinds.flatMap((kind) => listed(kind, byKind.get(kind) ?? [], lang)),
  ];
}

function listed(kind: AdverseKind, facts: readonly AdverseFact[], lang: Lang): Block[] {
  if (facts.length === 0) return [];
  const t = say(lang);
  const left = facts.length - MOST_OF_A_KIND;
  return [
    { kind: 'heading', level: 2, text: adverseWords[kind][lang] },
    adverseTable(facts.slice(0, MOST_OF_A_KIND), '', lang),
    ...(left > 0
      ? [
          {
            kind: 'text',
            text: t(`이하 ${left}건은 첨부한 기록에 있습니다.`, `${left} more are in the attached records.`),
          } as const,
        ]
      : []),
  ];
}

/** Adverse facts as a table, or a sentence where there is none. */
export function adverseTable(facts: readonly AdverseFact[], none: string, lang: Lang): Block {
  const t = say(lang);
  return tableOr(
    [
      { title: t('시각(KST)', 'Time (KST)'), width: 'auto' },
      { title: t('내용', 'What'), width: 6 },
      { title: t('기록', 'Record'), width: 'auto', align: 'right' },
    ],
    facts.map((fact) => [cell(kst(fact.at)), cell(tell(fact, lang)), number(fact.index)]),
    none,
  );
}

/** One adverse fact in words, with its numbers. */
function tell(fact: AdverseFact, lang: Lang): string {
  const t = say(lang);
  const count = (n: number | null): string => (n === null ? t('알 수 없음', 'unknown') : grouped(n));
  switch (fact.kind) {
    case 'override':
      return t(
        `규칙 ${fact.rule} · 적용자 ${fact.by} · 사유: ${fact.reason}`,
        `rule ${fact.rule}, by ${fact.by}, because: ${fact.reason}`,
      );
    case 'failed-delivery':
      return t(
        `${word(channelWords, fact.channel, lang)}: 대상 ${grouped(fact.intended)}건, 도달 ${count(fact.delivered)}건, 실패 ${count(fact.failed)}건`,
        `${word(channelWords, fact.channel, lang)}: ${grouped(fact.intended)} intended, ${count(fact.delivered)} delivered, ${count(fact.failed)} failed`,
      );
    case 'probe-gap':
      return t(
        `탐침 ${fact.probe}(${fact.service}): ${kstSpan(fact.from, fact.until)}, ${fact.ms === null ? '끝까지' : duration(fact.ms)} 미확인`,
        `probe ${fact.probe} (${fact.service}): ${kstSpan(fact.from, fact.until)}, blind ${fact.ms === null ? 'to the end' : `for ${duration(fact.ms)}`}`,
      );
    case 'unrehearsed-step':
      return t(
        `단계 ${fact.step}: 같은 내용으로 통과한 모의수행이 없습니다.`,
        `step ${fact.step}: no rehearsal of this very step was passed`,
      );
    case 'clock-offset':
      return fact.errorMs === null
        ? t(`호스트 ${fact.host}: ${fact.detail}`, `host ${fact.host}: ${fact.detail}`)
        : t(
            `호스트 ${fact.host}: 시작할 때의 시계 오차 ${fact.errorMs} ms 이내`,
            `host ${fact.host}: clock error at the start up to ${fact.errorMs} ms`,
          );
    case 'journal-alarm':
      return t(
        `호스트 ${fact.host}: ${fact.alarm} · ${fact.detail}`,
        `host ${fact.host}: ${fact.alarm}, ${fact.detail}`,
      );
    case 'failed-step':
      return t(
        `단계 ${fact.step} ${fact.action}: ${fact.outcome}`,
        `step ${fact.step}, ${fact.action}: ${fact.outcome}`,
      );
    case 'failed-recovery':
      return `${fact.measure}${fact.step === null ? '' : ` ${fact.step}`}: ${fact.outcome}`;
    case 'failed-rehearsal':
      return t(`환경 ${fact.host}의 모의수행이 통과하지 못했습니다.`, `rehearsal on ${fact.host} was not passed`);
    case 'author-approval':
      return t(
        `${fact.person}: 자신이 쓴 계획을 승인했습니다(승인 수에 넣지 않음).`,
        `${fact.person} approved a plan of their own (not counted)`,
      );
    case 'late-record':
      return t(
        `${fact.type}: 일어난 뒤 ${duration(fact.ms)} 만에 로그에 남았습니다(기준 ${duration(LATE_MS)}).`,
        `${fact.type}: reached the log ${duration(fact.ms)} after it happened (named beyond ${duration(LATE_MS)})`,
      );
  }
}
