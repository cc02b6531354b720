/** The pages of the claim form: to fill in, filed, and how it stands. */
import { spellDate } from '@breakwater/rules/notice';
import { reasonCodes } from '@breakwater/rules/relief';
import { html, sitePage, type Html, type Language } from '#notice';
import type { Standing } from './desk.ts';
import { alternatives, bases, type FormFaults, type FormField } from './filled-form.ts';
import { formWords } from './words.ts';

/** What every page of the form needs of the site. */
export type FormSite = { language: Language; company: string; phone: string; now: number };

/** A service that can be named, as customers call it. */
export type NamedService = { id: string; name: string };

/** What the form shows: what was entered before, what is wrong with it, and the name of this filling. */
export type FormState = {
  services: readonly NamedService[];
  entered: URLSearchParams;
  faults: FormFaults;
  /** Said above the form, besides the faults. */
  told: string | null;
  token: string;
};

const fields: readonly FormField[] = [
  'service',
  'date',
  'time',
  'basis',
  'amount',
  'reference',
  'alternative',
  'phone',
];
const optional: readonly FormField[] = ['amount', 'reference'];

function page({ language, company, phone, now }: FormSite, title: string, content: Html): string {
  const body = html`<article class="w" id="main" tabindex="-1">
    <p class="kind"></p>
    <h1>${title}</h1>
    ${content}
  </article>`;
  const other = language === 'ko' ? '/en/claim/' : '/ko/claim/';
  return sitePage({ title, language, body, other, root: '/', company, phone, proof: null, now });
}

/** The form, with what is wrong first and every entry kept. */
export function formPage(site: FormSite, state: FormState): string {
  const word = formWords[site.language];
  if (state.services.length === 0) return page(site, word.title, html`<p>${word.closed}</p>`);
  const wrong = fields.filter((field) => state.faults[field] !== undefined);
  const summary =
    wrong.length === 0 && state.told === null
      ? null
      : html`<div class="st now told" role="alert">
          <b>${word.faults}</b>
          ${state.told === null ? null : html`<p>${state.told}</p>`}
          ${wrong.map(
            (field) =>
              html`<p>
                <a href="#${field}">${word.field[field]}: ${word.fault[state.faults[field] ?? 'missing']}</a>
              </p>`,
          )}
        </div>`;
  return page(
    site,
    word.title,
    html`<p>${word.intro}</p>
      ${summary}
      <form method="post" action="/${site.language}/claim/" class="f" novalidate>
        <input type="hidden" name="token" value="${state.token}" />
        <p class="trap" aria-hidden="true">
          <label>Website<input name="website" tabindex="-1" autocomplete="off" /></label>
        </p>
        ${fields.map((field) => fieldOf(field, site.language, state))}
        <button type="submit">${word.send}</button>
      </form>
      <p class="m">${word.privacy}</p>
      <section class="look">
        <h2>${word.look}</h2>
        <form method="post" action="/${site.language}/claim/status" class="f">
          <p><label for="number">${word.number}</label><input id="number" name="number" required maxlength="64" /></p>
          <p>
            <label for="code">${word.code}</label
            ><input id="code" name="code" required maxlength="16" autocomplete="off" />
          </p>
          <button type="submit">${word.lookUp}</button>
        </form>
      </section>`,
  );
}

function fieldOf(field: FormField, language: Language, { services, entered, faults }: FormState): Html {
  const word = formWords[language];
  const fault = faults[field];
  const described = [
    ...(word.hint[field] === undefined ? [] : [`${field}-hint`]),
    ...(fault === undefined ? [] : [`${field}-fault`]),
  ].join(' ');
  const value = entered.get(field) ?? '';
  const attributes = new Map([
    ['id', field],
    ['name', field],
    ...(described === '' ? [] : ([['aria-describedby', described]] as const)),
    ...(fault === undefined ? [] : ([['aria-invalid', 'true']] as const)),
    ...(optional.includes(field) ? [] : ([['required', 'required']] as const)),
  ]);
  const given = [...attributes].map(([name, text]) => html` ${name}="${text}"`);
  const choices = choicesOf(field, language, services);
  const control =
    choices === null
      ? html`<input${given} ${inputOf(field)} value="${value}" />`
      : html`<select${given}>
          <option value="">${word.choose}</option>
          ${choices.map(
            ([id, name]) => html`<option value="${id}" ${id === value ? html`selected` : null}>${name}</option>`,
          )}
        </select>`;
  return html`<p>
    <label for="${field}"
      >${word.field[field]}${optional.includes(field) ? null : html` <span class="m">(${word.needed})</span>`}</label
    >
    ${word.hint[field] === undefined ? null : html`<span class="m" id="${field}-hint">${word.hint[field] ?? ''}</span>`}
    ${fault === undefined ? null : html`<span class="x" id="${field}-fault">${word.fault[fault]}</span>`} ${control}
  </p>`;
}

function choicesOf(
  field: FormField,
  language: Language,
  services: readonly NamedService[],
): readonly (readonly [string, string])[] | null {
  const word = formWords[language];
  switch (field) {
    case 'service':
      return services.map(({ id, name }) => [id, name]);
    case 'basis':
      return bases.map((one) => [one, word.basis[one]]);
    case 'alternative':
      return alternatives.map((one) => [one, word.alternative[one]]);
    default:
      return null;
  }
}

const inputs: Readonly<Partial<Record<FormField, Html>>> = {
  date: html`type="date"`,
  time: html`type="time"`,
  amount: html`inputmode="numeric" maxlength="24" placeholder="12,500"`,
  reference: html`maxlength="64" autocomplete="off"`,
  phone: html`type="tel" maxlength="20" autocomplete="tel" placeholder="010-1234-5678"`,
};
const inputOf = (field: FormField): Html => inputs[field] ?? html``;

/** What a consumer keeps of a filed claim. `dueBy` epoch ms. */
export function filedPage(
  site: FormSite,
  filed: { claim: string; code: string; dueBy: number; merged: boolean },
): string {
  const word = formWords[site.language];
  return page(
    site,
    word.filed,
    html`${filed.merged ? html`<p>${word.merged}</p>` : null}
      <dl class="k">
        <dt>${word.number}</dt>
        <dd><b>${filed.claim}</b></dd>
        <dt>${word.code}</dt>
        <dd><b>${filed.code}</b></dd>
        <dt>${word.answer}</dt>
        <dd>${spellDate(filed.dueBy)[site.language]}</dd>
      </dl>
      <p class="lead">${word.keep}</p>
      <p><a class="item" href="/${site.language}/claim/">${word.again}</a></p>`,
  );
}

/** How a claim stands; null = no claim has this number and code. `wrong`: the amount of an appeal is none. */
export function standingPage(site: FormSite, standing: Standing | null, code: string, wrong = false): string {
  const { language } = site;
  const word = formWords[language];
  if (standing === null)
    return page(
      site,
      word.look,
      html`<p role="alert">${word.notFound}</p>
        <p><a class="item" href="/${language}/claim/">${word.title}</a></p>`,
    );
  const { claim, state, dueBy, amount, code: reason } = standing;
  const decided = state !== 'open';
  return page(
    site,
    word.look,
    html`<dl class="k">
        <dt>${word.number}</dt>
        <dd>${claim}</dd>
        <dt>${word.stands}</dt>
        <dd><b>${word.state[state]}</b></dd>
        ${
          amount !== null && amount > 0
            ? html`<dt>${word.decidedFor}</dt>
                <dd>${spellWon(amount, language)}</dd>`
            : null
        }
        ${
          reason === null
            ? null
            : html`<dt>${word.why}</dt>
                <dd>${reasonCodes[reason][language]}</dd>`
        }
        ${
          dueBy === null || decided
            ? null
            : html`<dt>${word.answer}</dt>
                <dd>${spellDate(dueBy)[language]}</dd>`
        }
      </dl>
      ${
        decided
          ? html`<section class="look">
              <h2>${word.appeal}</h2>
              <p>${word.appealIntro}</p>
              <form method="post" action="/${language}/claim/appeal" class="f" novalidate>
                <input type="hidden" name="number" value="${claim}" />
                <input type="hidden" name="code" value="${code}" />
                <p>
                  <label for="appeal-amount">${word.field.amount}</label>
                  <span class="m" id="appeal-hint">${word.hint.amount ?? ''}</span>
                  ${wrong ? html`<span class="x" id="appeal-fault" role="alert">${word.fault.malformed}</span>` : null}
                  <input
                    id="appeal-amount"
                    name="amount"
                    inputmode="numeric"
                    maxlength="24"
                    aria-describedby="${wrong ? 'appeal-hint appeal-fault' : 'appeal-hint'}"
                    ${wrong ? html`aria-invalid="true"` : null}
                  />
                </p>
                <button type="submit">${word.sendAppeal}</button>
              </form>
            </section>`
          : null
      }`,
  );
}

/** Too many requests from one address. */
export function waitPage(site: FormSite): string {
  const word = formWords[site.language];
  return page(
    site,
    word.look,
    html`<p role="alert">${word.tooMany}</p>
      <p><a class="item" href="/${site.language}/claim/">${word.title}</a></p>`,
  );
}

function spellWon(amount: number, language: Language): string {
  const digits = amount.toLocaleString('en-US');
  return language === 'ko' ? `${digits}원` : `KRW ${digits}`;
}
