import { useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { decisions } from '@breakwater/rules/advisory';
import { patchStateNames, patchStates } from '@breakwater/rules/plan';
import type { Schemas } from '@breakwater/client/browser';
import { answer, client, useActing } from '#api';
import { Button, Empty, Icon, Input, Loaded, Panel, Problem, Table, Time } from '#parts';
import { Page, paths, SectionViews } from '#shell';
import { count, shortDay, useLanguage, useText, useWords } from '#words';
import { Exceptions } from './Exceptions.tsx';
import { Many } from './ExposureTable.tsx';
import { targetsSeen } from './figures.ts';
import { usePatches } from './queries.ts';
import { advisoryWords } from './words.ts';
import css from './exposure.module.css';

type Patch = Schemas['Patch'];

/** Patches by how far they are, what is open by its age and its limit, and what is excepted. */
export function PatchesPage(): ReactNode {
  const say = useWords(advisoryWords);
  const text = useText();
  const patches = usePatches();
  const ageing = useQuery({
    queryKey: ['ageing'],
    queryFn: () => answer(client.GET('/patches/ageing', { params: { query: { limit: 200 } } })),
    refetchInterval: 30_000,
  });
  const open = patches.data?.patches.filter(({ state }) => state !== 'closed' && state !== 'withdrawn').length;
  const late = ageing.data?.totals.reduce((sum, { overdue }) => sum + overdue, 0);
  return (
    <Page
      title={say('patches')}
      about={
        open === undefined || late === undefined ? '···' : say('patchesAbout', { open: count(open), late: count(late) })
      }
    >
      <SectionViews section="exposure" current="viewPatches" />
      <Loaded
        query={patches}
        what={say('patchesObject')}
        isEmpty={(data) => data.patches.length === 0}
        empty={
          <Panel title={say('patches')} roomy>
            <Empty action={<a href={paths.exposure()}>{say('toExposure')}</a>}>{say('noPatches')}</Empty>
          </Panel>
        }
      >
        {(data) => (
          <>
            <p className="second">{say('closedByMatch')}</p>
            <div className={css['board']}>
              {patchStates
                .filter((state) => state !== 'withdrawn')
                .map((state) => {
                  const own = data.patches.filter((patch) => patch.state === state);
                  return (
                    <Panel key={state} title={text(patchStateNames[state])} end={<Many n={own.length} />}>
                      {own.length === 0 ? (
                        <Empty>{say('laneEmpty')}</Empty>
                      ) : (
                        <ul>
                          {own.map((patch) => (
                            <PatchCard key={patch.plan} patch={patch} />
                          ))}
                        </ul>
                      )}
                    </Panel>
                  );
                })}
            </div>
          </>
        )}
      </Loaded>
      <Panel title={say('ageing')} roomy>
        <Loaded query={ageing} what={say('ageingObject')}>
          {(report) => <Ageing report={report} />}
        </Loaded>
      </Panel>
      <Exceptions />
    </Page>
  );
}

function PatchCard({ patch }: { patch: Patch }): ReactNode {
  const say = useWords(advisoryWords);
  const text = useText();
  const language = useLanguage();
  const { plan, exposures, dueAt, can, run } = patch;
  const { done, all } = targetsSeen(patch);
  const isLate = dueAt !== null && Date.parse(dueAt) < Date.now();
  const [reason, setReason] = useState('');
  const params = { path: { plan } };
  const verify = useActing('patch.track', () => answer(client.POST('/patches/{plan}/verification', { params })));
  const withdraw = useActing('patch.track', (by) =>
    answer(client.POST('/patches/{plan}/withdrawal', { params, body: { by, reason } })),
  );
  const why = verify.why === null ? null : text(verify.why);
  return (
    <li className={css['card']}>
      <a href={paths.plan(plan)} data-row>
        <b>{plan}</b>
      </a>
      {exposures.map(({ exposure, vulnerability }) => (
        <a key={exposure} href={paths.exposureOf(exposure)} className="second">
          {vulnerability}
        </a>
      ))}
      <span className="quiet">
        {say('targets', { done, all })}
        {run !== null && (
          <>
            {' · '}
            <a href={paths.run(run.id)}>{run.id.slice(0, 8)}</a>
          </>
        )}
      </span>
      <span className={isLate ? 'crossed' : 'second'}>
        {isLate && <Icon name="attention" size={14} />} {say('due')}{' '}
        {dueAt === null ? say('noLimit') : shortDay(dueAt, language)}
      </span>
      {can.includes('verify') && (
        <Button onClick={() => verify.run()} disabled={verify.isBusy} reason={why}>
          {say('verifyAct')}
        </Button>
      )}
      {can.includes('withdraw') && (
        <details>
          <summary>{say('withdrawAct')}</summary>
          <Input label={say('why')} value={reason} onChange={(event) => setReason(event.target.value)} />
          <Button onClick={() => withdraw.run()} disabled={withdraw.isBusy || reason.trim() === ''} reason={why}>
            {say('withdrawAct')}
          </Button>
        </details>
      )}
      <Problem error={verify.error ?? withdraw.error} />
    </li>
  );
}

function Ageing({ report }: { report: Schemas['AgeingReport'] }): ReactNode {
  const say = useWords(advisoryWords);
  const text = useText();
  const language = useLanguage();
  const totals = decisions.toReversed().flatMap((decision) => report.totals.filter((one) => one.decision === decision));
  return (
    <>
      <Table
        label={say('ageing')}
        columns={[
          say('colPriority'),
          { words: say('totalOpen'), numeric: true },
          { words: say('totalOverdue'), numeric: true },
          { words: say('totalUnplanned'), numeric: true },
          { words: say('totalExcepted'), numeric: true },
          { words: say('medianAge'), numeric: true },
        ]}
      >
        {totals.map(({ decision, open, overdue, unplanned, excepted, medianAgeDays }) => (
          <tr key={decision}>
            <td>
              <b>{say(decision)}</b>
            </td>
            <td data-numeric>{count(open)}</td>
            <td data-numeric className={overdue > 0 ? 'crossed' : ''}>
              {count(overdue)}
            </td>
            <td data-numeric className={unplanned > 0 ? 'attention' : ''}>
              {count(unplanned)}
            </td>
            <td data-numeric>{count(excepted)}</td>
            <td data-numeric>{medianAgeDays === null ? say('none') : say('days', { n: medianAgeDays })}</td>
          </tr>
        ))}
      </Table>
      {report.closed.patches > 0 && (
        <p className={css['note']}>
          {say('closedInTime', {
            patches: report.closed.patches,
            inTime: report.closed.inTime,
            late: report.closed.late,
          })}
        </p>
      )}
      {report.rows.length > 0 && (
        <div className={css['second']}>
          <Table
            label={say('exposure')}
            columns={[
              say('colPriority'),
              say('colVulnerability'),
              say('colAssets'),
              { words: say('colAge'), numeric: true },
              say('colDue'),
              say('colPatch'),
              say('colOwners'),
            ]}
          >
            {report.rows.map((row) => (
              <tr key={row.exposure}>
                <td className="whole">{say(row.decision)}</td>
                <td>
                  <a href={paths.exposureOf(row.exposure)} data-row>
                    {row.vulnerability}
                  </a>
                  <div className="quiet">
                    {row.component} {row.version}
                  </div>
                </td>
                <td>{row.assets.join(', ')}</td>
                <td data-numeric>{say('days', { n: row.ageDays })}</td>
                <td>
                  {row.dueAt === null ? (
                    <span className="second">{say('noLimit')}</span>
                  ) : (
                    <span className={row.overdueDays === null ? '' : 'crossed'}>
                      <Time at={row.dueAt} form="day" />
                      {row.overdueDays !== null && <> {say('daysLate', { n: row.overdueDays })}</>}
                    </span>
                  )}
                  <div className="quiet">
                    {row.source.document} {row.source.date}
                  </div>
                </td>
                <td>
                  {row.patch === null ? (
                    row.exception === null ? (
                      <span className="attention whole">{say('unplanned')}</span>
                    ) : (
                      say('exceptedUntil', { until: shortDay(row.exception.until, language) })
                    )
                  ) : (
                    <a href={paths.plan(row.patch.plan)}>{text(patchStateNames[row.patch.state])}</a>
                  )}
                </td>
                <td>{row.owners.join(', ') || say('unknown')}</td>
              </tr>
            ))}
          </Table>
        </div>
      )}
    </>
  );
}
