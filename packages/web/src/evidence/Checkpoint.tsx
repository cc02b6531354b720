import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { answer, client } from '#api';
import { Fact, Facts, Icon, Time } from '#parts';
import { count, useWords } from '#words';
import { evidenceWords } from './words.ts';

export function useCheckpoints() {
  return useQuery({
    queryKey: ['log', 'checkpoints'],
    queryFn: () => answer(client.GET('/log/checkpoints', { params: { query: {} } })),
    refetchInterval: 10_000,
  });
}

export type Checkpoint = NonNullable<ReturnType<typeof useCheckpoints>['data']>['checkpoints'][number];

/** Who put their signature to a checkpoint, and when time was stamped. */
export function Signed({ checkpoint, witnesses }: { checkpoint: Checkpoint; witnesses: readonly string[] }): ReactNode {
  const say = useWords(evidenceWords);
  return (
    <Facts>
      <Fact label={say('checkpoint')} end={<Time at={checkpoint.signedAt} form="day" />}>
        {count(checkpoint.size)}
      </Fact>
      <Fact label={say('witnesses')}>
        <Witnesses checkpoint={checkpoint} witnesses={witnesses} />
      </Fact>
      <Fact label={say('stamp')}>
        <Stamps checkpoint={checkpoint} />
      </Fact>
    </Facts>
  );
}

/** Which of the witnesses that this log asks have cosigned. */
export function Witnesses({
  checkpoint,
  witnesses,
}: {
  checkpoint: Checkpoint;
  witnesses: readonly string[];
}): ReactNode {
  const say = useWords(evidenceWords);
  const { cosigned } = checkpoint;
  if (witnesses.length === 0 && cosigned.length === 0) return <span className="second">{say('noWitness')}</span>;
  const missing = witnesses.filter((name) => !cosigned.some(({ witness }) => witness === name));
  return (
    <>
      {say('witnessesOf', { n: cosigned.length, all: Math.max(witnesses.length, cosigned.length) })}
      {missing.length > 0 && (
        <span className="attention">
          {' '}
          <Icon name="attention" size={14} /> {say('witnessMissing', { names: missing.join(', ') })}
        </span>
      )}
    </>
  );
}

export function Stamps({ checkpoint: { stamped, stampAsked } }: { checkpoint: Checkpoint }): ReactNode {
  const say = useWords(evidenceWords);
  if (stamped.length === 0) return <span className="second">{say(stampAsked ? 'stampWaiting' : 'stampNone')}</span>;
  return stamped.map(({ authority, at }) => (
    <span key={authority}>
      {authority} <Time at={at} form="day" />
    </span>
  ));
}
