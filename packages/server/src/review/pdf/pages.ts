/** All pages of a dossier: a cover, the Korean part, and an appendix in English with what a reader needs to judge. */
import type { Block, Pages } from './block.ts';
import { adverse } from './adverse.ts';
import { proof } from './annex.ts';
import { changed } from './changed.ts';
import type { Content } from './content.ts';
import { outcome, timeline } from './course.ts';
import { cover } from './cover.ts';
import type { Lang } from './format.ts';
import { criteria, summary } from './summary.ts';
import { preparation } from './work.ts';

/** The pages of a dossier; of the English edition, in English alone. */
export function pagesOf(content: Content): Pages {
  if (content.edition !== null)
    return { ...cover(content, 'en'), parts: [{ lang: 'en', blocks: chapters(content, 'en') }] };
  const { basis } = content.assessment.pack;
  return {
    ...cover(content, 'ko'),
    parts: [
      { lang: 'ko', blocks: chapters(content, 'ko') },
      {
        lang: 'en',
        blocks: [
          { kind: 'heading', level: 1, text: 'Appendix 2. In English', newPage: true },
          { kind: 'notice', title: 'Basis of the criteria', text: basis },
          ...chapters(content, 'en').map((block, i) =>
            i === 0 && block.kind === 'heading' ? { ...block, newPage: false } : block,
          ),
        ],
      },
    ],
  };
}

function chapters(content: Content, lang: Lang): Block[] {
  return [
    ...changed(content, lang),
    ...summary(content, lang),
    ...criteria(content, lang),
    ...preparation(content, lang),
    ...timeline(content, lang),
    ...outcome(content, lang),
    ...adverse(content, lang),
    ...proof(content, lang),
  ];
}
