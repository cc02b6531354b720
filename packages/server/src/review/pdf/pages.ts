/** All pages of a dossier: a cover, the Korean part, and an appendix in English with what a reader needs to judge. */
import type { Pages } from './block.ts';
import { adverse } from './adverse.ts';
import { annex } from './annex.ts';
import { changed } from './changed.ts';
import { type Content, word } from './content.ts';
import { outcome, timeline } from './course.ts';
import { kst, kstSpan, utc } from './format.ts';
import { criteria, summary } from './summary.ts';
import { basisWords, workWords } from './words.ts';
import { planOf, preparation } from './work.ts';

export function pagesOf(content: Content): Pages {
  const { facts, assessment, range } = content;
  const plan = planOf(content);
  const kind = word(workWords, facts.work.kind, 'ko');
  const title = plan?.title ?? { ko: kind, en: word(workWords, facts.work.kind, 'en') };
  const institution = facts.institution ?? '알 수 없음';
  const { basis } = assessment.pack;
  return {
    title: `소명자료: ${title.ko}`,
    running: {
      left: `소명자료 · ${institution}`,
      right: title.ko,
      foot: `기록 #${range.first}–#${range.end - 1} · 시각은 달리 적지 않으면 한국 표준시(KST, UTC+9)`,
    },
    cover: {
      over: `${kind} 소명자료`,
      title: title.ko,
      subtitle: title.en,
      rows: [
        ['기관', institution],
        ['작업 구분', `${kind} · ${word(workWords, facts.work.activity, 'ko')}`],
        ['작업 시간(KST)', kstSpan(facts.work.start, facts.work.end)],
        ['대상 서비스', plan?.services.join(', ') ?? (facts.services ?? []).map(({ id }) => id).join(', ')],
        ['적용 기준', `${content.pack.title.ko} (${assessment.pack.id} ${assessment.pack.version})`],
        ['평가 기준 시각', `${kst(assessment.asOf)} KST (${utc(assessment.asOf)} UTC)`],
        ['기록 구간', `#${range.first}부터 #${range.end - 1}까지 ${range.end - range.first}건`],
      ],
      notices: [
        { title: '기준의 근거', text: `${basisWords[basis] ?? '기준의 근거는 다음과 같습니다.'} (${basis})` },
        {
          title: '이 문서가 말하는 것',
          text: '기준마다 확인된 값과 남은 질문을 적습니다. 값은 봉인된 기록에서 계산되며, 알 수 없는 값은 영으로 세지 않습니다. 제재에 관한 판단은 담지 않으며, 그 판단은 심의위원회가 합니다.',
        },
      ],
    },
    parts: [
      {
        lang: 'ko',
        blocks: [
          ...changed(content, 'ko'),
          ...summary(content, 'ko'),
          ...criteria(content, 'ko'),
          ...preparation(content, 'ko'),
          ...timeline(content, 'ko'),
          ...outcome(content, 'ko'),
          ...adverse(content, 'ko'),
          ...annex(content, 'ko'),
        ],
      },
      {
        lang: 'en',
        blocks: [
          { kind: 'heading', level: 1, text: 'Appendix 2. In English', newPage: true },
          { kind: 'notice', title: 'Basis of the criteria', text: basis },
          ...changed(content, 'en'),
          ...summary(content, 'en').map((block) => (block.kind === 'heading' ? { ...block, newPage: false } : block)),
          ...criteria(content, 'en'),
          ...preparation(content, 'en'),
          ...timeline(content, 'en'),
          ...outcome(content, 'en'),
          ...adverse(content, 'en'),
          ...annex(content, 'en'),
        ],
      },
    ],
  };
}
