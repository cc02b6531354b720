import { noticeChanges, spellInstant, spellPhone, spellWindow, type Notice } from '@breakwater/rules/notice';
import { html, type Html } from './html.ts';
import { sitePage } from './frame.ts';
import { words, type Language, type Phase } from './words.ts';

/** A notice as the site shows it. `plan` names its work, `at` = epoch ms of its first publication. */
export type PublishedNotice = { id: string; plan: string; document: Notice; digest: string; at: number };

/** Where a page stands, relative to the root of the site. */
export function pagePath(language: Language, id: string): string {
  return `${language}/notices/${id}/`;
}

/** What the page of a notice says about the work at `now`. */
export function phaseOf({ window }: Notice, now: number): Phase {
  if (now < Date.parse(window.start)) return 'scheduled';
  return now < Date.parse(window.end) ? 'under-way' : 'over';
}

/**
 * The page of a notice in one language, made at `now`. `versions` are all notices of the same work, oldest first, the
 * shown one among them. The page needs no server, no script and no other file but the style sheet.
 */
export function noticePage(
  shown: PublishedNotice,
  versions: readonly PublishedNotice[],
  language: Language,
  now: number,
): string {
  const { document, id } = shown;
  const word = words[language];
  const phone = spellPhone(document.company?.phone ?? '');
  const title = titleOf(document, language);
  const [start, end] = [Date.parse(document.window.start), Date.parse(document.window.end)];
  const window = spellWindow(start, end, { year: true })[language].replace(/ ([~-]) /, '\u00a0$1\u00a0');
  const scope = document.services.map((service) => nameOf(document, service, language)).join(', ');
  const details = language === 'ko' ? (document.fields.details ?? '') : (document.texts.website?.en ?? '');
  const number = versions.findIndex((version) => version.id === id) + 1;
  const before = versions[number - 2];
  const body = html`<article class="w" id="main" tabindex="-1">
    <p class="kind">
      ${word.work[document.work]} · ${word.kind[document.kind]} ·
      ${language === 'ko' ? `${number}판` : `version ${number}`}
    </p>
    <h1>${title}</h1>
    ${status(document, language, now)}
    <div class="g">
      <div class="main">
        <section class="o1">
          <h2>${word.whenAndWhat}</h2>
          <dl class="k">
            <dt>${word.timing}</dt>
            <dd>
              <b><time datetime="${document.window.start}/${document.window.end}">${window}</time></b
              ><br /><span class="m">${word.timingNote}</span>
            </dd>
            <dt>${word.scope}</dt>
            <dd>${language === 'ko' ? (document.fields.scope ?? scope) : scope}</dd>
            <dt>${word.details}</dt>
            <dd>${details}</dd>
          </dl>
          ${language === 'ko' ? html`<p class="lead">${document.texts.website?.ko ?? ''}</p>` : null}
        </section>
        <section class="o2">
          <h2>${word.affected}</h2>
          <ul class="svc">
            ${document.services.map(
              (service) =>
                html`<li>
                  <span>${nameOf(document, service, language)}</span
                  ><span class="tag x">${square}${word.suspended}</span>
                </li>`,
            )}
          </ul>
        </section>
        <section class="o3" id="alternatives">
          <h2>${word.alternatives}</h2>
          <ul class="alt">
            ${(document.fields.alternativeChannels ?? []).map(
              ({ name, opens, closes }) =>
                html`<li>
                  <b>${name}</b
                  ><span class="m"
                    >${opens === '00:00' && closes === '24:00' ? word.always : `${opens} ~ ${closes}`}</span
                  >
                </li>`,
            )}
          </ul>
        </section>
        <section class="o5">
          <h2>${word.history}</h2>
          <ul class="v">
            ${versions.toReversed().map((version, i) => versionLine(version, versions.length - i, id, language))}
          </ul>
          ${before === undefined ? null : changesOf(before.document, document, language)}
        </section>
      </div>
      <div class="side">
        <section class="o4 box">
          <h2>${word.claim}</h2>
          <p>${word.claimText}</p>
          <p><a class="item" href="../../claim/">${word.claimForm}</a></p>
          <p class="m">${word.byPhone}: ${phone}</p>
        </section>
        <section class="o6">
          <h2>${word.warning}</h2>
          <p>${word.warningText}</p>
        </section>
      </div>
    </div>
  </article>`;
  return sitePage({
    title,
    language,
    body,
    other: `../../../${pagePath(language === 'ko' ? 'en' : 'ko', id)}`,
    root: '../../../',
    company: companyOf(document, language),
    phone,
    digest: shown.digest,
    now,
  });
}

/** The list of notices in one language, newest first. */
export function listPage(notices: readonly PublishedNotice[], language: Language, now: number): string {
  const word = words[language];
  const newest = notices.at(-1);
  const body = html`<article class="w" id="main" tabindex="-1">
    <p class="kind"></p>
    <h1>${word.list}</h1>
    <div class="g">
      <div class="main">
        <section>
          <ul class="alt">
            ${
              notices.length === 0
                ? html`<li>${word.none}</li>`
                : notices.toReversed().map(({ id, document }) => {
                    const [start, end] = [Date.parse(document.window.start), Date.parse(document.window.end)];
                    return html`<li>
                      <a class="item" href="../${pagePath(language, id)}"><b>${titleOf(document, language)}</b></a
                      ><span class="m"
                        >${word.kind[document.kind]} · ${spellWindow(start, end, { year: true })[language]}</span
                      >
                    </li>`;
                  })
            }
          </ul>
        </section>
      </div>
    </div>
  </article>`;
  return sitePage({
    title: word.list,
    language,
    body,
    other: `../${language === 'ko' ? 'en' : 'ko'}/`,
    root: '../',
    company: newest === undefined ? '' : companyOf(newest.document, language),
    phone: spellPhone(newest?.document.company?.phone ?? ''),
    digest: null,
    now,
  });
}

function status({ kind, window }: Notice, language: Language, now: number): Html {
  const word = words[language];
  const phase = phaseOf({ window } as Notice, now);
  const [title, detail] =
    kind === 'cancel'
      ? [word.cancelled, word.cancelledDetail]
      : kind === 'end' || kind === 'result'
        ? [word.ended, word.endedDetail]
        : [word.phase[phase], word.phaseDetail[phase]];
  return html`<div class="st${phase === 'under-way' ? ' now' : ''}" role="status">
    ${clock}<b>${title}</b>
    <p>${detail} <a href="#alternatives">${word.alternatives}</a></p>
    <p class="s">${language === 'ko' ? `${spellInstant(now).ko} 기준` : `As of ${spellInstant(now).en}`}</p>
  </div>`;
}

function versionLine(version: PublishedNotice, number: number, shownId: string, language: Language): Html {
  const word = words[language];
  const name =
    language === 'ko'
      ? `${number}판 · ${word.kind[version.document.kind]}`
      : `Version ${number} · ${word.kind[version.document.kind]}`;
  const at = spellInstant(version.at)[language];
  return version.id === shownId
    ? html`<li class="c"><b>${name}</b> <span class="m">${at} · ${word.current}</span></li>`
    : html`<li>
        <b><a href="../${version.id}/">${name}</a></b> <span class="m">${at}</span>
      </li>`;
}

/** What customers read differently than in the version before. Its Korean text is the one that counts. */
function changesOf(before: Notice, after: Notice, language: Language): Html | null {
  const word = words[language];
  const read = noticeChanges(before, after);
  if (read.length === 0) return null;
  return html`<h3>${word.changes}</h3>
    <dl class="k d">
      ${read.map(
        ({ part, before: old, after: now }) =>
          html`<dt>${word.part[part]}</dt>
            <dd lang="ko">
              ${old === null || old === '' ? null : html`<del>${old}</del><br />`}${
                now === null || now === '' ? null : html`<ins>${now}</ins>`
              }
            </dd>`,
      )}
    </dl>`;
}

/** What a notice is headed. */
export function titleOf(document: Notice, language: Language): string {
  const services = document.services.map((service) => nameOf(document, service, language)).join(', ');
  return (
    document.title?.[language] ??
    (language === 'ko' ? `${services} 서비스 일시 중단 안내` : `${services}: temporary interruption`)
  );
}

function nameOf(document: Notice, service: string, language: Language): string {
  return document.serviceNames?.[service]?.[language] ?? service;
}

function companyOf(document: Notice, language: Language): string {
  return document.company?.name?.[language] ?? '';
}

const clock = html`<svg
  viewBox="0 0 24 24"
  aria-hidden="true"
  fill="none"
  stroke="currentColor"
  stroke-width="2.2"
  stroke-linecap="round"
>
  <circle cx="12" cy="12" r="9" />
  <path d="M12 7v5l3.5 2" />
</svg>`;
const square = html`<svg viewBox="0 0 16 16" aria-hidden="true">
  <rect x="2" y="2" width="12" height="12" rx="1" fill="currentColor" />
</svg>`;
