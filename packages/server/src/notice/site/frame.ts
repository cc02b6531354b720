/** The frame of every public page. */
import { spellDate, spellInstant } from '@breakwater/rules/notice';
import { html, type Html } from './html.ts';
import { words, type Language } from './words.ts';

/** What stands around the content of a page. */
export type Frame = {
  title: string;
  language: Language;
  body: Html;
  /** The same page in the other language. */
  other: string;
  /** From the page to the root of the site, with a slash at the end. */
  root: string;
  company: string;
  phone: string;
  /** Fingerprint of the notice that is shown, and the file it is of; null = none is. */
  proof: { digest: string; document: string } | null;
  now: number;
};

/** A whole page of the public site. It needs no script and no other file but the style sheet. */
export function sitePage({ title, language, body, other, root, company, phone, proof, now }: Frame): string {
  const word = words[language];
  const made = spellInstant(now)[language];
  const languages = (['ko', 'en'] as const).map((one) => {
    const name = one === 'ko' ? '한국어' : 'English';
    return one === language
      ? html`<a href="#main" lang="${one}" aria-current="true">${name}</a>`
      : html`<a href="${other}" lang="${one}" hreflang="${one}">${name}</a>`;
  });
  return html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width,initial-scale=1" />
        <title>${title}${company === '' ? '' : ` | ${company}`}</title>
        <link rel="stylesheet" href="${root}style.css" />
        <link rel="alternate" type="application/atom+xml" title="Atom" href="${root}${language}/feed.xml" />
        <link rel="alternate" type="application/feed+json" title="JSON Feed" href="${root}${language}/feed.json" />
      </head>
      <body>
        <a class="skip" href="#main">${word.skip}</a>
        <header class="top">
          <div class="w">
            <a class="home" href="${root}${language}/"><b>${company === '' ? word.list : company}</b></a>
            <nav class="site" aria-label="${word.site}">
              <a href="${root}${language}/">${word.list}</a> <a href="${root}${language}/status/">${word.status}</a>
            </nav>
            <nav class="lang" aria-label="${word.language}">${languages}</nav>
          </div>
        </header>
        <main>${body}</main>
        <footer>
          <div class="w">
            <p>
              ${company === '' ? null : html`${company} `}${word.service}
              ${phone}${
                proof === null
                  ? null
                  : html` · ${word.fingerprint}
                      <a href="${proof.document}" class="np"><code>${short(proof.digest)}</code></a
                      ><code class="po">${short(proof.digest)}</code>
                      <a class="np" href="${root}${language}/proof/">${word.proof}</a>`
              }
            </p>
            <p>
              <time datetime="${new Date(now).toISOString()}"
                >${spellDate(now)[language]} ${made.replace(/^.*?(\d\d:\d\d)/, '$1')}</time
              >
              ${word.made}
            </p>
            <p>${word.privacy}</p>
          </div>
        </footer>
      </body>
    </html> `.text;
}

function short(digest: string): string {
  return digest
    .replace('sha256:', '')
    .slice(0, 16)
    .replace(/(.{4})(?=.)/g, '$1 ');
}
