/** Events that one of our programs wrote in a cage: its code is ours, the place is not, so nothing is believed. */
import { testerEvent, type TesterEvent } from '@breakwater/rules/containment';
import { parseLine } from '../lines.ts';
import { plainFinding } from './events.ts';
import { plainText } from './plain.ts';

/** Of one line with an event. */
export const maxEventBytes = 64 * 1024;

/** Reads one line; null when it is no event. Its texts are made plain again. */
export function readEventLine(line: string): TesterEvent | null {
  const parsed = testerEvent.safeParse(documentOf(line));
  return parsed.success ? plainEvent(parsed.data) : null;
}

function documentOf(line: string): unknown {
  try {
    return parseLine(line);
  } catch {
    return null;
  }
}

function plainEvent(event: TesterEvent): TesterEvent {
  switch (event.kind) {
    case 'probe': {
      const { detail, ...rest } = event;
      const plain = { ...rest, probe: plainText(rest.probe, 64) || '-', asset: plainText(rest.asset, 255) || '-' };
      return detail === undefined ? plain : { ...plain, detail: plainText(detail, 1000) };
    }
    case 'finding':
      return { ...event, finding: plainFinding(event.finding) };
    case 'log':
      return { ...event, text: plainText(event.text, 4096) };
    case 'progress':
    case 'outcome':
      return { ...event, detail: plainText(event.detail, 1000) };
  }
}
