/** The one page that a committee reads first, and the table of criteria behind it. */
import type { Assessment, PolicyPack } from '@breakwater/rules/criteria';
import { openQuestions } from '@breakwater/rules/review';
import type { Block, Cell, Gauge } from './block.ts';
import { type Content, cell, say } from './content.ts';
import { figure } from './figure.ts';
import { type Lang, type Unit, amount, bound, duration, range, withLocalTimes } from './format.ts';
import { carveOutWords, statusWords } from './words.ts';

type Finding = Assessment['findings'][number];

export function summary(content: Content, lang: Lang): Block[] {
  const { assessment, pack } = content;
  const t = say(lang);
  return [
    { kind: 'heading', level: 1, text: t('1. 요약', 'A. Summary'), newPage: true },
    { kind: 'text', tone: 'strong', text: lead(content, lang) },
    { kind: 'gauges', gauges: assessment.findings.flatMap((finding) => gaugeOf(finding, pack, lang)) },
    ...figure(content, lang),
    {
      kind: 'table',
      columns: [
        { title: t('기준', 'Criterion'), width: 2.1 },
        { title: t('판정', 'Finding'), width: 1.25 },
        { title: t('확인된 내용', 'What was found'), width: 4.4 },
        { title: t('한도', 'Limit'), width: 'auto', align: 'right' },
      ],
      rows: assessment.findings.map((finding) => [
        cell(titleOf(finding.criterion, pack, lang), { tone: 'strong' }),
        statusCell(finding, lang),
        isMeasured(finding)
          ? cell(valueText(finding, lang), { tone: 'strong' })
          : cell(withLocalTimes(finding.reason[lang])),
        cell(finding.bound === null ? '' : boundText(finding.bound, lang), { tone: 'quiet' }),
      ]),
    },
    {
      kind: 'notice',
      title: t('개인신용정보(따로 적용되는 법률)', 'Personal credit information (a law that applies besides)'),
      text: carveOutWords[assessment.carveOut.personalCredit]?.[lang] ?? assessment.carveOut.personalCredit,
    },
    {
      kind: 'text',
      tone: 'quiet',
      text: t(
        '이 표는 기준마다 확인된 값을 적은 것입니다. 종합 판단은 하지 않으며, 그 판단은 심의위원회가 합니다.',
        'This table states what was found for each criterion. It makes no overall judgement: that is the committee’s.',
      ),
    },
  ];
}

/** What the page says, in a sentence: how many criteria stand how. */
function lead({ assessment, pack }: Content, lang: Lang): string {
  const { findings, contradicted, open } = assessment;
  const counts = statusOrder.flatMap((status) => {
    const count = findings.filter((finding) => finding.status === status).length;
    return count === 0 ? [] : [`${statusWords[status][lang]} ${count}`];
  });
  return lang === 'ko'
    ? `기준 ${findings.length}개 가운데 ${counts.join(', ')}. 사실이 어긋나는 기준: ${listed(contradicted, pack, 'ko')}. 열려 있는 기준: ${listed(open, pack, 'ko')}.`
    : `Of ${findings.length} criteria: ${counts.join(', ')}. Contradicted: ${listed(contradicted, pack, 'en')}. Open: ${listed(open, pack, 'en')}.`;
}

const statusOrder: readonly Finding['status'][] = ['met', 'not-met', 'for-committee', 'undetermined', 'not-applicable'];

/** Every criterion: its source on the left, what was found in the middle, value and limit on the right. */
export function criteria(content: Content, lang: Lang): Block[] {
  const { assessment, pack } = content;
  const t = say(lang);
  const sources = [...new Set(assessment.findings.map(({ clause }) => sourceOf(clause)))];
  const rows = assessment.findings.map((finding) => [
    clauseCell(finding, pack, sources, lang),
    cell(statusWords[finding.status][lang], {
      ...statusCell(finding, lang),
      under: withLocalTimes(finding.reason[lang]),
    }),
    measuredCell(finding, lang),
  ]);
  return [
    { kind: 'heading', level: 1, text: t('2. 기준별 평가', 'B. Criteria'), newPage: true },
    {
      kind: 'text',
      tone: 'quiet',
      text: t(
        `${pack.title.ko} ${pack.version}판에 따른 평가입니다. 조문을 직접 읽지 못한 기준에는 조항을 적지 않았습니다. 대괄호 안의 수는 아래 근거의 번호입니다.`,
        `Assessed under ${pack.title.en}, version ${pack.version}. Where the text itself was not read, no article is given. Numbers in brackets are those of the sources below.`,
      ),
    },
    {
      kind: 'table',
      columns: [
        { title: t('근거와 문언', 'Source and wording'), width: 3 },
        { title: t('판정과 이유', 'Finding and reason'), width: 3.6 },
        { title: t('값 · 한도 · 다른 계산', 'Value · limit · other readings'), width: 3, align: 'right' },
      ],
      rows,
    },
    { kind: 'heading', level: 2, text: t('근거', 'Sources') },
    { kind: 'list', items: sources.map((source, i) => `[${i + 1}] ${source}`) },
    { kind: 'heading', level: 2, text: t('심의위원회가 정할 질문', 'Questions for the committee') },
    {
      kind: 'text',
      tone: 'quiet',
      text: t(
        '기준의 글이 열어 둔 질문을 모두 적고, 계산할 수 있는 것은 읽는 방법마다 값을 적습니다. 굵은 번호는 답에 따라 이 평가가 달라질 수 있는 질문입니다.',
        'Every question that the text leaves open, with the value under each reading where one can be computed. A number in bold: its answer could change this assessment.',
      ),
    },
    questionTable(content, lang),
    { kind: 'heading', level: 2, text: t('평가에 쓴 매개변수', 'Parameters of the assessment') },
    {
      kind: 'pairs',
      rows: Object.entries(assessment.parameters).map(([name, value]) => [
        name,
        typeof value === 'string' ? value : JSON.stringify(value),
      ]),
    },
  ];
}

function questionTable({ pack, assessment }: Content, lang: Lang): Block {
  const t = say(lang);
  return {
    kind: 'table',
    columns: [
      { title: t('번호', 'No.'), width: 'auto' },
      { title: t('질문', 'Question'), width: 3 },
      { title: t('읽는 방법별 값', 'Under each reading'), width: 2.4, align: 'right' },
    ],
    rows: openQuestions(pack, assessment).map((question) => [
      cell(question.id, { tone: question.raised ? 'strong' : 'quiet' }),
      cell(question[lang]),
      cell(
        question.readings
          .map(({ name, value, unit, standing }) => {
            const amount = unit === null ? '' : range(value, unit as Unit, lang);
            return `${readingWords[name]?.[lang] ?? name} ${amount}${standing === 'beyond' ? t(' (한도 밖)', ' (beyond)') : ''}`;
          })
          .join('\n') || '–',
        { tone: 'quiet' },
      ),
    ]),
  };
}

export function titleOf(criterion: string, pack: PolicyPack, lang: Lang): string {
  return pack.criteria.find(({ id }) => id === criterion)?.title[lang] ?? criterion;
}

function listed(ids: readonly string[], pack: PolicyPack, lang: Lang): string {
  const none = lang === 'ko' ? '없음' : 'none';
  return ids.length === 0 ? none : ids.map((id) => titleOf(id, pack, lang)).join(', ');
}

export function statusCell({ status }: Finding, lang: Lang): Cell {
  return cell(statusWords[status][lang], { mark: status, ...(status === 'not-met' ? { tone: 'alert' as const } : {}) });
}

/** Has it an amount that says more than its reason? */
function isMeasured({ value, bound: limit }: Finding): boolean {
  return value !== null && (limit !== null || !('unit' in value));
}

function sourceOf({ document, date, source }: Finding['clause']): string {
  return `${document}, ${date}. ${source}`;
}

/** The words of the source, where the pack has them, with the article and the number of the source. */
function clauseCell({ criterion, clause }: Finding, pack: PolicyPack, sources: readonly string[], lang: Lang): Cell {
  const wording = pack.criteria.find(({ id }) => id === criterion)?.bound?.wording[lang];
  const article = clause.article ?? (lang === 'ko' ? '조항 미확인' : 'article not read');
  const lines = [
    ...(wording === undefined ? [] : [`“${wording}”`]),
    `[${sources.indexOf(sourceOf(clause)) + 1}] ${clause.date} · ${article}`,
  ];
  return cell(titleOf(criterion, pack, lang), { tone: 'strong', under: lines.join('\n') });
}

function boundText({ operator, value, unit }: NonNullable<Finding['bound']>, lang: Lang): string {
  return bound(operator, value, unit, lang);
}

export function valueText({ value }: Finding, lang: Lang): string {
  if (value === null) return '–';
  if ('unit' in value) return range(value, value.unit, lang);
  const lead = value.leadTime === null ? range(null, 'ms', lang) : range(value.leadTime, 'ms', lang);
  const coverage = range(value.coverage, 'ratio', lang);
  return lang === 'ko' ? `${lead} 전 · 도달 ${coverage}` : `${lead} ahead · ${coverage} delivered`;
}

function measuredCell(finding: Finding, lang: Lang): Cell {
  const { value, bound: limit, margin, readings } = finding;
  const t = say(lang);
  const unit = unitOf(finding);
  const lines = [
    ...(limit === null ? [] : [`${t('한도', 'limit')} ${boundText(limit, lang)}`]),
    ...(margin === null || limit === null ? [] : [`${t('여유', 'margin')} ${marginText(margin, limit.unit, lang)}`]),
    ...(unit === null
      ? []
      : Object.entries(readings).map(
          ([name, reading]) => `${readingWords[name]?.[lang] ?? name} ${range(reading, unit, lang)}`,
        )),
  ];
  const under = lines.join('\n');
  return cell(value === null ? '–' : valueText(finding, lang), { tone: 'strong', ...(under === '' ? {} : { under }) });
}

function unitOf({ value, bound: limit }: Finding): Unit | null {
  return limit?.unit ?? (value !== null && 'unit' in value ? value.unit : null);
}

/** The margin on the unsafe side first. */
function marginText(margin: { low: number | null; high: number | null }, unit: Unit, lang: Lang): string {
  const of = (value: number | null): string =>
    value === null
      ? range(null, unit, lang)
      : unit === 'ms'
        ? duration(value)
        : `${value < 0 ? '-' : ''}${amount(Math.abs(value), unit, lang)}`;
  return margin.low === margin.high ? of(margin.low) : `${of(margin.low)}–${of(margin.high)}`;
}

/** Only what has an amount and a limit is drawn. */
function gaugeOf(finding: Finding, pack: PolicyPack, lang: Lang): Gauge[] {
  const { value, bound: limit, margin } = finding;
  if (limit === null || limit.value === 0 || (value !== null && !('unit' in value))) return [];
  const t = say(lang);
  const unknown = value === null || (value.low === 0 && value.high === null);
  return [
    {
      title: titleOf(finding.criterion, pack, lang),
      value: unknown ? range(null, limit.unit, lang) : range(value, limit.unit, lang),
      limit: `${t('한도', 'Limit')} ${boundText(limit, lang)}`,
      left: margin === null ? '' : `${t('여유', 'Margin')} ${marginText(margin, limit.unit, lang)}`,
      low: unknown ? null : value.low / limit.value,
      high: unknown || value.high === null ? null : value.high / limit.value,
    },
  ];
}

const readingWords: Readonly<Record<string, { ko: string; en: string }>> = {
  gross: { ko: '총액', en: 'gross' },
  'with-goodwill': { ko: '도의적 지급 포함', en: 'with goodwill' },
  'net-of-recourse': { ko: '구상 뺀 금액', en: 'net of recourse' },
  records: { ko: '건수', en: 'records' },
  persons: { ko: '사람 수', en: 'persons' },
  union: { ko: '합집합', en: 'union' },
  'longest-service': { ko: '가장 긴 서비스', en: 'longest service' },
  sum: { ko: '서비스별 합', en: 'sum over services' },
  'per-episode': { ko: '가장 긴 한 번', en: 'longest episode' },
  'outside-announced': { ko: '안내한 시간 밖', en: 'outside announced' },
  'full-only': { ko: '전면 중단만', en: 'full only' },
  'all-causes': { ko: '모든 원인', en: 'all causes' },
  'cumulative-7d': { ko: '7일 누적', en: 'any 7 days' },
};
