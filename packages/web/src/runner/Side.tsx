import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { leaseMs, type RunState } from '@breakwater/rules/guard';
import type { RunView } from '@breakwater/rules/runner';
import { answer, client } from '#api';
import { Chip, Fact, Facts, Icon, Loaded, Panel, Time } from '#parts';
import { paths } from '#shell';
import { count, useWords } from '#words';
import { runWords } from './words.ts';
import css from './side.module.css';

/** The guard of the run as it says of itself. */
export function GuardPanel({
  view,
  host,
  dimmed,
}: {
  view: RunView | null;
  host: RunState | null;
  dimmed: boolean;
}): ReactNode {
  const say = useWords(runWords);
  const probes = Object.entries(view?.host?.probes ?? {});
  const up = probes.filter(([, { verdict }]) => verdict === 'up').length;
  const stopped = view?.host?.level;
  return (
    <Panel
      title={say('guard')}
      about={view?.hostName ?? '···'}
      dimmed={dimmed}
      end={
        stopped === undefined ? undefined : (
          <Chip icon="guarded">{stopped.includes('cgroup') ? say('kernelLevel') : stopped}</Chip>
        )
      }
    >
      <Facts>
        <Fact
          label={say('lease')}
          end={host === null ? say('unknown') : `${count(host.leaseSilentMs)} / ${leaseMs} ms`}
        >
          <Meter share={host === null ? null : host.leaseSilentMs / leaseMs} />
        </Fact>
        <Fact
          label={say('probesN', { n: probes.length })}
          end={probes.length === 0 ? say('unknown') : say('probesUp', { up, others: probes.length - up })}
        >
          <span className={css['probes']}>
            {probes.map(([id, { verdict }]) => (
              <Icon
                key={id}
                name={verdict === 'up' ? 'done' : verdict === 'down' ? 'stop' : 'unknown'}
                size={12}
                className={verdict === 'up' ? '' : 'attention'}
                label={`${id} ${say(`service-${verdict}`)}`}
              />
            ))}
          </span>
        </Fact>
        <Fact
          label={say('hostJournal')}
          end={host === null ? say('unknown') : say('rows', { n: count(host.lastSeq + 1) })}
        >
          {(view?.alarms.length ?? 0) === 0 ? (
            say('noGap')
          ) : (
            <span className="crossed">{say('alarms', { n: view?.alarms.length ?? 0 })}</span>
          )}
        </Fact>
        <Fact label={say('owner')} end={view === null ? '···' : say('epoch', { n: view.epoch })}>
          {view?.owner === null || view === null ? say('nobody') : <code>{view.owner.slice(0, 8)}</code>}
        </Fact>
      </Facts>
    </Panel>
  );
}

function Meter({ share }: { share: number | null }): ReactNode {
  return (
    <svg className={css['meter']} aria-hidden="true">
      <rect width="100%" height="4" rx="2" className={css['track']} />
      {share !== null && <rect width={`${Math.min(100, share * 100)}%`} height="4" rx="2" className={css['fill']} />}
    </svg>
  );
}

/** The log that the run is written into. */
export function EvidencePanel(): ReactNode {
  const say = useWords(runWords);
  const status = useQuery({
    queryKey: ['log', 'status'],
    queryFn: () => answer(client.GET('/log/status')),
    refetchInterval: 10_000,
  });
  return (
    <Panel
      title={say('evidence')}
      end={
        <a className="quiet" href={paths.evidence()}>
          {say('toEvidence')}
        </a>
      }
    >
      <Loaded query={status} what={say('evidenceObject')} meanwhile={say('evidenceMeanwhile')}>
        {(log) => (
          <Facts>
            <Fact
              label={say('log')}
              end={log.refusal === null ? say('continues') : <span className="crossed">{say('rewound')}</span>}
            >
              {say('leaves', { n: count(log.signedSize) })}
            </Fact>
            <Fact label={say('pending')} end={say('leaves', { n: count(log.pending) })} />
          </Facts>
        )}
      </Loaded>
    </Panel>
  );
}

/** Who asked for it, and who approved the plan. */
export function DutyPanel(props: {
  view: RunView | null;
  approvedBy: readonly { person: string; role: string }[] | null;
  planHash: string | null;
}): ReactNode {
  const { view, approvedBy, planHash } = props;
  const say = useWords(runWords);
  return (
    <Panel
      title={say('duty')}
      end={planHash === null ? undefined : <code title={planHash}>{planHash.slice(7, 15)}</code>}
    >
      <Facts>
        <Fact label={say('requested')} end={view === null ? undefined : <Time at={view.requestedAt} />}>
          <b>{view?.requestedBy ?? '···'}</b>
        </Fact>
        {(approvedBy ?? []).map(({ person, role }) => (
          <Fact key={person} label={say('approved')} end={role}>
            <b>{person}</b>
          </Fact>
        ))}
      </Facts>
    </Panel>
  );
}
