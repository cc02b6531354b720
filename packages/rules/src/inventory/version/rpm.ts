/** RPM versions, `[epoch:]version[-release]` (rpm's rpmvercmp; `~` since 4.10, `^` since 4.15). */
import { KeyWriter } from './key.ts';

const marks = { '~': 1, end: 2, '^': 3, letters: 4, digits: 5 } as const;

/** Everything but letters, digits, `~` and `^` only separates. */
export function rpmPart(text: string): KeyWriter {
  const key = new KeyWriter();
  for (const [token] of text.matchAll(/[~^]|[0-9]+|[A-Za-z]+/g)) {
    if (token === '~' || token === '^') key.mark(marks[token]);
    else if (/[0-9]/.test(token)) key.mark(marks.digits).number(token);
    else key.mark(marks.letters).text(token);
  }
  return key.mark(marks.end);
}

export function rpmKey(text: string): KeyWriter {
  const [, epoch = '', rest = ''] = /^(?:([0-9]*):)?(.*)$/s.exec(text) ?? [];
  const dash = rest.lastIndexOf('-');
  const [version, release] = dash < 0 ? [rest, ''] : [rest.slice(0, dash), rest.slice(dash + 1)];
  return new KeyWriter().number(epoch).append(rpmPart(version)).append(rpmPart(release));
}
