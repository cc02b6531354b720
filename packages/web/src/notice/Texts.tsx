import type { ReactNode } from 'react';
import {
  fixMessage,
  longestMessage,
  messageBytes,
  messageType,
  webOriginBytes,
  type Lint,
  type Notice,
} from '@breakwater/rules/notice';
import { Button, Input, TextArea } from '#parts';
import { count, useWords } from '#words';
import { Findings } from './Findings.tsx';
import { findingsAt } from './figures.ts';
import { noticeWords } from './words.ts';
import css from './composer.module.css';

/** The texts, each with what the lint says of it in the margin, and mends of one press. */
export function Texts({
  document,
  change,
  lint,
}: {
  document: Notice;
  change(changes: Partial<Notice>): void;
  lint: Lint;
}): ReactNode {
  const say = useWords(noticeWords);
  const { texts, title } = document;
  const website = texts.website ?? {};
  const sms = texts.sms ?? '';
  return (
    <div className={css['texts']}>
      <div className={css['pair']}>
        <Input
          label={say('titleKo')}
          value={title?.ko ?? ''}
          onChange={(event) => change({ title: { ...title, ko: event.target.value } })}
        />
        <Input
          label={say('titleEn')}
          lang="en"
          value={title?.en ?? ''}
          onChange={(event) => change({ title: { ...title, en: event.target.value } })}
        />
      </div>
      <Findings findings={findingsAt(lint.findings, '/title')} />
      <TextArea
        label={say('smsText')}
        lang="ko"
        rows={9}
        value={sms}
        onChange={(event) => change({ texts: { ...texts, sms: event.target.value } })}
      />
      <ByteMeter text={sms} />
      <Fixes text={sms} put={(mended) => change({ texts: { ...texts, sms: mended } })} />
      <Findings findings={findingsAt(lint.findings, '/texts/sms')} />
      {(['ko', 'en'] as const).map((language) => (
        <div key={language} className={css['text']}>
          <TextArea
            label={say(language === 'ko' ? 'websiteKo' : 'websiteEn')}
            lang={language}
            rows={5}
            value={website[language] ?? ''}
            onChange={(event) =>
              change({ texts: { ...texts, website: { ...website, [language]: event.target.value } } })
            }
          />
          <Findings findings={findingsAt(lint.findings, `/texts/website/${language}`)} />
        </div>
      ))}
      {findingsAt(lint.findings, '/texts/website').length >
        findingsAt(lint.findings, '/texts/website/ko', '/texts/website/en').length && (
        <Findings findings={lint.findings.filter(({ path }) => path === '/texts/website')} />
      )}
    </div>
  );
}

/** Bytes of a text message in EUC-KR, against what an SMS and an LMS may hold. */
function ByteMeter({ text }: { text: string }): ReactNode {
  const say = useWords(noticeWords);
  const bytes = messageBytes(text) + webOriginBytes;
  const type = messageType(text);
  const most = longestMessage[type];
  const isOver = bytes > longestMessage.LMS;
  const share = (value: number): string => `${Math.min(100, (value / longestMessage.LMS) * 100)}%`;
  return (
    <div className={css['meter']}>
      <svg aria-hidden="true">
        <rect className={css['track']} width="100%" height="8" rx="2" />
        <rect className={isOver ? css['over'] : css['used']} width={share(bytes)} height="8" rx="2" />
        <rect className={css['tick']} x={share(longestMessage.SMS)} width="2" height="8" />
      </svg>
      <p>
        <b className={isOver ? 'crossed' : ''}>{say('bytes', { bytes: count(bytes), most: count(most) })}</b>{' '}
        <span className="quiet">{say('bytesAbout', { type })}</span>
      </p>
    </div>
  );
}

function Fixes({ text, put }: { text: string; put(mended: string): void }): ReactNode {
  const say = useWords(noticeWords);
  const { text: mended, fixes } = fixMessage(text);
  if (fixes.length === 0) return null;
  return (
    <p className={css['fixes']}>
      <Button onClick={() => put(mended)}>
        {say('fixAll', { n: fixes.reduce((sum, { count: times }) => sum + times, 0) })}
      </Button>
      {fixes.map(({ from, to }) => (
        <code key={from}>{say('fixOne', { from, to: to === '' ? say('fixGone') : to })}</code>
      ))}
    </p>
  );
}
