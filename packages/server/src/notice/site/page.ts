/** The page of a notice: always the newest of its work, and one for each version. */
import {
  phaseAt,
  serviceStateOf,
  spellInstant,
  spellPhone,
  spellWindow,
  windowsOf,
  type Notice,
  type ServiceState,
} from '@breakwater/rules/notice';
import { sitePage } from './frame.ts';
import { history } from './history.ts';
import { html, type Html } from './html.ts';
import { stateIcon, statusIcon } from './icons.ts';
import {
  companyOf,
  documentPath,
  nameOf,
  titleOf,
  versionPath,
  workPath,
  type Observed,
  type PublishedNotice,
} from './published.ts';
import { words, type Language } from './words.ts';

export type NoticePage = {
  shown: PublishedNotice;
  /** All versions of the same work, oldest first, the shown one among them. */
  versions: readonly PublishedNotice[];
  observed: Observed;
  language: Language;
  /** Epoch ms at which the page is made. */
  now: number;
};

/**
 * The page of one version (`isPermanent` false) or of the work, which shows its newest. It needs no server, no script and no
 * other file but the style sheet.
 */
export function noticePage(page: NoticePage, isPermanent: boolean): string {
  const { shown, versions, language, now } = page;
  const { document, number, version } = shown;
  const word = words[language];
  const phone = spellPhone(document.company?.phone ?? '');
  const newest = versions.at(-1) ?? shown;
  const path = (one: Language): string => (isPermanent ? workPath(one, number) : versionPath(one, shown));
  const [root, folder] = isPermanent ? ['../../../', ''] : ['../../../../../', '../../'];
  const body = html`<article class="w" id="main" tabindex="-1">
    <p class="kind">${word.work[document.work]} · ${word.number(number)} · ${word.versionName(version)}</p>
    <h1>${titleOf(document, language)}</h1>
    ${
      newest.version === version
        ? status(page)
        : html`<div class="st now" role="status">
            ${statusIcon.warning}<b>${word.superseded}</b>
            <p><a href="${folder === '' ? './' : folder}">${word.toNewest(newest.version)}</a></p>
          </div>`
    }
    <div class="g">
      <div class="main">
        ${whenAndWhat(page)} ${newest.version === version ? services(page) : null} ${alternatives(document, language)}
        ${history(versions, shown, folder, language)}
      </div>
      <div class="side">
        <section class="o4 box">
          <h2>${word.claim}</h2>
          <p>${word.claimText}</p>
          <p><a class="btn" href="${root}${language}/claim/">${word.claimForm}</a></p>
          <p class="m">${word.claimTime}<br />${word.byPhone}: ${phone}</p>
        </section>
        <section class="o6">
          <h2>${word.warning}</h2>
          <p>${word.warningText}</p>
        </section>
        <section class="o7 np">
          <h2>${word.follow}</h2>
          <p class="m">${word.followText}</p>
          <p class="fd">
            <a href="${root}notices.ics">${word.calendar}</a> <a href="${root}${language}/feed.xml">Atom</a>
            <a href="${root}${language}/feed.json">JSON Feed</a>
          </p>
        </section>
      </div>
    </div>
  </article>`;
  return sitePage({
    title: titleOf(document, language),
    language,
    body,
    other: `${root}${path(language === 'ko' ? 'en' : 'ko')}`,
    root,
    company: companyOf(document, language),
    phone,
    proof: { digest: shown.digest, document: `${root}${documentPath(shown)}` },
    now,
  });
}

function whenAndWhat({ shown, versions, language }: NoticePage): Html {
  const { document } = shown;
  const word = words[language];
  const told = versions.find(({ toldAt }) => toldAt !== null)?.toldAt ?? null;
  const scope = document.services.map((service) => nameOf(document, service, language)).join(', ');
  return html`<section class="o1">
    <h2>${word.whenAndWhat}</h2>
    <dl class="k">
      <dt>${word.timing}</dt>
      <dd>
        ${windowsOf(document).map((window) => windowLine(window, language))}<span class="m">${word.timingNote}</span>
      </dd>
      <dt>${word.scope}</dt>
      <dd>${language === 'ko' ? (document.fields.scope ?? scope) : scope}</dd>
      <dt>${word.details}</dt>
      <dd>${language === 'ko' ? (document.fields.details ?? '') : (document.texts.website?.en ?? '')}</dd>
      ${
        told === null
          ? null
          : html`<dt>${word.told}</dt>
              <dd>${word.toldFrom(spellInstant(told)[language])}</dd>`
      }
    </dl>
    ${language === 'ko' ? html`<p class="lead">${document.texts.website?.ko ?? ''}</p>` : null}
  </section>`;
}

function windowLine({ start, end }: Notice['window'], language: Language): Html {
  const spelt = spellWindow(Date.parse(start), Date.parse(end), { year: true })[language];
  return html`<b><time datetime="${start}/${end}">${spelt.replace(/ ([~-]) /, '\u00a0$1\u00a0')}</time></b
    ><br />`;
}

function services({ shown: { document }, observed, language, now }: NoticePage): Html {
  const word = words[language];
  const states = document.services.map(
    (service) => [service, serviceStateOf(document, observed.get(service) ?? null, now)] as const,
  );
  return html`<section class="o2">
    <h2>${states.every(([, state]) => state === 'planned') ? word.affected : word.servicesNow}</h2>
    <ul class="svc">
      ${states.map(
        ([service, state]) =>
          html`<li><span>${nameOf(document, service, language)}</span>${stateTag(state, language)}</li>`,
      )}
    </ul>
  </section>`;
}

/** A state as a mark and a word. */
export function stateTag(state: ServiceState, language: Language): Html {
  const isNormal = state === 'available';
  return html`<span class="tag${isNormal ? '' : state === 'planned' || state === 'unknown' ? ' q' : ' x'}"
    >${stateIcon[state]}${words[language].state[state]}</span
  >`;
}

/** The ways that stay open. */
export function alternatives(document: Notice, language: Language): Html {
  const word = words[language];
  const { fields, serviceNames } = document;
  return html`<section class="o3" id="alternatives">
    <h2>${word.alternatives}</h2>
    <ul class="alt">
      ${(fields.alternativeChannels ?? []).map(
        ({ name, service, opens, closes }) =>
          html`<li>
            <b>${language === 'ko' ? name : (serviceNames?.[service]?.en ?? name)}</b>
            <div class="m">${opens === '00:00' && closes === '24:00' ? word.always : `${opens} ~ ${closes}`}</div>
          </li>`,
      )}
    </ul>
  </section>`;
}

function status({ shown: { document }, language, now }: NoticePage): Html {
  const word = words[language];
  const phase = phaseAt(document, now);
  const said =
    document.kind === 'cancel'
      ? word.cancelled
      : document.kind === 'end' || document.kind === 'result'
        ? word.ended
        : document.kind === 'disruption'
          ? word.disrupted
          : word.phase[phase];
  const isOver = said === word.cancelled || said === word.ended;
  const icon = isOver ? statusIcon.done : said === word.disrupted ? statusIcon.warning : statusIcon.time;
  const isNow = !isOver && (phase === 'under-way' || said === word.disrupted);
  return html`<div class="st${isNow ? ' now' : ''}" role="status">
    ${icon}<b>${said.title}</b>
    <p>${said.detail}${isOver ? null : html` <a href="#alternatives">${word.toAlternatives}</a>`}</p>
    <p class="s">${word.asOf(spellInstant(now)[language])}</p>
  </div>`;
}
