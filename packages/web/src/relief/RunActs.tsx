import { useState, type ReactNode } from 'react';
import { answer, client, useActing } from '#api';
import { Button, Problem } from '#parts';
import { useText, useWords } from '#words';
import { reliefWords } from './words.ts';
import css from './ledger.module.css';

/** The payment file as the payment system takes it. That it was made, and by whom, is evidence. */
export function PayFile({ run }: { run: string }): ReactNode {
  const say = useWords(reliefWords);
  const text = useText();
  const [file, setFile] = useState<string | null>(null);
  const make = useActing(
    'claim.payee',
    async (by) => {
      const { data } = await client.POST('/relief/payment-files', { body: { by, run }, parseAs: 'text' });
      return data ?? '';
    },
    {
      after(csv) {
        if (file !== null) URL.revokeObjectURL(file);
        setFile(URL.createObjectURL(new Blob([csv], { type: 'text/csv' })));
      },
    },
  );
  return (
    <div className={css['note']}>
      <Button onClick={() => make.run()} disabled={make.isBusy} reason={make.why === null ? null : text(make.why)}>
        {say('payFile')}
      </Button>
      {file !== null && (
        <a href={file} download={`payments-${run.slice(0, 8)}.csv`}>
          payments-{run.slice(0, 8)}.csv
        </a>
      )}
      <p className="quiet">{say('payFileAbout')}</p>
      <Problem error={make.error} />
    </div>
  );
}

/** What is done to all claims of a run at once: the proactive ones accepted for their fee, the results told by text message. */
export function RunActs({ run }: { run: string }): ReactNode {
  const say = useWords(reliefWords);
  const text = useText();
  const params = { path: { run } };
  const accept = useActing('claim.decide', (by) =>
    answer(client.POST('/relief/runs/{run}/acceptance', { params, body: { by } })),
  );
  const tell = useActing('notice.send', (by) =>
    answer(client.POST('/relief/runs/{run}/results', { params, body: { by } })),
  );
  return (
    <div className={css['note']}>
      <Button
        onClick={() => accept.run()}
        disabled={accept.isBusy}
        reason={accept.why === null ? null : text(accept.why)}
      >
        {say('acceptAll')}
      </Button>
      {accept.done !== undefined && <p role="status">{say('acceptedAll', { n: accept.done.accepted })}</p>}
      <Button onClick={() => tell.run()} disabled={tell.isBusy} reason={tell.why === null ? null : text(tell.why)}>
        {say('tellAll')}
      </Button>
      {tell.done !== undefined && <p role="status">{say('toldAll', { n: tell.done.claims })}</p>}
      <Problem error={accept.error ?? tell.error} />
    </div>
  );
}
