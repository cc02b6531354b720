/** What a reader sees differently in a text, word by word. */

/** A stretch of a text that stayed, went or came. */
export interface TextChange {
  readonly kind: 'same' | 'removed' | 'added';
  readonly text: string;
}

/** More comparisons than this are not made: then the whole middle counts as replaced. */
const mostComparisons = 1_000_000;

/** The shortest change of words from `before` to `after`. Stretches of a kind are whole; a removal comes before an addition. */
export function textChanges(before: string, after: string): TextChange[] {
  const [old, now] = [wordsOf(before), wordsOf(after)];
  const least = Math.min(old.length, now.length);
  let head = 0;
  while (head < least && old[head] === now[head]) head += 1;
  let tail = 0;
  while (tail < least - head && old.at(-1 - tail) === now.at(-1 - tail)) tail += 1;
  const middle = [old.slice(head, old.length - tail), now.slice(head, now.length - tail)] as const;
  const changes: TextChange[] = [
    ...old.slice(0, head).map(same),
    ...(middle[0].length * middle[1].length > mostComparisons
      ? [...middle[0].map(removed), ...middle[1].map(added)]
      : shortest(...middle)),
    ...old.slice(old.length - tail).map(same),
  ];
  return merged(changes);
}

const same = (text: string): TextChange => ({ kind: 'same', text });
const removed = (text: string): TextChange => ({ kind: 'removed', text });
const added = (text: string): TextChange => ({ kind: 'added', text });

function wordsOf(text: string): string[] {
  return text.match(/[\p{L}\p{N}:]+|\s+|[^\p{L}\p{N}:\s]/gu) ?? [];
}

/** By the longest common subsequence; `lengths[i][j]` = its length of what follows word i of `old` and j of `now`. */
function shortest(old: readonly string[], now: readonly string[]): TextChange[] {
  const width = now.length + 1;
  const lengths = new Uint32Array((old.length + 1) * width);
  const at = (i: number, j: number): number => lengths[i * width + j] ?? 0;
  for (let i = old.length - 1; i >= 0; i -= 1) {
    for (let j = now.length - 1; j >= 0; j -= 1) {
      lengths[i * width + j] = old[i] === now[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const changes: TextChange[] = [];
  let [i, j] = [0, 0];
  while (i < old.length || j < now.length) {
    const [a, b] = [old[i], now[j]];
    if (a !== undefined && a === b) {
      changes.push(same(a));
      i += 1;
      j += 1;
    } else if (a !== undefined && (b === undefined || at(i + 1, j) >= at(i, j + 1))) {
      changes.push(removed(a));
      i += 1;
    } else {
      changes.push(added(b ?? ''));
      j += 1;
    }
  }
  return changes;
}

/** Joins neighbours, and what a space or a mark alone keeps apart: a date that changed is read as one. */
function merged(changes: readonly TextChange[]): TextChange[] {
  const out: TextChange[] = [];
  let [gone, come, between] = ['', '', ''];
  const flush = (): void => {
    if (gone !== '') out.push(removed(gone));
    if (come !== '') out.push(added(come));
    [gone, come] = ['', ''];
  };
  const keep = (text: string): void => {
    const last = out.at(-1);
    if (last?.kind === 'same') out[out.length - 1] = same(last.text + text);
    else if (text !== '') out.push(same(text));
  };
  for (const { kind, text } of changes) {
    if (kind === 'same' && !/[\p{L}\p{N}]/u.test(text) && gone !== '' && come !== '') {
      between += text;
      continue;
    }
    if (kind === 'same') {
      flush();
      keep(between + text);
      between = '';
      continue;
    }
    if (kind === 'removed') gone += between + text;
    else come += between + text;
    if (kind === 'removed') come += between;
    else gone += between;
    between = '';
  }
  flush();
  keep(between);
  return out;
}
