/** The marks of the site. Each says by its shape what its colour says, and stands beside the word. */
import type { ServiceState } from '@breakwater/rules/notice';
import { html, type Html } from './html.ts';

const line = (paths: Html): Html =>
  html`<svg
    viewBox="0 0 24 24"
    aria-hidden="true"
    fill="none"
    stroke="currentColor"
    stroke-width="2.2"
    stroke-linecap="round"
    stroke-linejoin="round"
  >
    ${paths}
  </svg>`;
const small = (paths: Html): Html => html`<svg viewBox="0 0 16 16" aria-hidden="true">${paths}</svg>`;

/** Above a page: the work is planned or under way, has gone wrong, or is over. */
export const statusIcon = {
  time: line(html`<circle cx="12" cy="12" r="9" /> <path d="M12 7v5l3.5 2" />`),
  warning: line(html`<path d="M12 4 2.8 20h18.4zM12 10v4.5M12 17.4v.1" />`),
  done: line(html`<circle cx="12" cy="12" r="9" /> <path d="m7.8 12.4 2.9 2.9 5.5-6" />`),
};

const down = html`<rect x="2" y="2" width="12" height="12" rx="1" fill="currentColor" />`;
const limited = html`<rect
    x="2"
    y="2"
    width="12"
    height="12"
    rx="1"
    fill="none"
    stroke="currentColor"
    stroke-width="2"
  />
  <path d="M2 14 14 2v12z" fill="currentColor" />`;
const available = html`<path
  d="M3 8.5l3.2 3.2L13 5"
  fill="none"
  stroke="currentColor"
  stroke-width="2.2"
  stroke-linecap="round"
  stroke-linejoin="round"
/>`;
const planned = html`<circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" stroke-width="1.8" />
  <path d="M8 4.8V8l2.3 1.4" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" />`;
const unknown = html`<path
    d="M5.4 6.2a2.6 2.6 0 1 1 3.8 2.3c-.8.4-1.2.9-1.2 1.7"
    fill="none"
    stroke="currentColor"
    stroke-width="1.8"
    stroke-linecap="round"
  />
  <circle cx="8" cy="12.6" r="1.1" fill="currentColor" />`;

/** Beside a service. */
export const stateIcon: Readonly<Record<ServiceState, Html>> = {
  available: small(available),
  limited: small(limited),
  down: small(down),
  planned: small(planned),
  unknown: small(unknown),
};
