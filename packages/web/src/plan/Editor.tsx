import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState, type ReactNode } from 'react';
import { ServerError } from '@breakwater/client/browser';
import { answer, client, useMay, useSession } from '#api';
import { Button, Notice, Panel } from '#parts';
import { useLanguage, useText, useWords } from '#words';
import { judgeDraft, lineAt, openDraft, withValue, type Path } from './draft.ts';
import { Findings } from './Findings.tsx';
import { PlanForm } from './PlanForm.tsx';
import { planWords } from './words.ts';
import { YamlPane } from './YamlPane.tsx';
import css from './editor.module.css';

/** Drafts are kept under their plan until they are saved or discarded: a closed tab loses nothing. */
const draftKey = (plan: string): string => `breakwater-draft ${plan}`;

export interface EditorProps {
  /** Names the draft in this browser. */
  plan: string;
  /** The text as it was submitted. */
  original: string;
  onSaved(plan: string, revision: number): void;
}

/** Form and text of a plan side by side: one document, judged by the rules of the command line as it is written. */
export function Editor({ plan, original, onSaved }: EditorProps): ReactNode {
  const say = useWords(planWords);
  const [text, setText] = useState(() => localStorage.getItem(draftKey(plan)) ?? original);
  const [cursor, setCursor] = useState<number | null>(null);
  const [seek, setSeek] = useState<{ line: number; nth: number } | null>(null);
  const judged = useMemo(() => judgeDraft(text, new Date()), [text]);
  const document = useMemo(() => openDraft(text), [text]);
  const change = (next: string): void => {
    setText(next);
    if (next === original) localStorage.removeItem(draftKey(plan));
    else localStorage.setItem(draftKey(plan), next);
  };
  const open = (line: number): void => setSeek((before) => ({ line, nth: (before?.nth ?? 0) + 1 }));
  const lineOf = (path: Path): number | null => (document === null ? null : lineAt(text, document, path));
  const n = (severity: string): number => judged.findings.filter((one) => one.severity === severity).length;
  return (
    <>
      <div className={css['columns']}>
        <Panel title={say('form')} roomy>
          <PlanForm
            document={document}
            lineOf={lineOf}
            cursor={cursor}
            onChange={(path, value) => change(withValue(text, path, value))}
            onFocus={(path) => {
              const line = lineOf(path);
              if (line !== null) open(line);
            }}
          />
        </Panel>
        <Panel title={say('yaml')} roomy>
          <YamlPane
            text={text}
            findings={judged.findings}
            readOnly={false}
            seek={seek}
            onChange={change}
            onCursor={setCursor}
          />
        </Panel>
      </div>
      <Panel
        title={say('findings')}
        about={say('findingsCount', { errors: n('error'), warnings: n('warning'), unknown: n('unjudged') })}
        roomy
      >
        {judged.findings.length === 0 ? (
          <p className={css['none']}>{say('noFindings')}</p>
        ) : (
          <Findings
            rows={judged.findings.map(({ line, ...finding }) => ({
              ...finding,
              place: say('line', { n: line }),
              onOpen: () => open(line),
            }))}
          />
        )}
      </Panel>
      <Save
        document={judged.plan === null ? null : judged.document}
        changed={text !== original}
        author={judged.plan?.author ?? ''}
        onDiscard={() => change(original)}
        onSaved={(saved, revision) => {
          localStorage.removeItem(draftKey(plan));
          onSaved(saved, revision);
        }}
      />
    </>
  );
}

interface SaveProps {
  /** Null: it does not read as a plan. */
  document: unknown;
  changed: boolean;
  author: string;
  onDiscard(): void;
  onSaved(plan: string, revision: number): void;
}

function Save({ document, changed, author, onDiscard, onSaved }: SaveProps): ReactNode {
  const say = useWords(planWords);
  const text = useText();
  const language = useLanguage();
  const may = useMay()('plan.submit');
  const session = useSession();
  const queries = useQueryClient();
  const save = useMutation({
    mutationFn: () =>
      answer(client.POST('/plans', { body: { document: document as never, by: session.data?.person ?? author } })),
    async onSuccess({ plan, revision }) {
      await queries.invalidateQueries({ queryKey: ['plans'] });
      await queries.invalidateQueries({ queryKey: ['plan'] });
      onSaved(plan, revision);
    },
  });
  const reason = may !== null ? text(may) : document === null ? say('notRead') : changed ? null : say('unchanged');
  return (
    <div className={css['foot']}>
      {save.error !== null && (
        <Notice icon="attention" title={say('saveFailed')} alert>
          <p>{save.error instanceof ServerError ? save.error.say(language) : save.error.message}</p>
        </Notice>
      )}
      {save.data !== undefined && !changed && <p role="status">{say('saved', { n: save.data.revision })}</p>}
      {changed && <p className="attention">{say('unsaved')}</p>}
      <Button primary reason={save.isPending ? say('saving') : reason} onClick={() => save.mutate()}>
        {say('save')}
      </Button>
      {changed && <Button onClick={onDiscard}>{say('discard')}</Button>}
    </div>
  );
}
