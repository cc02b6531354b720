/** The pages of a copy for one individual: their own acts, and what is found or stated about their own fault. */
import type { EvidenceRecord } from '@breakwater/rules/evidence';
import { type Edition, personalFindings } from '@breakwater/rules/review';
import type { Block, Pages } from './block.ts';
import { adverseTable } from './adverse.ts';
import { proof } from './annex.ts';
import { cell, number } from './content.ts';
import { kst } from './format.ts';
import { tableOr } from './work.ts';

export interface PersonalContent {
  readonly edition: Edition;
  /** Records and copies as one list. */
  readonly records: readonly EvidenceRecord[];
  readonly range: { readonly first: number; readonly end: number };
  readonly checkpoint: string;
  readonly members: readonly { readonly path: string; readonly sha256: string }[];
}

const answers = new Map([
  [true, '예'],
  [false, '아니요'],
  [null, '진술하지 않음'],
]);

export function personalPages(content: PersonalContent): Pages {
  const { edition, records, range } = content;
  const person = edition.person ?? '';
  const { acts, statements, adverse } = personalFindings(records, person);
  const blocks: Block[] = [
    { kind: 'heading', level: 1, text: '1. 본인의 행위', newPage: true },
    {
      kind: 'text',
      tone: 'quiet',
      text: '본인이 하였거나 본인의 이름이 나오는 기록입니다. 레버를 당긴 것은 행위로만 적으며, 과실로 적지 않습니다.',
    },
    tableOr(
      [
        { title: '시각(KST)', width: 'auto' },
        { title: '행위', width: 1 },
        { title: '기록', width: 'auto', align: 'right' },
      ],
      acts.map((row) => [cell(kst(row.at)), cell(row.ko), number(row.index)]),
      '본인의 행위에 관한 기록이 없습니다.',
    ),
    { kind: 'heading', level: 1, text: '2. 본인의 고의·과실에 관한 진술' },
    tableOr(
      [
        { title: '시각(KST)', width: 'auto' },
        { title: '고의', width: 1 },
        { title: '중대한 과실', width: 1 },
        { title: '사적 이해관계', width: 1 },
        { title: '중대한 절차 하자', width: 1 },
        { title: '진술자', width: 1 },
        { title: '기록', width: 'auto', align: 'right' },
      ],
      statements.map((row) => [
        cell(kst(row.at)),
        ...[row.intent, row.grossNegligence, row.privateInterest, row.proceduralDefect].map((one) =>
          cell(answers.get(one) ?? ''),
        ),
        cell(row.by, { tone: 'quiet' }),
        number(row.index),
      ]),
      '본인에 관한 진술이 없습니다.',
    ),
    { kind: 'heading', level: 1, text: '3. 본인에 관한 불리한 사실' },
    adverseTable(adverse, '본인에 관하여 기록된 불리한 사실이 없습니다.', 'ko'),
    ...proof(content, 'ko'),
  ];
  return {
    title: `개인에 관한 사본: ${person}`,
    running: {
      left: '개인에 관한 사본',
      right: person,
      foot: `기록 #${range.first}–#${range.end - 1} · 시각은 한국 표준시(KST, UTC+9)`,
    },
    cover: {
      over: '소명자료 · 개인에 관한 사본',
      title: `${person}의 행위에 관한 기록`,
      subtitle: 'Copy of what concerns one individual’s own acts',
      rows: [
        ['대상', person],
        ['전체 소명자료', edition.of],
        ['기록 구간', `#${range.first}부터 #${range.end - 1}까지 ${range.end - range.first}건`],
        ['본인의 행위', `${acts.length}건`],
      ],
      notices: [
        {
          title: '다른 사람의 표시',
          text: '다른 사람은 번호로 적었습니다(person-1). 같은 번호는 이 사본에서 같은 사람입니다. 다른 사람에 관한 기록은 해시로만 있습니다.',
        },
        {
          title: '이 사본이 말하는 것',
          text: '봉인된 기록에 있는 사실만 적습니다. 제재에 관한 판단은 담지 않으며, 그 판단은 심의위원회가 합니다. 개인도 심의위원회에 스스로 신청할 수 있습니다.',
        },
      ],
    },
    parts: [{ lang: 'ko', blocks }],
  };
}
