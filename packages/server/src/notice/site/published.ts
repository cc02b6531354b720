/** Notices as the site shows them, and where their pages stand. */
import type { Notice, ObservedService } from '@breakwater/rules/notice';
import type { Language } from './words.ts';

/**
 * One published version. `number` names its work to the public (`2026-118`): a plan's own id may tell what is patched.
 * `digest` = fingerprint of the document, `hash` = of the chain up to here, `at` = epoch ms of its first publication,
 * `toldAt` = since when it has been sent by text message (null = it was not).
 */
export type PublishedNotice = {
  id: string;
  number: string;
  version: number;
  document: Notice;
  digest: string;
  hash: string;
  at: number;
  toldAt: number | null;
};

/** What is seen of services now, by service. */
export type Observed = ReadonlyMap<string, ObservedService>;

/** Where the page of a work stands, relative to the root of the site: always its newest notice. */
export function workPath(language: Language, number: string): string {
  return `${language}/notices/${number}/`;
}

/** Where the page of one version stands. It says the same for ever, and names what came after it. */
export function versionPath(language: Language, { number, version }: PublishedNotice): string {
  return `${workPath(language, number)}v/${version}/`;
}

/** The published file whose SHA-256 is the fingerprint. */
export function documentPath({ number, version }: PublishedNotice): string {
  return `notices/${number}/v${version}.json`;
}

/** The works, each with its versions, oldest first. */
export function worksOf(notices: readonly PublishedNotice[]): PublishedNotice[][] {
  return [...Map.groupBy(notices, ({ number }) => number).values()];
}

/** What a notice is headed. */
export function titleOf(document: Notice, language: Language): string {
  const services = document.services.map((service) => nameOf(document, service, language)).join(', ');
  return (
    document.title?.[language] ??
    (language === 'ko' ? `${services} 서비스 일시 중단 안내` : `${services}: temporary interruption`)
  );
}

/** What customers call a service. */
export function nameOf(document: Notice, service: string, language: Language): string {
  return document.serviceNames?.[service]?.[language] ?? service;
}

export function companyOf(document: Notice | undefined, language: Language): string {
  return document?.company?.name?.[language] ?? '';
}
