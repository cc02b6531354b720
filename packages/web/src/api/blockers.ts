import type { Schemas } from '@breakwater/client/browser';

type Text = { readonly ko: string; readonly en: string };

/** The start gate's own rule, which no finding of a plan has words for. */
const notOpen: Text = { ko: '작업 시간이 아직 시작되지 않았습니다.', en: 'Its window has not begun yet.' };

/** What stands in the way of a start, in words, each once; nothing: it can start. */
export function blockersOf({ startable, readiness, findings }: Schemas['RunJudged']): Text[] {
  if (startable) return [];
  const own = readiness.findings
    .filter(({ severity, unknown, waived }) => (severity === 'error' || unknown) && waived === undefined)
    .map(({ message }) => message);
  const gate = findings.some(({ rule }) => rule === 'window.not-open') ? [notOpen] : [];
  return [...new Map([...own, ...gate].map((text) => [text.en, text])).values()];
}
