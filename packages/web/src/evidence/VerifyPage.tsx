import { useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { useId, type FormEvent, type ReactNode } from 'react';
import type { Verification } from '@breakwater/verify/browser';
import { answer, client } from '#api';
import { Button, Empty, Icon, Loaded, Notice, Panel, Time, buttonClass } from '#parts';
import { Page, paths } from '#shell';
import { count, useWords } from '#words';
import { EvidenceTabs } from './EvidencePage.tsx';
import { useVerification, type VerificationState } from './use-verification.ts';
import type { VerifyRequest } from './verify-worker.ts';
import { evidenceWords } from './words.ts';
import css from './verify.module.css';

/** Verifies a dossier in this browser: one of this server, or a file that somebody brought. */
export function VerifyPage(): ReactNode {
  const say = useWords(evidenceWords);
  const { run } = useSearch({ strict: false }) as { run?: string };
  const { state, verify } = useVerification();
  return (
    <Page title={say('verify')}>
      <EvidenceTabs current="verify" />
      {run !== undefined && <OfRun run={run} verify={verify} />}
      <Brought verify={verify} />
      <Outcome state={state} />
    </Page>
  );
}

function OfRun({ run, verify }: { run: string; verify(request: Promise<VerifyRequest>): void }): ReactNode {
  const say = useWords(evidenceWords);
  const dossiers = useQuery({
    queryKey: ['run', run, 'dossiers'],
    queryFn: () => answer(client.GET('/runs/{run}/dossiers', { params: { path: { run } } })),
  });
  return (
    <Panel title={say('ofRun')} about={<a href={paths.run(run)}>{say('ofRunAbout', { run })}</a>} roomy>
      <Loaded
        query={dossiers}
        what={say('dossiersObject')}
        isEmpty={(data) => data.dossiers.length === 0}
        empty={<Empty>{say('noDossiers')}</Empty>}
      >
        {(data) => (
          <>
            <ul>
              {data.dossiers.toReversed().map(({ manifest, sealedAt, firstIndex, endIndex }) => (
                <li key={manifest} className={css['dossier']}>
                  <div>
                    <Time at={sealedAt} form="day" />{' '}
                    <span className="quiet">
                      {say('indexRange', { first: count(firstIndex), end: count(endIndex - 1) })}
                    </span>
                    <code className={css['hash']}>{manifest}</code>
                  </div>
                  <a className={buttonClass()} href={`/v1/dossiers/${manifest}`} download>
                    {say('download')}
                  </a>
                  <Button primary onClick={() => verify(ownDossier(run, manifest))}>
                    {say('verifyThis')}
                  </Button>
                </li>
              ))}
            </ul>
            <p className={`${css['about']} quiet`}>{say('trustOurs')}</p>
          </>
        )}
      </Loaded>
    </Panel>
  );
}

/** A dossier of this server with what the server says that it is verified by. */
async function ownDossier(run: string, manifest: string): Promise<VerifyRequest> {
  const params = { path: { run } };
  const { policy, keys } = await answer(client.GET('/runs/{run}/trust', { params }));
  const { data } = await client.GET('/dossiers/{manifest}', {
    params: { path: { manifest } },
    parseAs: 'arrayBuffer',
  });
  return { bytes: new Uint8Array(data as unknown as ArrayBuffer), trust: { policy, keys: JSON.stringify(keys) } };
}

function Brought({ verify }: { verify(request: Promise<VerifyRequest>): void }): ReactNode {
  const say = useWords(evidenceWords);
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    verify(readFiles(new FormData(event.currentTarget)));
  };
  return (
    <Panel title={say('verify')} about={say('chooseAbout')} roomy>
      <form className={css['files']} onSubmit={submit}>
        <FileField name="dossier" label={say('chooseDossier')} accept=".zip,application/zip" required />
        <FileField name="policy" label={say('choosePolicy')} />
        <FileField name="keys" label={say('chooseKeys')} accept=".json,application/json" />
        <Button type="submit">{say('verifyThis')}</Button>
      </form>
    </Panel>
  );
}

function FileField(props: { name: string; label: string; accept?: string; required?: boolean }): ReactNode {
  const id = useId();
  const { label, ...input } = props;
  return (
    <div className={css['file']}>
      <label htmlFor={id} className="quiet">
        {label}
      </label>
      <input id={id} type="file" {...input} />
    </div>
  );
}

async function readFiles(form: FormData): Promise<VerifyRequest> {
  const bytesOf = async (name: string): Promise<Uint8Array | null> => {
    const file = form.get(name);
    return file instanceof File && file.size > 0 ? new Uint8Array(await file.arrayBuffer()) : null;
  };
  const bytes = (await bytesOf('dossier')) ?? new Uint8Array();
  return { bytes, trust: { policy: await bytesOf('policy'), keys: await bytesOf('keys') } };
}

function Outcome({ state }: { state: VerificationState }): ReactNode {
  const say = useWords(evidenceWords);
  switch (state.is) {
    case 'none':
      return null;
    case 'going':
      return <p role="status">{say('verifying')}</p>;
    case 'broken':
      return <Notice icon="attention" title={say('verifyBroken', { why: state.why })} alert />;
    case 'done':
      return <Checks verification={state.verification} />;
  }
}

const verdicts = { passed: 'verified', failed: 'failed', incomplete: 'incomplete' } as const;
const icons = { passed: 'done', failed: 'failed', 'not-checked': 'unknown' } as const;
const inks = { passed: '', failed: 'crossed', 'not-checked': 'attention' } as const;
/** Failed first: whoever looks must not search for it. */
const order = { failed: 0, 'not-checked': 1, passed: 2 } as const;

function Checks({ verification: { result, checks } }: { verification: Verification }): ReactNode {
  const say = useWords(evidenceWords);
  const n = (of: 'passed' | 'failed' | 'not-checked'): number => checks.filter((one) => one.result === of).length;
  return (
    <Panel
      title={<span role="status">{say(verdicts[result])}</span>}
      about={say('resultOf', { passed: n('passed'), failed: n('failed'), open: n('not-checked') })}
      roomy
    >
      <ul>
        {checks
          .toSorted((a, b) => order[a.result] - order[b.result])
          .map(({ id, subject, result: one, detail }) => (
            <li key={`${id} ${subject} ${detail}`} className={css['check']}>
              <span className={inks[one]}>
                <Icon name={icons[one]} size={14} /> {say(`check-${one}`)}
              </span>
              <span>{say(`c-${id}`)}</span>
              <span>
                <code className={css['hash']}>{subject}</code>
                <span className="quiet" lang="en">
                  {detail}
                </span>
              </span>
            </li>
          ))}
      </ul>
    </Panel>
  );
}
