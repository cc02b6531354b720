import type { ReactNode } from 'react';
import { spellWindow, type Lint, type Notice } from '@breakwater/rules/notice';
import { Button, Input, TextArea } from '#parts';
import { useWords } from '#words';
import { Findings } from './Findings.tsx';
import { findingsAt, fromKoreanInput, koreanInput } from './figures.ts';
import { noticeWords } from './words.ts';
import css from './composer.module.css';

type Channel = NonNullable<Notice['fields']['alternativeChannels']>[number];

/** What is announced: the four mandatory contents, and who says it. */
export function Fields({
  document,
  change,
  findings,
}: {
  document: Notice;
  change(changes: Partial<Notice>): void;
  findings: Lint['findings'];
}): ReactNode {
  const say = useWords(noticeWords);
  const { window, fields, services, planServices, serviceNames } = document;
  const put = (changes: Partial<Notice['fields']>): void => change({ fields: { ...fields, ...changes } });
  const channels = fields.alternativeChannels ?? [];
  const putChannel = (at: number, changes: Partial<Channel>): void =>
    put({ alternativeChannels: channels.map((channel, i) => (i === at ? { ...channel, ...changes } : channel)) });
  const move = (edge: 'start' | 'end', text: string): void => {
    const instant = fromKoreanInput(text);
    if (instant === null) return;
    const moved = { ...window, [edge]: instant };
    change({
      window: moved,
      fields: { ...fields, timing: spellWindow(Date.parse(moved.start), Date.parse(moved.end)).ko },
    });
  };
  const offered = [...new Set([...(planServices ?? []), ...services])];
  const choose = (service: string, isChosen: boolean): void => {
    const chosen = offered.filter((one) => (one === service ? isChosen : services.includes(one)));
    const scope = chosen.map((one) => serviceNames?.[one]?.ko ?? one).join(', ');
    change({ services: chosen, fields: { ...fields, scope } });
  };
  const isSeries = document.windows !== null && document.windows !== undefined;
  return (
    <div className={css['stack']}>
      <p className="quiet">{say('fieldsAbout')}</p>
      <div className={css['pair']}>
        {(['start', 'end'] as const).map((edge) => (
          <Input
            key={edge}
            type="datetime-local"
            label={say(edge === 'start' ? 'windowStart' : 'windowEnd')}
            value={koreanInput(window[edge])}
            disabled={isSeries}
            onChange={(event) => move(edge, event.target.value)}
          />
        ))}
      </div>
      <Findings findings={findingsAt(findings, '/window', '/windows')} />
      <Input
        label={say('timing')}
        value={fields.timing ?? ''}
        onChange={(event) => put({ timing: event.target.value })}
      />
      <Findings findings={findingsAt(findings, '/fields/timing')} />
      <fieldset className={css['services']}>
        <legend>{say('services')}</legend>
        {offered.map((service) => (
          <label key={service}>
            <input
              type="checkbox"
              checked={services.includes(service)}
              onChange={(event) => choose(service, event.target.checked)}
            />
            {serviceNames?.[service]?.ko ?? service} <span className="quiet">{service}</span>
          </label>
        ))}
      </fieldset>
      <Findings findings={findingsAt(findings, '/services')} />
      <Input label={say('scope')} value={fields.scope ?? ''} onChange={(event) => put({ scope: event.target.value })} />
      <Findings findings={findingsAt(findings, '/fields/scope')} />
      <TextArea
        label={say('details')}
        rows={2}
        value={fields.details ?? ''}
        onChange={(event) => put({ details: event.target.value })}
      />
      <Findings findings={findingsAt(findings, '/fields/details')} />
      <fieldset className={css['channels']}>
        <legend>{say('channels')}</legend>
        {channels.map((channel, at) => (
          // oxlint-disable-next-line react/no-array-index-key -- channels have no name of their own until one is written
          <div key={at} className={css['channel']}>
            <Input
              label={say('channelName')}
              value={channel.name}
              onChange={(event) => putChannel(at, { name: event.target.value })}
            />
            <Input
              label={say('channelService')}
              value={channel.service}
              onChange={(event) => putChannel(at, { service: event.target.value })}
            />
            <Input
              label={say('channelOpens')}
              value={channel.opens}
              placeholder="00:00"
              onChange={(event) => putChannel(at, { opens: event.target.value })}
            />
            <Input
              label={say('channelCloses')}
              value={channel.closes}
              placeholder="24:00"
              onChange={(event) => putChannel(at, { closes: event.target.value })}
            />
            <Button
              aria-label={say('removeChannel', { name: channel.name })}
              onClick={() => put({ alternativeChannels: channels.filter((_, i) => i !== at) })}
            >
              ×
            </Button>
          </div>
        ))}
        <Findings findings={findingsAt(findings, '/fields/alternativeChannels')} />
        <Button
          onClick={() =>
            put({ alternativeChannels: [...channels, { name: '', service: '', opens: '00:00', closes: '24:00' }] })
          }
        >
          {say('addChannel')}
        </Button>
      </fieldset>
      <div className={css['pair']}>
        <Input
          label={say('sender')}
          inputMode="tel"
          value={document.sender ?? ''}
          onChange={(event) => change({ sender: event.target.value })}
        />
        <Input
          label={say('phone')}
          inputMode="tel"
          value={document.company?.phone ?? ''}
          onChange={(event) => change({ company: { ...document.company, phone: event.target.value } })}
        />
      </div>
      <Findings findings={findingsAt(findings, '/sender', '/company')} />
    </div>
  );
}
