import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { decisions, type Decision } from '@breakwater/rules/advisory';
import { Button, Empty, Input, Loaded, Panel, Select } from '#parts';
import { Page, paths, SectionViews } from '#shell';
import { count, useWords } from '#words';
import { AskException } from './Exceptions.tsx';
import { ExposureTable, Many } from './ExposureTable.tsx';
import { PlanDraft } from './PlanDraft.tsx';
import { useExposures, type ExposureFilter } from './queries.ts';
import { advisoryWords } from './words.ts';
import css from './exposure.module.css';

interface Search extends ExposureFilter {
  /** Exposures that are chosen. */
  readonly pick?: readonly string[] | undefined;
}

/** What of the inventory is exposed, the most urgent first; what is chosen becomes a draft plan or an exception. */
export function ExposurePage(): ReactNode {
  const say = useWords(advisoryWords);
  const { pick = [], ...filter } = useSearch({ strict: false }) as Search;
  const navigate = useNavigate();
  const exposures = useExposures({
    decision: filter.decision,
    vulnerability: filter.vulnerability,
    filtered: filter.filtered,
  });
  const [doing, setDoing] = useState<'draft' | 'except' | null>(null);
  const all = useExposures({}).data;
  const select = (changes: Search): void =>
    void navigate({ to: '.', search: (before: object) => ({ ...before, ...changes }), replace: true });
  const choose = (exposure: string, isChosen: boolean): void => {
    const rest = pick.filter((one) => one !== exposure);
    select({ pick: isChosen ? [...rest, exposure] : rest.length === 0 ? undefined : rest });
  };
  const reason = pick.length === 0 ? say('chooseFirst') : null;
  const of = (decision: Decision): string =>
    count(all?.exposures.filter(({ priority }) => priority.decision === decision).length ?? 0);
  return (
    <Page
      title={say('exposure')}
      about={
        all === undefined
          ? '···'
          : say('exposureAbout', { total: count(all.total), act: of('act'), attend: of('attend') })
      }
    >
      <SectionViews section="exposure" current="viewExposure" />
      <div className={css['filters']}>
        <Select
          label={say('atLeast')}
          options={[['', say('anyDecision')], ...decisions.toReversed().map((one) => [one, say(one)] as const)]}
          value={filter.decision ?? ''}
          onChange={(event) => select({ decision: (event.target.value || undefined) as Decision | undefined })}
        />
        <Input
          label={say('search')}
          placeholder="CVE-2026-1234"
          value={filter.vulnerability ?? ''}
          onChange={(event) => select({ vulnerability: event.target.value || undefined })}
        />
        <label className={css['tick']}>
          <input
            type="checkbox"
            className={css['check']}
            checked={filter.filtered === 'yes'}
            onChange={(event) => select({ filtered: event.target.checked ? 'yes' : undefined })}
          />
          {say('showFiltered')}
        </label>
        <span className={css['space']} />
        {pick.length > 0 && <span className="second">{say('chosen', { n: pick.length })}</span>}
        <Button primary onClick={() => setDoing('draft')} reason={reason}>
          {say('draftAct')}
        </Button>
        <Button onClick={() => setDoing('except')} disabled={reason !== null}>
          {say('exceptAct')}
        </Button>
      </div>
      {doing === 'draft' && pick.length > 0 && <PlanDraft exposures={pick} />}
      {doing === 'except' && pick.length > 0 && <AskException exposures={pick} />}
      <Panel
        title={say('exposure')}
        roomy
        end={exposures.data === undefined ? undefined : <Many n={exposures.data.total} />}
      >
        <Loaded
          query={exposures}
          what={say('exposureObject')}
          meanwhile={say('meanwhile')}
          isEmpty={(data) => data.exposures.length === 0}
          empty={<Empty action={<a href={paths.advisories()}>{say('toAdvisories')}</a>}>{say('noExposure')}</Empty>}
        >
          {(data) => (
            <>
              {data.filtered > 0 && <p className={css['note']}>{say('hidden', { n: count(data.filtered) })}</p>}
              {data.cut && <p className={`${css['note']} attention`}>{say('cut')}</p>}
              <ExposureTable exposures={data.exposures} chosen={pick} choose={choose} />
            </>
          )}
        </Loaded>
      </Panel>
    </Page>
  );
}
