import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useMemo, type ReactNode } from 'react';
import type { Schemas } from '@breakwater/client/browser';
import { shortCode } from '@breakwater/rules';
import { Chip, Loaded, Notice, Tabs, Time } from '#parts';
import { HeadFigure, Page, paths } from '#shell';
import { useText, useWords } from '#words';
import { ApprovalsTab } from './ApprovalsTab.tsx';
import { textOf } from './draft.ts';
import { Editor } from './Editor.tsx';
import { ReadinessTab } from './ReadinessTab.tsx';
import { RehearsalsTab } from './RehearsalsTab.tsx';
import { RevisionsTab } from './RevisionsTab.tsx';
import { StartFoot } from './StartFoot.tsx';
import { stateIcons } from './state.ts';
import { usePlan, useReadiness, useRevisions } from './use-plan.ts';
import { planWords } from './words.ts';

const tabs = ['readiness', 'rehearsals', 'approvals', 'differences', 'edit'] as const;
type TabId = (typeof tabs)[number];

const isTab = (text: unknown): text is TabId => tabs.some((tab) => tab === text);

/** A plan: is it ready, was it rehearsed, who approved it, what changed; and its text. Revision and tab stand in the address. */
export function PlanPage(): ReactNode {
  const say = useWords(planWords);
  const { plan = '' } = useParams({ strict: false }) as { plan?: string };
  const { rev, tab: asked } = useSearch({ strict: false }) as { rev?: number; tab?: string };
  const revisions = useRevisions(plan);
  const all = revisions.data?.revisions ?? [];
  const chosen = all.find(({ revision }) => revision === rev) ?? all.at(-1) ?? null;
  const tab = isTab(asked) ? asked : 'readiness';
  if (chosen === null) {
    return (
      <Page title={say('plans')} about={plan}>
        <Loaded query={revisions} what={say('planObject')} isEmpty={() => true} empty={<p>{say('noPlans')}</p>}>
          {() => null}
        </Loaded>
      </Page>
    );
  }
  return <Revision key={chosen.planHash} of={chosen} all={all} tab={tab} />;
}

type RevisionRow = Schemas['PlanRevision'];

function Revision({ of, all, tab }: { of: RevisionRow; all: readonly RevisionRow[]; tab: TabId }): ReactNode {
  const say = useWords(planWords);
  const text = useText();
  const navigate = useNavigate();
  const query = usePlan(of.planHash);
  const readiness = useReadiness(of.planHash);
  const newest = all.at(-1)?.revision ?? of.revision;
  const isNewest = of.revision === newest;
  const { data } = query;
  const document = data?.document as Schemas['ListedPlan'] | undefined;
  const original = useMemo(() => (document === undefined ? '' : textOf(document)), [document]);
  const at = (id: TabId): string => paths.plan(of.plan, isNewest ? undefined : of.revision, id);
  const errors = readiness.data?.readiness.findings.filter(
    ({ severity, waived }) => severity === 'error' && waived === undefined,
  );
  const end = (id: TabId): ReactNode => {
    if (id === 'readiness')
      return errors === undefined ? '···' : errors.length === 0 ? undefined : `${say('error')} ${errors.length}`;
    if (data === undefined) return undefined;
    if (id === 'rehearsals')
      return say('of', { n: data.rehearsals.filter(({ passed }) => passed).length, all: data.rehearsalsNeeded });
    if (id === 'approvals') return say('of', { n: data.approvals.approvedBy.length, all: data.approvalsNeeded });
    return id === 'differences' ? String(all.length) : undefined;
  };
  return (
    <Page
      title={document === undefined ? of.plan : text(document.title)}
      about={
        <>
          {of.plan} · {say('revision', { n: of.revision })}
          {document !== undefined && ` · ${say(document.kind)}`} · {of.author} · {say('hashCode')}{' '}
          <code title={of.planHash}>{shortCode(of.planHash)}</code>
        </>
      }
      state={data === undefined ? undefined : <Chip icon={stateIcons[data.state]}>{say(`state-${data.state}`)}</Chip>}
      figures={
        document === undefined ? undefined : (
          <HeadFigure label={say('window')}>
            <Time at={document.window.start} form="day" />
          </HeadFigure>
        )
      }
    >
      <Tabs
        label={say('views')}
        current={tab}
        tabs={tabs.map((id) => ({
          id,
          href: at(id),
          label: say(id),
          ...(end(id) === undefined ? {} : { end: end(id) }),
        }))}
      />
      {!isNewest && (
        <Notice icon="attention" title={say('newest')}>
          <a href={paths.plan(of.plan, undefined, tab)}>{say('toNewest', { n: newest })}</a>
        </Notice>
      )}
      {tab === 'edit' ? (
        <Loaded query={query} what={say('planObject')}>
          {() => (
            <Editor
              plan={of.plan}
              original={original}
              onSaved={(plan) => void navigate({ href: paths.plan(plan, undefined, 'differences') })}
            />
          )}
        </Loaded>
      ) : (
        <>
          {tab === 'readiness' && <ReadinessTab query={readiness} />}
          {tab === 'rehearsals' && <RehearsalsTab query={query} />}
          {tab === 'approvals' && <ApprovalsTab query={query} />}
          {tab === 'differences' && <RevisionsTab plan={of.plan} revisions={all} />}
          <StartFoot plan={query} readiness={readiness} isNewest={isNewest} />
        </>
      )}
    </Page>
  );
}
