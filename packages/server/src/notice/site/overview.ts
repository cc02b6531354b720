/** The pages about all works: the list of notices, the state of services, and how to check a fingerprint. */
import {
  phaseAt,
  serviceStateOf,
  spellInstant,
  spellPhone,
  spellWindows,
  windowsOf,
  type ServiceState,
} from '@breakwater/rules/notice';
import { sitePage } from './frame.ts';
import { html, type Html } from './html.ts';
import { alternatives, stateTag } from './page.ts';
import { companyOf, nameOf, titleOf, workPath, worksOf, type Observed, type PublishedNotice } from './published.ts';
import { words, type Language } from './words.ts';

export type Overview = {
  /** All published notices, oldest first. */
  notices: readonly PublishedNotice[];
  observed: Observed;
  language: Language;
  /** Epoch ms at which the page is made. */
  now: number;
};

/** The list of works: what is under way or ahead first, then what is over, newest first. */
export function listPage(overview: Overview): string {
  const { notices, language, now } = overview;
  const word = words[language];
  const newest = worksOf(notices)
    .flatMap((versions) => versions.slice(-1))
    .toReversed();
  const isOver = ({ document }: PublishedNotice): boolean =>
    ['cancel', 'end', 'result'].includes(document.kind) ||
    (document.kind !== 'disruption' && phaseAt(document, now) === 'over');
  // What is under way before what is ahead, the nearest first.
  const open = newest
    .filter((one) => !isOver(one))
    .toSorted((a, b) => Date.parse(a.document.window.start) - Date.parse(b.document.window.start));
  const over = newest.filter(isOver);
  const content = html`<section>
      <h2>${word.open}</h2>
      <ul class="list">
        ${open.length === 0 ? html`<li class="none">${word.none}</li>` : open.map((one) => work(one, overview))}
      </ul>
    </section>
    ${
      over.length === 0
        ? null
        : html`<section>
            <h2>${word.over}</h2>
            <ul class="list">
              ${over.map((one) => work(one, overview))}
            </ul>
          </section>`
    }`;
  return page(overview, { title: word.list, content, path: '' });
}

function work({ number, version, document, at }: PublishedNotice, { observed, language, now }: Overview): Html {
  const word = words[language];
  const spelt = spellWindows(
    windowsOf(document).map(({ start, end }) => ({ start: Date.parse(start), end: Date.parse(end) })),
    { year: true },
  );
  const states = document.services.map((service) => serviceStateOf(document, observed.get(service) ?? null, now));
  const worst = order.find((state) => states.includes(state)) ?? 'unknown';
  return html`<li>
    <a class="item" href="../${workPath(language, number)}"><b>${titleOf(document, language)}</b></a>
    <p>${spelt[language]}</p>
    <p class="m">
      ${word.number(number)} · ${word.versionName(version)} · ${word.kind[document.kind]} ·
      ${spellInstant(at)[language]}
    </p>
    ${document.kind === 'cancel' ? null : stateTag(worst, language)}
  </li>`;
}

/** The worst first. */
const order: readonly ServiceState[] = ['down', 'limited', 'unknown', 'planned', 'available'];

/** Every service that notices name, as it is now, and what can be used meanwhile. */
export function statusPage(overview: Overview): string {
  const { notices, observed, language, now } = overview;
  const word = words[language];
  const newest = worksOf(notices).flatMap((versions) => versions.slice(-1));
  const byService = new Map(
    newest.flatMap((notice) => notice.document.services.map((service) => [service, notice] as const)),
  );
  const states = [...byService].map(([service, notice]) => ({
    service,
    notice,
    state: serviceStateOf(notice.document, observed.get(service) ?? null, now),
  }));
  const troubled = states.filter(({ state }) => state !== 'available').map(({ notice }) => notice);
  const helpful = troubled.at(-1)?.document;
  const content = html`<section>
      <ul class="svc">
        ${
          states.length === 0
            ? html`<li>${word.none}</li>`
            : states.map(
                ({ service, notice, state }) =>
                  html`<li>
                    <span
                      ><b>${nameOf(notice.document, service, language)}</b
                      ><a class="m ref" href="../../${workPath(language, notice.number)}"
                        >${word.kind[notice.document.kind]} ${word.number(notice.number)}</a
                      ></span
                    >${stateTag(state, language)}
                  </li>`,
              )
        }
      </ul>
      <p class="m after">${word.asOf(spellInstant(now)[language])}</p>
    </section>
    ${helpful === undefined ? null : alternatives(helpful, language)}`;
  return page(overview, { title: word.status, content, path: 'status/' });
}

/** How anybody can check that a notice was not changed. */
export function proofPage(overview: Overview): string {
  const word = words[overview.language];
  const content = html`<section>
    ${word.proofSteps.map((step) => html`<p>${step}</p>`)}
    <pre><code>sha256sum v3.json</code></pre>
    <p>${word.proofChain}</p>
  </section>`;
  return page(overview, { title: word.proof, content, path: 'proof/' });
}

function page(
  { notices, language, now }: Overview,
  { title, content, path }: { title: string; content: Html; path: string },
): string {
  const document = notices.at(-1)?.document;
  const root = path === '' ? '../' : '../../';
  const body = html`<article class="w" id="main" tabindex="-1">
    <p class="kind"></p>
    <h1>${title}</h1>
    <div class="g one">
      <div class="main">${content}</div>
    </div>
  </article>`;
  return sitePage({
    title,
    language,
    body,
    other: `${root}${language === 'ko' ? 'en' : 'ko'}/${path}`,
    root,
    company: companyOf(document, language),
    phone: spellPhone(document?.company?.phone ?? ''),
    proof: null,
    now,
  });
}
