/** The time line as one figure: what was announced, what was done, what was down, and how it was brought back. */
import { journalRecord } from '@breakwater/rules/guard/record';
import { cited, measureWords, rehearsalRuns, tripWords } from '@breakwater/rules/review';
import type { Bar, Block, Lane } from './block.ts';
import { type Content, say } from './content.ts';
import { type Lang, isKnown, kst } from './format.ts';

interface Span {
  readonly from: number;
  /** null: not ended. */
  readonly to: number | null;
  readonly label: string;
  readonly tone: Bar['tone'];
}

/** Lanes of services that are drawn at most; the table below has all. */
const MOST_SERVICES = 6;
const mostTicks = 7;
/** Distances between ticks, seconds. */
const distances = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 43_200, 86_400];

/** Nothing when no time of the work is known to have an end. */
export function figure(content: Content, lang: Lang): Block[] {
  const { facts } = content;
  const t = say(lang);
  const start = Date.parse(facts.work.start);
  const all: { title: string; spans: Span[] }[] = [
    { title: t('작업', 'Work'), spans: [{ from: start, to: at(facts.work.end), label: '', tone: 'plain' }] },
    { title: t('단계', 'Steps'), spans: steps(content) },
    ...disruptions(content, lang),
    { title: t('복구', 'Recovery'), spans: recovery(content, lang) },
  ];
  const lanes = all.filter(({ spans }) => spans.length > 0);
  const ends = lanes.flatMap(({ spans }) => spans.map(({ from, to }) => to ?? from));
  const begins = lanes.flatMap(({ spans }) => spans.map(({ from }) => from));
  const [first, last] = [Math.min(...begins), Math.max(...ends)];
  if (!(last > first)) return [];
  const margin = (last - first) * 0.04;
  const [low, high] = [first - margin, last + margin];
  const share = (ms: number): number => Math.min(1, Math.max(0, (ms - low) / (high - low)));
  const announced = (facts.notices ?? []).flatMap(({ announced: told }) =>
    isKnown(told?.start) && isKnown(told.end) ? [told] : [],
  );
  const [window] = announced;
  const drawn: Lane[] = [
    ...(window === undefined
      ? []
      : [
          {
            title: t('안내한 시간', 'Announced'),
            spans: [
              {
                from: Date.parse(window.start ?? ''),
                to: Date.parse(window.end ?? ''),
                label: '',
                tone: 'faint' as const,
              },
            ],
          },
        ]),
    ...lanes,
  ].map(({ title, spans }) => ({
    title,
    bars: spans.map(({ from, to, label, tone }) => ({
      from: share(from),
      to: share(to ?? high),
      isOpen: to === null || to > high,
      label,
      tone,
    })),
  }));
  const marks = trips(content, lang).map(({ ms, label }) => ({ at: share(ms), label }));
  const axis = ticksBetween(low, high).map((ms) => ({
    at: share(ms),
    label: kst(new Date(ms).toISOString()).slice(11),
  }));
  return [
    {
      kind: 'course',
      lanes: drawn,
      marks,
      axis,
      caption: t(
        `한국 표준시 ${kst(facts.work.start).slice(0, 10)}. 빗금 막대는 이 그림의 시간 밖까지 이어지거나 끝나지 않은 구간입니다.`,
        `Korean time, ${kst(facts.work.start).slice(0, 10)}. A hatched bar goes on beyond this figure, or has not ended.`,
      ),
    },
  ];
}

/** Round times within the figure, at most so many. Korea's offset is whole hours, so round times there are round times here. */
function ticksBetween(low: number, high: number): number[] {
  const step =
    1000 *
    (distances.find((seconds) => (high - low) / (seconds * 1000) <= mostTicks) ?? (high - low) / 1000 / mostTicks);
  const first = Math.ceil(low / step) * step;
  return Array.from({ length: Math.floor((high - first) / step) + 1 }, (_, i) => first + i * step);
}

const at = (time: string | null | undefined): number | null => (isKnown(time) ? Date.parse(time) : null);

function live({ records }: Content) {
  const journal = cited(records, journalRecord);
  const rehearsals = rehearsalRuns(records, journal);
  return journal.filter(({ payload }) => !rehearsals.has(payload.run)).map(({ payload }) => payload);
}

function steps(content: Content): Span[] {
  return live(content).flatMap(({ event, at: ended }) =>
    event.type === 'step.end' && (event.data.action === 'do' || event.data.action === 'undo')
      ? [
          {
            from: Date.parse(ended) - event.data.durationMs,
            to: Date.parse(ended),
            label: event.data.step,
            tone: event.data.action === 'do' ? ('plain' as const) : ('good' as const),
          },
        ]
      : [],
  );
}

function disruptions({ facts }: Content, lang: Lang): { title: string; spans: Span[] }[] {
  const t = say(lang);
  const byService = Map.groupBy(facts.disruptions ?? [], ({ service }) => service ?? t('알 수 없음', 'unknown'));
  return [...byService].slice(0, MOST_SERVICES).map(([service, rows]) => ({
    title: t(`장애 ${service}`, `Down: ${service}`),
    spans: rows.flatMap(({ start, end }) =>
      isKnown(start) ? [{ from: Date.parse(start), to: at(end), label: '', tone: 'alert' as const }] : [],
    ),
  }));
}

function recovery(content: Content, lang: Lang): Span[] {
  return live(content).flatMap(({ event, at: ended }) =>
    event.type === 'recovery.end'
      ? [
          {
            from: Date.parse(ended) - event.data.durationMs,
            to: Date.parse(ended),
            label: measureWords[event.data.measure]?.[lang] ?? event.data.measure,
            tone: 'good' as const,
          },
        ]
      : [],
  );
}

function trips(content: Content, lang: Lang): { ms: number; label: string }[] {
  return live(content).flatMap(({ event, at: time }) =>
    event.type === 'run.tripped' ? [{ ms: Date.parse(time), label: tripWords(event.data.trip)[lang] }] : [],
  );
}
