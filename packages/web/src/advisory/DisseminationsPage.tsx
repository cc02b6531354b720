import { useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import type { Schemas } from '@breakwater/client/browser';
import { answer, client, useActing, useSession } from '#api';
import { Button, Chip, Empty, Input, Loaded, Panel, Problem, Table, Time } from '#parts';
import { Page, SectionViews } from '#shell';
import { useText, useWords } from '#words';
import { idsIn } from './figures.ts';
import { useDisseminations } from './queries.ts';
import { advisoryWords } from './words.ts';
import css from './exposure.module.css';

type Kept = Schemas['KeptDissemination'];

/** What authorities sent, with the verdict at its receipt and what that rests on; and whose keys are pinned. */
export function DisseminationsPage(): ReactNode {
  const say = useWords(advisoryWords);
  const disseminations = useDisseminations();
  const all = disseminations.data?.disseminations;
  return (
    <Page
      title={say('disseminations')}
      about={
        all === undefined
          ? '···'
          : say('disseminationsAbout', { n: all.length, absent: all.filter(({ proof }) => proof === 'absent').length })
      }
    >
      <SectionViews section="exposure" current="viewDisseminations" />
      <Panel title={say('disseminations')} roomy>
        <Loaded
          query={disseminations}
          what={say('disseminationsObject')}
          isEmpty={(data) => data.disseminations.length === 0}
          empty={<Empty>{say('noDisseminations')}</Empty>}
        >
          {(data) => (
            <ul>
              {data.disseminations.map((one) => (
                <Dissemination key={one.id} kept={one} />
              ))}
            </ul>
          )}
        </Loaded>
      </Panel>
      <Keys />
    </Page>
  );
}

function Dissemination({ kept }: { kept: Kept }): ReactNode {
  const say = useWords(advisoryWords);
  const { id, authority, channel, receivedAt, proof, doubt, fingerprint, readers, sha512, vulnerabilities } = kept;
  return (
    <li className={css['exception']}>
      <p>
        <Chip icon={proof === 'absent' ? 'waiting' : 'done'} tone={proof === 'absent' ? 'attention' : 'plain'}>
          {say(proof)}
        </Chip>{' '}
        <b>{id}</b> <span className="second">{authority}</span>{' '}
        <span className="quiet">
          {say(`channel_${channel}`)} · {say('received')} <Time at={receivedAt} form="day" />
        </span>
      </p>
      <p>{vulnerabilities.join(', ')}</p>
      <p className="second">
        {say('basis')}:{' '}
        {proof === 'proven'
          ? say('signedBy', { key: fingerprint?.slice(-16) ?? '' })
          : proof === 'attested'
            ? say('readBy', { persons: readers.map(({ person }) => person).join(', ') })
            : `${doubt === null ? '' : say(`pd_${doubt}` as 'pd_no-key')} ${say('waitsReader')}`}
      </p>
      <p className="quiet">
        SHA-512 <code className={css['long']}>{sha512.replace('sha512:', '')}</code>
      </p>
      {kept.transcriptsNeeded > 0 && <Attest kept={kept} />}
    </li>
  );
}

/** A second person reads the document itself: the ids are not shown as an answer to copy, but compared when they are sent. */
function Attest({ kept: { id, readers } }: { kept: Kept }): ReactNode {
  const say = useWords(advisoryWords);
  const text = useText();
  const [typed, setTyped] = useState('');
  const person = useSession().data?.person ?? null;
  const attest = useActing('advisory.record', (by) =>
    answer(client.POST('/disseminations/transcripts', { body: { by, id, vulnerabilities: idsIn(typed) } })),
  );
  const isReader = readers.some((reader) => reader.person === person);
  return (
    <div className={css['acts']}>
      <Input
        label={say('vulnerabilities')}
        hint={say('attestAbout')}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
      <Button
        onClick={() => attest.run()}
        disabled={attest.isBusy || idsIn(typed).length === 0}
        reason={isReader ? say('sameReader') : attest.why === null ? null : text(attest.why)}
      >
        {say('attestAct')}
      </Button>
      <Problem error={attest.error} />
    </div>
  );
}

function Keys(): ReactNode {
  const say = useWords(advisoryWords);
  const keys = useQuery({ queryKey: ['authority-keys'], queryFn: () => answer(client.GET('/authorities/keys')) });
  return (
    <Panel title={say('keys')} roomy>
      <Loaded
        query={keys}
        what={say('keysObject')}
        isEmpty={(data) => data.keys.length === 0}
        empty={<Empty>{say('noKeys')}</Empty>}
      >
        {(data) => (
          <Table label={say('keys')} columns={[say('dissemination'), say('digest'), say('received'), '']}>
            {data.keys.map(({ authority, fingerprint, from, until, revokedAt }) => (
              <tr key={fingerprint}>
                <td>{authority}</td>
                <td>
                  <code>{fingerprint}</code>
                </td>
                <td>
                  <Time at={from} form="day" /> – {until === null ? say('keyForever') : <Time at={until} form="day" />}
                </td>
                <td>
                  {revokedAt !== null && (
                    <span className="attention">
                      {say('keyRevoked')} <Time at={revokedAt} form="day" />
                    </span>
                  )}
                </td>
              </tr>
            ))}
          </Table>
        )}
      </Loaded>
    </Panel>
  );
}
