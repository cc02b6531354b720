import { useId, type FormEvent, type ReactNode } from 'react';
import { useWords } from '#words';
import { evidenceWords } from './words.ts';
import css from './evidence.module.css';

/** What the list is narrowed to, as it stands in the address. */
export interface Filter {
  /** Records from this index down. */
  readonly from?: string;
  readonly domain?: string;
  readonly run?: string;
  readonly person?: string;
}

/** First words of types: the domains that write records. */
const domains = [
  'run',
  'guard',
  'plan',
  'notice',
  'relief',
  'criteria',
  'review',
  'advisory',
  'inventory',
  'containment',
  'auth',
  'evidence',
] as const;

/** Taken over at Enter and when a field is left; the domain at once. */
export function Filters({ filter, onChange }: { filter: Filter; onChange(next: Filter): void }): ReactNode {
  const say = useWords(evidenceWords);
  const read = (form: HTMLFormElement): Filter =>
    Object.fromEntries(
      [...new FormData(form).entries()].flatMap(([name, value]) =>
        typeof value === 'string' && value.trim() !== '' ? [[name, value.trim()]] : [],
      ),
    );
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    onChange(read(event.currentTarget));
  };
  const left = (event: { currentTarget: { form: HTMLFormElement | null } }): void => {
    const { form } = event.currentTarget;
    if (form !== null) onChange(read(form));
  };
  return (
    <form key={JSON.stringify(filter)} className={css['filters']} onSubmit={submit} role="search">
      <Field label={say('filterDomain')}>
        {(id) => (
          <select id={id} name="domain" defaultValue={filter.domain ?? ''} onChange={left}>
            <option value="">{say('all')}</option>
            {domains.map((domain) => (
              <option key={domain} value={domain}>
                {say(`d-${domain}`)}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label={say('filterRun')}>
        {(id) => <input id={id} name="run" defaultValue={filter.run} onBlur={left} size={36} />}
      </Field>
      <Field label={say('filterPerson')}>
        {(id) => (
          <input id={id} name="person" defaultValue={filter.person} onBlur={left} size={10} placeholder="p-17" />
        )}
      </Field>
      <Field label={say('filterFrom')}>
        {(id) => <input id={id} name="from" inputMode="numeric" defaultValue={filter.from} onBlur={left} size={10} />}
      </Field>
      <button type="submit" className="spoken" tabIndex={-1}>
        {say('records')}
      </button>
    </form>
  );
}

function Field({ label, children }: { label: string; children: (id: string) => ReactNode }): ReactNode {
  const id = useId();
  return (
    <div className={css['field']}>
      <label htmlFor={id} className="quiet">
        {label}
      </label>
      {children(id)}
    </div>
  );
}
