/** What changed since the dossier before: the first thing that whoever read that one needs to know. */
import type { Assessment } from '@breakwater/rules/criteria';
import { type AssessmentChange, changesBetween } from '@breakwater/rules/review';
import type { Block, Cell } from './block.ts';
import { type Content, cell, say, word } from './content.ts';
import { type Lang, kst } from './format.ts';
import { statusCell, titleOf, valueText } from './summary.ts';
import { carveOutWords, dutyStatusWords, factWords } from './words.ts';

type Finding = Assessment['findings'][number];

/** Nothing for the first dossier of a run. */
export function changed(content: Content, lang: Lang): Block[] {
  const { former, facts, assessment } = content;
  if (former === null) return [];
  const t = say(lang);
  const { first, end } = former.range;
  const before = t(
    `이 작업에 대하여 ${kst(former.sealedAt)} KST에 소명자료를 낸 바 있습니다(기록 #${first}–#${end - 1}, ${former.manifest}). 그 자료는 그 시점의 사실로서 그대로 유효하며, 아래는 그 뒤에 들어온 사실로 달라진 점입니다.`,
    `A dossier of this work was sealed at ${kst(former.sealedAt)} KST (records #${first}–#${end - 1}, ${former.manifest}). It stays true of that date; below is what facts that came later have changed.`,
  );
  const head: Block[] = [
    {
      kind: 'heading',
      level: 1,
      text: t('이전 소명자료 이후 달라진 점', 'What changed since the dossier before'),
      newPage: true,
    },
    { kind: 'text', text: before },
  ];
  if (former.judged === null)
    return [
      ...head,
      {
        kind: 'notice',
        title: t('비교하지 못함', 'Not compared'),
        text: t(
          '당시의 평가를 이 자료의 기록만으로 다시 낼 수 없어 비교하지 않았습니다. 이전 소명자료를 함께 보아야 합니다.',
          'The assessment of that time cannot be made again from these records, so the two are not compared: read the dossier before beside this one.',
        ),
      },
    ];
  const { changes, facts: parts } = changesBetween(former.judged, { facts, assessment });
  if (changes.length === 0)
    return [
      ...head,
      { kind: 'text', text: t('판정과 의무에서 달라진 것이 없습니다.', 'No finding and no duty changed.') },
    ];
  return [
    ...head,
    {
      kind: 'table',
      columns: [
        { title: t('항목', 'Subject'), width: 2.4 },
        {
          title: t(`이전 (${kst(former.judged.assessment.asOf)})`, `Before (${kst(former.judged.assessment.asOf)})`),
          width: 3,
        },
        { title: t(`지금 (${kst(assessment.asOf)})`, `Now (${kst(assessment.asOf)})`), width: 3 },
      ],
      rows: changes.map((change) => rowOf(change, content, lang)),
    },
    {
      kind: 'text',
      tone: 'quiet',
      text: t(
        `달라진 사실: ${parts.map((part) => factWords[part]?.ko ?? part).join(', ')}`,
        `Facts that differ: ${parts.map((part) => factWords[part]?.en ?? part).join(', ')}`,
      ),
    },
  ];
}

function rowOf(change: AssessmentChange, { pack }: Content, lang: Lang): Cell[] {
  switch (change.kind) {
    case 'finding':
      return [
        cell(titleOf(change.id, pack, lang), { tone: 'strong' }),
        findingCell(change.before, lang),
        findingCell(change.after, lang),
      ];
    case 'duty': {
      const title = pack.duties.find(({ id }) => id === change.id)?.title[lang] ?? change.id;
      return [cell(title, { tone: 'strong' }), dutyCell(change.before, lang), dutyCell(change.after, lang)];
    }
    case 'carve-out': {
      const told = (status: string): Cell => cell(carveOutWords[status]?.[lang] ?? status);
      const title = lang === 'ko' ? '개인신용정보' : 'Personal credit information';
      return [cell(title, { tone: 'strong' }), told(change.before), told(change.after)];
    }
  }
}

function findingCell(finding: Finding | null, lang: Lang): Cell {
  if (finding === null) return cell('–');
  return { ...statusCell(finding, lang), under: valueText(finding, lang) };
}

function dutyCell(duty: Assessment['duties'][number] | null, lang: Lang): Cell {
  if (duty === null) return cell(lang === 'ko' ? '해당 없음' : 'none');
  const due = duty.due === null ? {} : { under: `${lang === 'ko' ? '기한' : 'due'} ${kst(duty.due)} KST` };
  return cell(word(dutyStatusWords, duty.status, lang), due);
}
