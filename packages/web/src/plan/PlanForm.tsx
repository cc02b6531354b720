import { useId, type ReactNode } from 'react';
import { isMap, isSeq, type Document } from 'yaml';
import { useLanguage, useWords } from '#words';
import { valueAt, type Path } from './draft.ts';
import { formGroups, type FormField } from './form-fields.ts';
import { planWords } from './words.ts';
import css from './editor.module.css';

export interface PlanFormProps {
  /** Null: the text cannot be read now. */
  document: Document | null;
  /** Line of the cursor in the text; the field whose value begins there is marked. */
  lineOf(path: Path): number | null;
  cursor: number | null;
  onChange(path: Path, value: string | number | readonly string[]): void;
  onFocus(path: Path): void;
}

/** The parts of a plan that are plain values; the rest is edited in the text beside it. */
export function PlanForm({ document, lineOf, cursor, onChange, onFocus }: PlanFormProps): ReactNode {
  const say = useWords(planWords);
  if (document === null) return <p className={css['unreadable']}>{say('formUnreadable')}</p>;
  return (
    <div className={css['form']}>
      {formGroups.map(({ word, fields }) => (
        <fieldset key={word}>
          <legend>{say(word)}</legend>
          {fields.map((field) => (
            <Field
              key={field.word}
              field={field}
              value={valueAt(document, field.path)}
              marked={cursor !== null && lineOf(field.path) === cursor}
              onChange={(value) => onChange(field.path, value)}
              onFocus={() => onFocus(field.path)}
            />
          ))}
        </fieldset>
      ))}
      <Steps document={document} onFocus={onFocus} />
    </div>
  );
}

function Field(props: {
  field: FormField;
  value: unknown;
  marked: boolean;
  onChange(value: string | number | readonly string[]): void;
  onFocus(): void;
}): ReactNode {
  const { field, value, marked, onChange, onFocus } = props;
  const say = useWords(planWords);
  const id = useId();
  const hint = useId();
  const text = shown(value);
  const { is } = field;
  return (
    <div className={`${css['field']} ${field.wide === true ? css['wide'] : ''} ${marked ? css['marked'] : ''}`}>
      <label htmlFor={id}>{say(field.word)}</label>
      {typeof is !== 'string' ? (
        <select id={id} value={text} onChange={(event) => onChange(event.target.value)} onFocus={onFocus}>
          {!is.includes(text) && <option value={text}>{text}</option>}
          {is.map((option) => (
            <option key={option}>{option}</option>
          ))}
        </select>
      ) : (
        <input
          id={id}
          value={text}
          inputMode={is === 'number' ? 'numeric' : undefined}
          aria-describedby={is === 'list' ? hint : undefined}
          onChange={(event) => onChange(read(event.target.value, is))}
          onFocus={onFocus}
        />
      )}
      {is === 'list' && (
        <span id={hint} className="spoken">
          {say('listHint')}
        </span>
      )}
    </div>
  );
}

function shown(value: unknown): string {
  if (isSeq(value)) return value.toJSON().join(', ');
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

/** What was typed, as the document has it; text that is no number stays text, and the rules say so. */
function read(text: string, is: 'text' | 'number' | 'list'): string | number | readonly string[] {
  if (is === 'number' && /^\d{1,15}$/.test(text.trim())) return Number(text);
  if (is !== 'list') return text;
  const parts = text.split(/,\s*/);
  return parts.length === 1 && parts[0] === '' ? [] : parts;
}

const wordsOf = (part: unknown): string => (typeof part === 'string' ? part : '');

function Steps({ document, onFocus }: { document: Document; onFocus(path: Path): void }): ReactNode {
  const say = useWords(planWords);
  const language = useLanguage();
  const steps = document.get('steps');
  if (!isSeq(steps) || steps.items.length === 0) return null;
  return (
    <fieldset>
      <legend>{say('g-steps')}</legend>
      <p className={`${css['wide']} quiet`}>{say('stepsAbout')}</p>
      <ol className={`${css['wide']} ${css['steps']}`}>
        {steps.items.map((step, at) => {
          if (!isMap(step)) return null;
          const id = wordsOf(step.get('id'));
          const title = wordsOf(step.getIn(['title', language])) || id;
          return (
            // A step is known by its place: its id is being written.
            // oxlint-disable-next-line react/no-array-index-key
            <li key={at}>
              <button type="button" onClick={() => onFocus(['steps', at, 'id'])}>
                <b>{at + 1}</b> {title} <code>{id}</code>
                <span className="quiet">
                  {wordsOf(step.get('timeout'))} · {say(step.has('undo') ? 'stepUndo' : 'stepNoUndo')}
                </span>
              </button>
            </li>
          );
        })}
      </ol>
    </fieldset>
  );
}
