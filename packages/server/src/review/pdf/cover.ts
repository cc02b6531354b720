/** The cover of a dossier and its running lines, in the language of its edition. */
import type { Pages } from './block.ts';
import { type Content, say, word } from './content.ts';
import { type Lang, kst, kstSpan, utc } from './format.ts';
import { basisWords, workWords } from './words.ts';
import { planOf } from './work.ts';

/** The cover of a dossier, or of an edition of one. */
export function cover(content: Content, lang: Lang): Pick<Pages, 'title' | 'running' | 'cover'> {
  const { facts, assessment, range, edition } = content;
  const t = say(lang);
  const plan = planOf(content);
  const kind = word(workWords, facts.work.kind, lang);
  const titles = plan?.title ?? {
    ko: word(workWords, facts.work.kind, 'ko'),
    en: word(workWords, facts.work.kind, 'en'),
  };
  const institution = facts.institution ?? t('알 수 없음', 'unknown');
  const { basis } = assessment.pack;
  const name = t('소명자료', 'Dossier');
  return {
    title: `${name}: ${titles[lang]}`,
    running: {
      left: `${name} · ${institution}`,
      right: titles[lang],
      foot: t(
        `기록 #${range.first}–#${range.end - 1} · 시각은 달리 적지 않으면 한국 표준시(KST, UTC+9)`,
        `Records #${range.first}–#${range.end - 1} · Korean time (KST, UTC+9) unless said otherwise`,
      ),
    },
    cover: {
      over: t(`${kind} 소명자료`, `Dossier · ${kind}`),
      title: titles[lang],
      subtitle: t(titles.en, 'English edition, redacted for transfer abroad'),
      rows: [
        [t('기관', 'Institution'), institution],
        [t('작업 구분', 'Kind of work'), `${kind} · ${word(workWords, facts.work.activity, lang)}`],
        [t('작업 시간(KST)', 'Time of the work (KST)'), kstSpan(facts.work.start, facts.work.end)],
        [
          t('대상 서비스', 'Services'),
          plan?.services.join(', ') ?? (facts.services ?? []).map(({ id }) => id).join(', '),
        ],
        [t('적용 기준', 'Criteria'), `${content.pack.title[lang]} (${assessment.pack.id} ${assessment.pack.version})`],
        [t('평가 기준 시각', 'Assessed as of'), `${kst(assessment.asOf)} KST (${utc(assessment.asOf)} UTC)`],
        [
          t('기록 구간', 'Records'),
          t(
            `#${range.first}부터 #${range.end - 1}까지 ${range.end - range.first}건`,
            `#${range.first} to #${range.end - 1}, ${range.end - range.first} in all`,
          ),
        ],
        ...(edition === null ? [] : [['Edition of', edition.of] as const]),
      ],
      notices: [
        {
          title: t('기준의 근거', 'Basis of the criteria'),
          text: t(`${basisWords[basis] ?? '기준의 근거는 다음과 같습니다.'} (${basis})`, basis),
        },
        {
          title: t('이 문서가 말하는 것', 'What this document says'),
          text: t(
            '기준마다 확인된 값과 남은 질문을 적습니다. 값은 봉인된 기록에서 계산되며, 알 수 없는 값은 영으로 세지 않습니다. 제재에 관한 판단은 담지 않으며, 그 판단은 심의위원회가 합니다.',
            'For every criterion, what was found and what stays open. Values are computed from sealed records; what is not known is never counted as zero. It makes no judgement about sanctions: that is the committee’s.',
          ),
        },
        ...(edition === null
          ? []
          : [
              {
                title: 'Persons',
                text: 'Persons are numbered in this edition. Records that name them stand as hashes, and as copies without names; record numbers are those of the dossier itself.',
              },
            ]),
      ],
    },
  };
}
