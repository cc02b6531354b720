import type { Schemas } from '@breakwater/client/browser';

type Text = { readonly ko: string; readonly en: string };

/** The start gate's own rules, which no finding of a plan has words for. */
const gateRules: Readonly<Record<string, Text>> = {
  'starts.forbidden': {
    ko: '전체 정지로 새 시작이 금지되어 있습니다. 두 사람이 다시 허용해야 합니다.',
    en: 'Starts are forbidden since everything was stopped: two persons allow them again.',
  },
  'window.not-open': { ko: '작업 시간이 아직 시작되지 않았습니다.', en: 'Its window has not begun yet.' },
};

/** What stands in the way of a start, in words, each once; nothing: it can start. */
export function blockersOf({ startable, readiness, findings }: Schemas['RunJudged']): Text[] {
  if (startable) return [];
  const own = readiness.findings
    .filter(({ severity, unknown, waived }) => (severity === 'error' || unknown) && waived === undefined)
    .map(({ message }) => message);
  const gate = findings.flatMap(({ rule }) => gateRules[rule] ?? []);
  return [...new Map([...gate, ...own].map((text) => [text.en, text])).values()];
}
