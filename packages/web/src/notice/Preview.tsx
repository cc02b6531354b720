import { useState, type ReactNode } from 'react';
import type { Notice } from '@breakwater/rules/notice';
import { useWords } from '#words';
import { noticeWords } from './words.ts';
import css from './preview.module.css';

/** How customers will read it: on a phone, and on the website in either language. */
export function Preview({ document }: { document: Notice }): ReactNode {
  const say = useWords(noticeWords);
  const [language, setLanguage] = useState<'ko' | 'en'>('ko');
  const { texts, title, fields, sender, company } = document;
  const bank = company?.name?.[language] ?? '';
  const facts = [
    [say('when'), fields.timing],
    [say('scopeShort'), fields.scope],
    [say('what'), fields.details],
    [
      say('instead'),
      (fields.alternativeChannels ?? []).map(({ name, opens, closes }) => `${name} ${opens}–${closes}`).join(', '),
    ],
  ] as const;
  return (
    <div className={css['preview']}>
      <section aria-label={say('previewPhone')}>
        <h3 className="quiet">{say('previewPhone')}</h3>
        <div className={css['phone']} lang="ko">
          <p className={css['from']}>{sender ?? ''}</p>
          <p className={css['bubble']}>
            {say('webOrigin')}
            {'\n'}
            {texts.sms ?? ''}
          </p>
        </div>
      </section>
      <section aria-label={say('previewSite')}>
        <h3 className="quiet">
          {say('previewSite')}{' '}
          <span className={css['languages']}>
            {(['ko', 'en'] as const).map((one) => (
              <button key={one} type="button" aria-pressed={one === language} onClick={() => setLanguage(one)}>
                {say(one === 'ko' ? 'previewSiteKo' : 'previewSiteEn')}
              </button>
            ))}
          </span>
        </h3>
        <div className={css['site']} lang={language}>
          <p className={css['bank']}>{bank}</p>
          <p className={css['title']}>{title?.[language] ?? ''}</p>
          {language === 'ko' && (
            <dl>
              {facts.map(([label, value]) => (
                <div key={label}>
                  <dt>{label}</dt>
                  <dd>{value ?? ''}</dd>
                </div>
              ))}
            </dl>
          )}
          <p className={css['body']}>{texts.website?.[language] ?? ''}</p>
        </div>
      </section>
    </div>
  );
}
