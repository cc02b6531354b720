import {
  useId,
  type InputHTMLAttributes,
  type ReactNode,
  type SelectHTMLAttributes,
  type TextareaHTMLAttributes,
} from 'react';
import css from './field.module.css';

interface Labelled {
  label: ReactNode;
  /** Below it: what it means, or its unit. */
  hint?: ReactNode;
}

function Labels({ id, label, hint, children }: Labelled & { id: string; children: ReactNode }): ReactNode {
  return (
    <div className={css['field']}>
      <label htmlFor={id}>{label}</label>
      {children}
      {hint !== undefined && (
        <span id={`${id}-hint`} className="quiet">
          {hint}
        </span>
      )}
    </div>
  );
}

const described = (id: string, hint: ReactNode): string | undefined => (hint === undefined ? undefined : `${id}-hint`);

/** A line that is written. */
export function Input({ label, hint, ...rest }: Labelled & InputHTMLAttributes<HTMLInputElement>): ReactNode {
  const id = useId();
  return (
    <Labels id={id} label={label} hint={hint}>
      <input id={id} className={css['control']} aria-describedby={described(id, hint)} {...rest} />
    </Labels>
  );
}

/** A text of several lines. */
export function TextArea({ label, hint, ...rest }: Labelled & TextareaHTMLAttributes<HTMLTextAreaElement>): ReactNode {
  const id = useId();
  return (
    <Labels id={id} label={label} hint={hint}>
      <textarea id={id} className={css['control']} aria-describedby={described(id, hint)} {...rest} />
    </Labels>
  );
}

/** One of a few. */
export function Select({
  label,
  hint,
  options,
  ...rest
}: Labelled &
  SelectHTMLAttributes<HTMLSelectElement> & {
    options: readonly (readonly [value: string, words: string])[];
  }): ReactNode {
  const id = useId();
  return (
    <Labels id={id} label={label} hint={hint}>
      <select id={id} className={css['control']} aria-describedby={described(id, hint)} {...rest}>
        {options.map(([value, words]) => (
          <option key={value} value={value}>
            {words}
          </option>
        ))}
      </select>
    </Labels>
  );
}
