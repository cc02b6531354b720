import { useEffect, useRef, type ReactNode } from 'react';
import { useWords } from '#words';
import type { DraftFinding } from './draft.ts';
import { planWords } from './words.ts';
import css from './editor.module.css';

export interface YamlPaneProps {
  text: string;
  findings: readonly DraftFinding[];
  readOnly: boolean;
  /** The line that is to be seen, and how often that was asked. */
  seek: { line: number; nth: number } | null;
  onChange(text: string): void;
  onCursor(line: number): void;
}

const lineHeight = 20;

/** The text with line numbers; lines that have findings are marked beside them. */
export function YamlPane({ text, findings, readOnly, seek, onChange, onCursor }: YamlPaneProps): ReactNode {
  const say = useWords(planWords);
  const area = useRef<HTMLTextAreaElement>(null);
  const lines = text.split('\n');
  useEffect(() => {
    const { current } = area;
    if (seek === null || current === null) return;
    const start =
      current.value
        .split('\n')
        .slice(0, seek.line - 1)
        .join('\n').length + (seek.line > 1 ? 1 : 0);
    const end = current.value.indexOf('\n', start);
    current.setSelectionRange(start, end === -1 ? current.value.length : end);
    current.parentElement?.scrollTo({ top: Math.max(0, (seek.line - 6) * lineHeight) });
  }, [seek]);
  const worst = new Map<number, DraftFinding['severity']>();
  for (const { line, severity } of findings) if (!worst.has(line)) worst.set(line, severity);
  const cursor = (): void => {
    const { current } = area;
    if (current !== null) onCursor(current.value.slice(0, current.selectionStart).split('\n').length);
  };
  return (
    <div className={css['yaml']}>
      <div className={css['gutter']} aria-hidden="true">
        {lines.map((_, at) => {
          const severity = worst.get(at + 1);
          return (
            // Lines are known by their numbers.
            // oxlint-disable-next-line react/no-array-index-key
            <span key={at} className={severity === undefined ? undefined : css[severity]}>
              {severity === undefined ? '' : marks[severity]}
              {at + 1}
            </span>
          );
        })}
      </div>
      <textarea
        ref={area}
        aria-label={say('yaml')}
        value={text}
        readOnly={readOnly}
        rows={lines.length}
        spellCheck={false}
        autoCapitalize="off"
        autoComplete="off"
        wrap="off"
        onChange={(event) => onChange(event.target.value)}
        onSelect={cursor}
      />
    </div>
  );
}

const marks = { error: '✕ ', warning: '▲ ', unjudged: '? ' } as const;
