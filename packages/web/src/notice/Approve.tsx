import { useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { noticeDigest, type Notice } from '@breakwater/rules/notice';
import { answer, client, freshNonce, signStatement, useActing, useOwnKey, useSession } from '#api';
import { Button, Icon, Input, Loaded, Panel, Problem } from '#parts';
import { useText, useWords } from '#words';
import { useDrafts } from './queries.ts';
import { noticeWords } from './words.ts';
import css from './notice.module.css';

/** Who approved this very text, and the press that publishes and sends it. */
export function Approve({
  id,
  plan,
  document,
  author,
  isPublished,
}: {
  id: string;
  plan: string;
  document: Notice;
  author: string;
  isPublished: boolean;
}): ReactNode {
  const say = useWords(noticeWords);
  const approval = useQuery({
    queryKey: ['approval', id],
    queryFn: () => answer(client.GET('/notices/{id}/approval', { params: { path: { id } } })),
    refetchInterval: 5_000,
  });
  return (
    <>
      <Panel title={say('approval')} roomy>
        <Loaded query={approval} what={say('approval')}>
          {({ needed, approved, persons, document: digest }) => (
            <div className={css['stack']}>
              <p>
                {needed === 0 ? (
                  say('approvalNone')
                ) : approved ? (
                  <>
                    <Icon name="done" size={14} /> {say('approvalDone', { persons: persons.join(', ') })}
                  </>
                ) : (
                  say('approvalWaits', { needed, have: persons.length })
                )}
              </p>
              {needed > 0 && !approved && !isPublished && <Decide id={id} digest={digest} author={author} />}
            </div>
          )}
        </Loaded>
      </Panel>
      {!isPublished && (
        <Announce
          id={id}
          plan={plan}
          document={document}
          isApproved={approval.data === undefined || approval.data.needed === 0 || approval.data.approved}
        />
      )}
    </>
  );
}

/** A signed decision about this very text: the passkey signs its hash, of which people compare a short code. */
function Decide({ id, digest, author }: { id: string; digest: string; author: string }): ReactNode {
  const say = useWords(noticeWords);
  const text = useText();
  const [waiver, setWaiver] = useState('');
  const person = useSession().data?.person ?? null;
  const signer = useOwnKey();
  const decide = useActing<'approve' | 'return'>('notice.decide', async (by, decision) => {
    if (signer === undefined || signer === null) throw new Error(say('noPasskey'));
    const statement = {
      schema: 'breakwater.notice-decision/1' as const,
      notice: id,
      digest,
      decision,
      waiver: waiver.trim() === '' ? null : waiver,
      person: by,
      role: signer.role,
      at: new Date().toISOString(),
      nonce: freshNonce(),
    };
    const signature = await signStatement(statement, signer.passkeys);
    return answer(client.POST('/notices/decisions', { body: { ...statement, ...signature } }));
  });
  const why =
    person === author
      ? say('notByAuthor')
      : decide.why !== null
        ? text(decide.why)
        : signer === null
          ? say('noPasskey')
          : null;
  const needsWaiver = (decide.error as { code?: string } | null)?.code === 'refused.notice-waiver-needed';
  return (
    <>
      <p>
        <span className="quiet">{say('approvalCode')}</span>
        <br />
        <b className={css['code']}>{digest.slice('sha256:'.length, 'sha256:'.length + 8)}</b>
        <br />
        <span className="quiet">{say('approvalCodeAbout')}</span>
      </p>
      {needsWaiver && (
        <Input label={say('waiver')} value={waiver} onChange={(event) => setWaiver(event.target.value)} />
      )}
      <Button primary onClick={() => decide.run('approve')} disabled={decide.isBusy} reason={why}>
        {say('approve')}
      </Button>
      <Button onClick={() => decide.run('return')} disabled={decide.isBusy || why !== null}>
        {say('return')}
      </Button>
      <Problem error={decide.error} />
    </>
  );
}

/** One press: on the website, and by text message where it must be told again. */
function Announce({
  id,
  plan,
  document,
  isApproved,
}: {
  id: string;
  plan: string;
  document: Notice;
  isApproved: boolean;
}): ReactNode {
  const say = useWords(noticeWords);
  const text = useText();
  const [wake, setWake] = useState('');
  const drafts = useDrafts();
  const digest = noticeDigest(document);
  // The draft that this text comes from ends with it.
  const draft = drafts.data?.drafts.find((one) => one.plan === plan && noticeDigest(one.document) === digest);
  const announce = useActing('notice.send', (by) =>
    answer(
      client.POST('/notices/{id}/announce', {
        params: { path: { id: draft?.draft ?? id } },
        body: { by, ...(wake.trim() === '' ? {} : { wake }) },
      }),
    ),
  );
  const isQuiet = (announce.error as { code?: string } | null)?.code === 'refused.notice-quiet-hours';
  return (
    <Panel title={say('announce')} roomy>
      <div className={css['stack']}>
        <p className="quiet">{say('announceAbout')}</p>
        {isQuiet && (
          <Input
            label={say('wake')}
            hint={say('wakeAbout')}
            value={wake}
            onChange={(event) => setWake(event.target.value)}
          />
        )}
        <Button
          primary={isApproved}
          onClick={() => announce.run()}
          disabled={announce.isBusy}
          reason={announce.why !== null ? text(announce.why) : isApproved ? null : say('approveFirst')}
        >
          {say('sendNow')}
        </Button>
        <Problem error={announce.error} />
      </div>
    </Panel>
  );
}
