import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useId, useState, type FormEvent, type ReactNode } from 'react';
import { ServerError, type Schemas } from '@breakwater/client/browser';
import { answer, client, makePasskey, passkeysWork, useMay, useOwnKey, useSession } from '#api';
import { Button, Empty, Fact, Facts, Loaded, Panel, Time } from '#parts';
import { Page, paths } from '#shell';
import { dayTime, useLanguage, useText, useWords } from '#words';
import { roles } from '@breakwater/rules/authority';
import { enrolProposal, proposeOwn } from './enrol.ts';
import { authWords } from './words.ts';
import css from './account.module.css';

/** Who is signed in, the passkeys of that person, and the keys of others that wait for them. */
export function AccountPage(): ReactNode {
  const say = useWords(authWords);
  const session = useSession();
  const person = session.data?.person ?? null;
  return (
    <Page title={say('account')}>
      <Panel title={say('account')} roomy>
        <Loaded
          query={session}
          what={say('sessionObject')}
          isEmpty={(data) => data.person === null}
          empty={<Empty action={<a href={paths.signIn()}>{say('title')}</a>}>{say('nobody')}</Empty>}
        >
          {(data) => <Who session={data} />}
        </Loaded>
      </Panel>
      {person !== null && session.data !== undefined && (
        <>
          <Passkeys session={session.data} person={person} />
          <Waiting person={person} />
        </>
      )}
    </Page>
  );
}

function Who({ session }: { session: Schemas['Session'] }): ReactNode {
  const say = useWords(authWords);
  const text = useText();
  const end = useMutation({
    mutationFn: () => answer(client.POST('/session/end')),
    onSuccess: () => location.replace(paths.signIn()),
  });
  return (
    <>
      <Facts>
        <Fact label={say('person')}>
          <b>{session.person}</b> {session.name}
        </Fact>
        <Fact label={say('roles')}>
          {session.roles.length === 0 ? say('noRoles') : session.roles.map((role) => text(roles[role])).join(', ')}
        </Fact>
        {session.session !== null && (
          <>
            <Fact label={say('since')}>
              <Time at={session.session.beganAt} form="day" /> <span className="quiet">{session.session.method}</span>
            </Fact>
            <Fact label={say('ends')}>
              <Time at={session.session.expiresAt} form="day" />
            </Fact>
          </>
        )}
      </Facts>
      <div className={css['act']}>
        <Button onClick={() => end.mutate()}>{say('signOut')}</Button>
        <Failed error={end.error} />
      </div>
    </>
  );
}

function Failed({ error }: { error: Error | null }): ReactNode {
  const say = useWords(authWords);
  const language = useLanguage();
  if (error === null) return null;
  return (
    <span role="alert" className="attention">
      {say('notDone', { why: error instanceof ServerError ? error.say(language) : error.message })}
    </span>
  );
}

function Passkeys({ session, person }: { session: Schemas['Session']; person: string }): ReactNode {
  const say = useWords(authWords);
  const text = useText();
  const language = useLanguage();
  const label = useId();
  const queries = useQueryClient();
  const denied = useMay()('passkey.register');
  const passkeys = useQuery({
    queryKey: ['passkeys', person],
    queryFn: () => answer(client.GET('/passkeys')),
  });
  const register = useMutation({
    mutationFn: async (name: string) => {
      const options = await answer(client.POST('/passkeys/options'));
      const response = await makePasskey(options);
      return answer(client.POST('/passkeys', { body: { label: name, response: response as never } }));
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: ['passkeys'] }),
  });
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const name = new FormData(event.currentTarget).get('label');
    register.mutate(typeof name === 'string' && name.trim() !== '' ? name.trim() : say('labelDefault'));
  };
  const reason = !passkeysWork()
    ? say('noPasskeys')
    : denied !== null
      ? text(denied)
      : register.isPending
        ? say('asking')
        : null;
  return (
    <Panel title={say('passkeys')} roomy>
      <Loaded
        query={passkeys}
        what={say('passkeysObject')}
        isEmpty={(data) => data.passkeys.length === 0}
        empty={<Empty>{say('noPasskey')}</Empty>}
      >
        {(data) => (
          <ul>
            {data.passkeys.map((passkey) => (
              <li key={passkey.credential} className={css['row']}>
                <div>
                  <b>{passkey.label}</b>{' '}
                  <span className="quiet">{say('registeredAt', { at: dayTime(passkey.registeredAt, language) })}</span>
                  <code className={css['hash']}>{passkey.key}</code>
                </div>
                <Signing session={session} passkey={passkey} />
              </li>
            ))}
          </ul>
        )}
      </Loaded>
      <form className={css['act']} onSubmit={submit}>
        <label htmlFor={label} className="quiet">
          {say('label')}
        </label>
        <input id={label} name="label" maxLength={64} defaultValue={say('labelDefault')} />
        <Button type="submit" reason={reason}>
          {say('register')}
        </Button>
        <Failed error={register.error} />
      </form>
    </Panel>
  );
}

/** Whether a passkey signs: enrolled, waiting, or to be asked for. */
function Signing({ session, passkey }: { session: Schemas['Session']; passkey: Schemas['Passkey'] }): ReactNode {
  const say = useWords(authWords);
  const text = useText();
  const queries = useQueryClient();
  const [by, role] = [useId(), useId()];
  const keys = useQuery({ queryKey: ['keys'], queryFn: () => answer(client.GET('/keys')) });
  const proposals = useProposals();
  const propose = useMutation({
    mutationFn: ({ person, as }: { person: string; as: string }) => proposeOwn(session, passkey, person, as),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['proposals'] }),
  });
  const [shown, setShown] = useState(false);
  if (passkey.synced) return <span className="second">{say('synced')}</span>;
  if (keys.data?.keys.some(({ key, revokedAt }) => key === passkey.key && revokedAt === null)) {
    return <span>{say('enrolled')}</span>;
  }
  const waiting = proposals.data?.proposals.find(({ statement }) => statement.publicKey === passkey.publicKey);
  if (waiting !== undefined)
    return <span className="second">{say('proposed', { by: waiting.statement.enrolledBy })}</span>;
  if (!shown) return <Button onClick={() => setShown(true)}>{say('propose')}</Button>;
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const [person, as] = ['by', 'role'].map((name) => new FormData(event.currentTarget).get(name));
    if (typeof person === 'string' && typeof as === 'string') propose.mutate({ person, as });
  };
  return (
    <form className={css['propose']} onSubmit={submit}>
      <p className="quiet">{say('proposeAbout')}</p>
      <label htmlFor={role} className="quiet">
        {say('role')}
      </label>
      <select id={role} name="role">
        {session.roles.map((name) => (
          <option key={name} value={name}>
            {text(roles[name])}
          </option>
        ))}
      </select>
      <label htmlFor={by} className="quiet">
        {say('byWhom')}
      </label>
      <input id={by} name="by" required placeholder="p-21" />
      <Button type="submit" reason={propose.isPending ? say('asking') : null}>
        {say('propose')}
      </Button>
      <Failed error={propose.error} />
    </form>
  );
}

function useProposals() {
  return useQuery({ queryKey: ['proposals'], queryFn: () => answer(client.GET('/keys/proposals')) });
}

/** Keys of others whose proposal names the reader: they vouch for who holds them. */
function Waiting({ person }: { person: string }): ReactNode {
  const say = useWords(authWords);
  const proposals = useProposals();
  const own = useOwnKey();
  const queries = useQueryClient();
  const enrol = useMutation({
    mutationFn: async (proposal: Schemas['KeyProposal']) => {
      if (own === null || own === undefined) throw new Error(say('needOwnKey'));
      await enrolProposal(own, proposal);
    },
    async onSuccess() {
      await queries.invalidateQueries({ queryKey: ['proposals'] });
      await queries.invalidateQueries({ queryKey: ['keys'] });
    },
  });
  const mine = (all: readonly Schemas['KeyProposal'][]): Schemas['KeyProposal'][] =>
    all.filter(({ statement }) => statement.enrolledBy === person);
  return (
    <Panel title={say('waiting')} roomy>
      <Loaded
        query={proposals}
        what={say('waitingObject')}
        isEmpty={(data) => mine(data.proposals).length === 0}
        empty={<Empty>{say('noWaiting')}</Empty>}
      >
        {(data) => (
          <ul>
            {mine(data.proposals).map((proposal) => (
              <li key={proposal.statement.publicKey} className={css['row']}>
                <div>
                  <b>{say('enrolAbout', { person: proposal.statement.person, role: proposal.statement.role })}</b>{' '}
                  <Time at={proposal.proposedAt} form="day" />
                  <code className={css['hash']}>{proposal.statement.publicKey.split('\n')[1]}</code>
                </div>
                <Button
                  reason={own === null ? say('needOwnKey') : enrol.isPending ? say('asking') : null}
                  onClick={() => enrol.mutate(proposal)}
                >
                  {say('enrol')}
                </Button>
              </li>
            ))}
          </ul>
        )}
      </Loaded>
      <Failed error={enrol.error} />
    </Panel>
  );
}
