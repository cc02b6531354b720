/** What was prepared: the plan as approved, its approvals, rehearsals and notices. */
import { proofLevelMeaning, proofLevels } from '@breakwater/rules/notice';
import { noticeDelivered, noticePublished } from '@breakwater/rules/notice/record';
import { planDecided, planRehearsed, planSubmitted } from '@breakwater/rules/plan/record';
import { cited, measureWords } from '@breakwater/rules/review';
import { z } from 'zod';
import type { Block, Cell } from './block.ts';
import { type Content, cell, number, say, word } from './content.ts';
import { type Lang, duration, grouped, isKnown, kst, kstOr, kstSpan } from './format.ts';
import { channelWords, fieldWords, levelWords, wayBackWords, workWords } from './words.ts';

/** The parts of a plan that are printed; whatever else it holds travels in its record. */
const planShape = z.object({
  id: z.string(),
  title: z.object({ ko: z.string(), en: z.string() }),
  author: z.string().optional(),
  services: z.array(z.string()).default([]),
  window: z.object({ start: z.string(), end: z.string() }).optional(),
  steps: z
    .array(
      z.object({
        id: z.string(),
        title: z.object({ ko: z.string(), en: z.string() }).optional(),
        wayBack: z.string().optional(),
      }),
    )
    .default([]),
  scope: z.object({ targets: z.array(z.object({ cidr: z.string(), ports: z.array(z.string()) })) }).optional(),
  tester: z
    .object({ kind: z.string().optional(), run: z.array(z.string()).optional(), usesAi: z.boolean().nullish() })
    .optional(),
});
export type PrintedPlan = z.infer<typeof planShape> & {
  readonly index: number;
  readonly revision: number;
  readonly hash: string;
};

/** The plan that ran: the newest submitted revision. `null` when no record holds one. */
export function planOf({ records }: Content): PrintedPlan | null {
  const submitted = cited(records, planSubmitted).at(-1);
  const plan = planShape.safeParse(submitted?.payload.document);
  if (submitted === undefined || !plan.success) return null;
  return {
    ...plan.data,
    index: submitted.index,
    revision: submitted.payload.revision,
    hash: submitted.payload.planHash,
  };
}

export function preparation(content: Content, lang: Lang): Block[] {
  const t = say(lang);
  return [
    { kind: 'heading', level: 1, text: t('3. 작업계획과 준비', 'C. Plan and preparation'), newPage: true },
    ...planBlocks(content, lang),
    ...approvals(content, lang),
    ...rehearsals(content, lang),
    ...notices(content, lang),
  ];
}

function planBlocks(content: Content, lang: Lang): Block[] {
  const t = say(lang);
  const plan = planOf(content);
  if (plan === null) return [{ kind: 'text', text: t('작업계획서 기록이 없습니다.', 'No record holds a work plan.') }];
  const { work, plan: prepared } = content.facts;
  return [
    {
      kind: 'pairs',
      rows: [
        [
          t('작업계획서', 'Work plan'),
          `${plan.title[lang]} (${plan.id}, ${t(`${plan.revision}판`, `revision ${plan.revision}`)}, #${plan.index})`,
        ],
        [t('계획 해시', 'Plan hash'), plan.hash],
        [t('작성자', 'Author'), plan.author ?? t('알 수 없음', 'unknown')],
        [
          t('작업 구분', 'Kind of work'),
          `${word(workWords, work.kind, lang)} · ${word(workWords, work.activity, lang)}`,
        ],
        [
          t('계획한 시간(KST)', 'Window (KST)'),
          plan.window === undefined ? t('알 수 없음', 'unknown') : kstSpan(plan.window.start, plan.window.end),
        ],
        [t('실제 시간(KST)', 'Actual (KST)'), kstSpan(work.start, work.end)],
        [t('대상 서비스', 'Services'), plan.services.join(', ')],
        [
          t('준비한 조치', 'Measures'),
          (prepared?.measures ?? []).map((kind) => measureWords[kind]?.[lang] ?? kind).join(', ') ||
            t('알 수 없음', 'unknown'),
        ],
        ...testRows(plan, lang),
        [
          t('전파 받은 취약점 정보', 'Advisories'),
          (work.advisories ?? [])
            .map(
              ({ id, disseminatedBy, receivedAt }) =>
                `${id ?? '–'} (${disseminatedBy ?? '–'}, ${kstOr(receivedAt, lang)})`,
            )
            .join(', ') || t('없음', 'none'),
        ],
      ],
    },
    tableOr(
      [
        { title: t('단계', 'Step'), width: 1.2 },
        { title: t('내용', 'What it does'), width: 3 },
        { title: t('돌아갈 길', 'Way back'), width: 1.4 },
      ],
      plan.steps.map((step) => [
        cell(step.id, { tone: 'strong' }),
        cell(step.title?.[lang] ?? '–'),
        cell(word(wayBackWords, step.wayBack, lang)),
      ]),
      t('시험 앞뒤로 하는 단계가 없습니다.', 'No steps stand before or after the test.'),
    ),
  ];
}

/** Of a security test: where it was allowed to go, with what, and whether AI was used. */
function testRows({ scope, tester }: PrintedPlan, lang: Lang): (readonly [string, string])[] {
  const t = say(lang);
  const ai = tester?.usesAi;
  return [
    ...(scope === undefined
      ? []
      : [
          [
            t('시험 범위', 'Scope of the test'),
            scope.targets.map(({ cidr, ports }) => `${cidr} (${ports.join(', ')})`).join(', '),
          ] as const,
        ]),
    ...(tester === undefined
      ? []
      : [
          [t('시험 도구', 'Tool'), (tester.run ?? [tester.kind ?? 'command']).join(' ')] as const,
          [
            t('인공지능 사용', 'Use of AI'),
            isKnown(ai) ? (ai ? t('사용', 'yes') : t('사용하지 않음', 'no')) : t('알 수 없음', 'unknown'),
          ] as const,
        ]),
  ];
}

function approvals({ records }: Content, lang: Lang): Block[] {
  const t = say(lang);
  const rows = cited(records, planDecided).map(
    ({ index, payload: { person, role, decision, author, at, planHash, key } }) => [
      cell(person, { tone: 'strong', under: role }),
      cell(
        decision === 'approve' ? t('승인', 'approved') : t('반려', 'returned'),
        author ? { under: t('작성자: 세지 않음', 'author: not counted') } : {},
      ),
      cell(kst(at)),
      cell(planHash.slice(0, 19), { tone: 'quiet', under: `${t('키', 'key')} ${key.slice(0, 19)}` }),
      number(index),
    ],
  );
  return [
    { kind: 'heading', level: 2, text: t('승인', 'Approvals') },
    tableOr(
      [
        { title: t('사람(가명)', 'Person (pseudonym)'), width: 1.6 },
        { title: t('결정', 'Decision'), width: 1.5 },
        { title: t('시각(KST)', 'Time (KST)'), width: 1.9 },
        { title: t('계획 해시 · 키', 'Plan hash · key'), width: 2.2 },
        { title: t('기록', 'Record'), width: 'auto', align: 'right' },
      ],
      rows,
      t('승인 기록이 없습니다.', 'No record of an approval.'),
    ),
  ];
}

function rehearsals({ records }: Content, lang: Lang): Block[] {
  const t = say(lang);
  const rows = cited(records, planRehearsed).map(({ index, payload }) => [
    cell(kst(payload.at), { under: payload.host }),
    cell(payload.passed ? t('통과', 'passed') : t('실패', 'failed'), payload.passed ? {} : { tone: 'alert' }),
    cell(longest(payload.stepMs, lang)),
    cell(longest(payload.rollbackMs, lang)),
    cell(`${grouped(payload.detectMs)} · ${grouped(payload.stopMs)} · ${grouped(payload.verifyMs)} ms`),
    number(index),
  ]);
  return [
    { kind: 'heading', level: 2, text: t('사전 모의수행', 'Rehearsals') },
    tableOr(
      [
        { title: t('시각(KST) · 환경', 'Time (KST) · host'), width: 2.1 },
        { title: t('결과', 'Result'), width: 1 },
        { title: t('가장 긴 단계', 'Longest step'), width: 1.3, align: 'right' },
        { title: t('전체 원복', 'Full rollback'), width: 1.3, align: 'right' },
        { title: t('감지 · 정지 · 확인', 'Detect · stop · verify'), width: 2.4, align: 'right' },
        { title: t('기록', 'Record'), width: 'auto', align: 'right' },
      ],
      rows,
      t('모의수행 기록이 없습니다.', 'No record of a rehearsal.'),
    ),
  ];
}

function longest(ms: Readonly<Record<string, number>>, lang: Lang): string {
  const all = Object.values(ms);
  return all.length === 0 ? say(lang)('측정 없음', 'not measured') : duration(Math.max(...all));
}

/** Levels of proof are kept apart: handed over, delivered, failed. None of them says that a notice was read. */
function notices({ records }: Content, lang: Lang): Block[] {
  const t = say(lang);
  const count = (n: number | null): string => (n === null ? t('알 수 없음', 'unknown') : grouped(n));
  const web = cited(records, noticePublished).map(({ index, payload }) => [
    cell(word(channelWords, payload.channel, lang), { under: fieldsOf(payload.fields, lang) }),
    cell(kst(payload.at)),
    cell(kstSpan(payload.announced.start, payload.announced.end), { under: payload.announced.services.join(', ') }),
    cell(payload.url),
    number(index),
  ]);
  const newest = new Map(
    cited(records, noticeDelivered).map((row) => [`${row.payload.notice} ${row.payload.channel}`, row]),
  );
  const sent = [...newest.values()].map(({ index, payload }) => [
    cell(word(channelWords, payload.channel, lang), { under: fieldsOf(payload.fields, lang) }),
    cell(kst(payload.at)),
    cell(kstSpan(payload.announced.start, payload.announced.end), { under: payload.announced.services.join(', ') }),
    cell(
      t(
        `대상 ${grouped(payload.intended)} · 인계 ${grouped(payload.submitted)}`,
        `${grouped(payload.intended)} intended · ${grouped(payload.submitted)} handed over`,
      ),
      {
        under: t(
          `도달 ${count(payload.delivered)} · 실패 ${count(payload.failed)}${beyond(payload, lang)}`,
          `${count(payload.delivered)} delivered · ${count(payload.failed)} failed${beyond(payload, lang)}`,
        ),
      },
    ),
    number(index),
  ]);
  return [
    { kind: 'heading', level: 2, text: t('사전 안내', 'Advance notices') },
    tableOr(
      [
        { title: t('수단 · 담은 항목', 'Channel · fields'), width: 2.4 },
        { title: t('시각(KST)', 'Time (KST)'), width: 'auto' },
        { title: t('안내한 시간 · 서비스', 'Announced'), width: 2.2 },
        { title: t('결과', 'Result'), width: 2.2 },
        { title: t('기록', 'Record'), width: 'auto', align: 'right' },
      ],
      [...web, ...sent],
      t('안내 기록이 없습니다.', 'No record of a notice.'),
    ),
    ...(sent.length === 0
      ? []
      : proofLevels.map((level): Block => ({
          kind: 'text',
          text: `${word(levelWords, level, lang)}: ${proofLevelMeaning[level][lang]}`,
        }))),
  ];
}

/** What a sending says beside arrival: those kept from it, those known to have seen it, those with a certificate. */
function beyond(
  { suppressed = 0, viewed = 0, certified = 0 }: { suppressed?: number; viewed?: number; certified?: number },
  lang: Lang,
): string {
  const t = say(lang);
  const parts = [
    [suppressed, t('수신 제외', 'suppressed')],
    [viewed, t('열람', 'viewed')],
    [certified, t('유통증명', 'certified')],
  ] as const;
  return parts
    .filter(([count]) => count > 0)
    .map(([count, name]) => ` · ${lang === 'ko' ? `${name} ${grouped(count)}` : `${grouped(count)} ${name}`}`)
    .join('');
}

function fieldsOf(fields: readonly string[], lang: Lang): string {
  return fields.map((field) => word(fieldWords, field, lang)).join(' · ');
}

/** The table, or a sentence instead of a table without rows. */
export function tableOr(
  columns: Extract<Block, { kind: 'table' }>['columns'],
  rows: readonly (readonly Cell[])[],
  none: string,
): Block {
  return rows.length === 0 ? { kind: 'text', text: none } : { kind: 'table', columns, rows };
}
