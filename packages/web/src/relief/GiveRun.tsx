import { useState, type ReactNode } from 'react';
import { answer, client, useActing } from '#api';
import { Button, Problem, Select } from '#parts';
import { useText, useWords } from '#words';
import { reliefWords } from './words.ts';
import css from './claim.module.css';

/** Gives a claim that no disruption matched its run. */
export function GiveRun({ id, runs }: { id: string; runs: readonly { run: string; plan: string }[] }): ReactNode {
  const say = useWords(reliefWords);
  const text = useText();
  const [chosen, setChosen] = useState<string | null>(null);
  const run = chosen ?? runs[0]?.run ?? '';
  const give = useActing('claim.open', (by) =>
    answer(client.POST('/claims/{id}/run', { params: { path: { id } }, body: { by, run } })),
  );
  if (runs.length === 0) return null;
  return (
    <div className={css['inline']}>
      <Select
        label={say('run')}
        options={runs.map((one) => [one.run, `${one.plan} ${one.run.slice(0, 8)}`] as const)}
        value={run}
        onChange={(event) => setChosen(event.target.value)}
      />
      <Button onClick={() => give.run()} disabled={give.isBusy} reason={give.why === null ? null : text(give.why)}>
        {say('linkRun')}
      </Button>
      <Problem error={give.error} />
    </div>
  );
}
