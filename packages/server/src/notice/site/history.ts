/** The versions of a notice, and what customers read differently in each. */
import { noticeChanges, spellInstant, textChanges, type NoticeChange } from '@breakwater/rules/notice';
import { html, type Html } from './html.ts';
import type { PublishedNotice } from './published.ts';
import { words, type Language } from './words.ts';

/**
 * All versions, newest first, each with its changes to the one before. `shown` is the version of the page; `root` leads from
 * the page to the folder of the work.
 */
export function history(
  versions: readonly PublishedNotice[],
  shown: PublishedNotice,
  root: string,
  language: Language,
): Html {
  const word = words[language];
  return html`<section class="o5" id="versions">
    <h2>${word.history}</h2>
    <ol class="v" reversed>
      ${versions.toReversed().map((version) => {
        const before = versions.find((one) => one.version === version.version - 1);
        const isShown = version.version === shown.version;
        const name = html`${word.versionName(version.version)} · ${word.kind[version.document.kind]}`;
        return html`<li${isShown ? html` class="c" aria-current="true"` : null}>
          ${isShown ? html`<b>${name}</b>` : html`<b><a href="${root}v/${version.version}/">${name}</a></b>`}
          <span class="m">${spellInstant(version.at)[language]}${isShown ? ` · ${word.current}` : ''}</span>
          ${before === undefined ? null : changesOf(before, version, language)}
        </li>`;
      })}
    </ol>
  </section>`;
}

/**
 * Part by part, word by word. Read aloud, what went and what came is said. The text around the facts is worded anew in each kind
 * of notice, so it is folded away; the text message says the same in short.
 */
function changesOf(before: PublishedNotice, after: PublishedNotice, language: Language): Html | null {
  const word = words[language];
  const read = noticeChanges(before.document, after.document, language).filter(({ part }) => part !== 'sms');
  const facts = read.filter(({ part }) => part !== 'website');
  const wording = read.find(({ part }) => part === 'website');
  if (read.length === 0) return null;
  return html`<div class="diff">
    ${
      facts.length === 0
        ? html`<p class="m">${word.sameFacts}</p>`
        : html`<dl>
            ${facts.map(
              (change) =>
                html`<div>
                  <dt>${word.part[change.part]}</dt>
                  <dd>${changed(change, language)}</dd>
                </div>`,
            )}
          </dl>`
    }
    ${
      wording === undefined
        ? null
        : html`<details>
            <summary>${word.wording}</summary>
            <p>${changed(wording, language)}</p>
          </details>`
    }
  </div>`;
}

function changed({ before, after }: NoticeChange, language: Language): Html[] {
  const { removed, added } = words[language];
  return textChanges(before ?? '', after ?? '').map(({ kind, text }) => {
    if (kind === 'same' || text.trim() === '') return html`${text}`;
    return kind === 'removed'
      ? html`<del><span class="sr">[${removed}] </span>${text}</del> `
      : html`<ins><span class="sr">[${added}] </span>${text}</ins>`;
  });
}
