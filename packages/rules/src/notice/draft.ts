/** Drafts of notices: complete, and in words that give no attacker a hint. */
import { spellDuration } from '../duration.ts';
import type { AlternativeChannel } from './alternative-channel.ts';
import { windowsOf, type Notice, type NoticeWindow } from './document.ts';
import { successions, type NoticeKind } from './succession.ts';
import { fillTemplate, noticeTemplates, type TemplateValues } from './templates.ts';
import { spellInstant, spellPhone, spellWindows } from './wording.ts';

type Names = { readonly ko: string; readonly en: string };

/** What a notice takes from a plan. */
export interface AnnouncedWork {
  readonly kind: 'emergency-patch' | 'security-test';
  readonly window: { readonly start: string; readonly end: string };
  readonly services: readonly string[];
  readonly notice?:
    | {
        readonly services?: readonly string[] | undefined;
        readonly alternativeChannels?: readonly AlternativeChannel[] | undefined;
      }
    | undefined;
}

/** Who announces it, and what customers call the services (default: their ids). */
export interface Announcer {
  readonly company: { readonly name: Names; readonly phone: string };
  readonly sender: string;
  readonly serviceNames: Readonly<Record<string, Names>>;
}

/**
 * An advance notice of a work. It says what is done as 보안 강화를 위한 시스템 점검, never which hole is closed, and where
 * to look as 홈페이지 공지사항, never as a link: Korean authorities tell customers that links in bank messages are fraud.
 * `windows` makes it the notice of a series, in place of the plan's window.
 */
export function draftNotice(
  work: AnnouncedWork,
  { company, sender, serviceNames }: Announcer,
  windows?: readonly NoticeWindow[],
): Notice {
  const services = [...(work.notice?.services ?? work.services)];
  const series = windows === undefined || windows.length === 0 ? null : windows.map((window) => ({ ...window }));
  const details = detailsOf(work.kind);
  const channels = [...(work.notice?.alternativeChannels ?? [])];
  return worded({
    schema: 'breakwater.notice/1',
    kind: 'advance',
    work: work.kind,
    window: {
      start: series?.[0]?.start ?? work.window.start,
      end: series?.at(-1)?.end ?? work.window.end,
    },
    ...(series === null ? {} : { windows: series }),
    services,
    planServices: [...work.services],
    serviceNames: {
      ...Object.fromEntries(channels.flatMap(({ service }) => namesOf(serviceNames, service))),
      ...Object.fromEntries(
        services.map((service) => [service, { ...(serviceNames[service] ?? { ko: service, en: service }) }]),
      ),
    },
    texts: {},
    fields: { details: details.ko, alternativeChannels: channels },
    sender,
    company: { name: { ...company.name }, phone: company.phone },
  });
}

/** What an alternative channel is called, when that is known: its English name stands nowhere else. */
function namesOf(names: Announcer['serviceNames'], service: string): [string, { ko: string; en: string }][] {
  const name = names[service];
  return name === undefined ? [] : [[service, { ...name }]];
}

/** What is different in a successor. Left out: as in the notice before. */
export interface Succession {
  readonly kind: NoticeKind;
  readonly window?: NoticeWindow;
  readonly windows?: readonly NoticeWindow[];
  readonly services?: readonly string[];
  /** When services were down, epoch ms; `until` null = they still are. For `disruption` and `result`. */
  readonly disrupted?: { readonly since: number; readonly until: number | null };
}

/** The next notice of the same work: the words of its kind, with what was told before as `before`. */
export function draftSuccessor(previous: Notice, change: Succession): Notice {
  const { kind, window, windows, services } = change;
  // What went wrong has a scope of its own, which is no plan's.
  const { windows: series, planServices, ...rest } = previous;
  const compared = kind === 'disruption' || planServices === undefined ? {} : { planServices };
  const kept = window === undefined && windows === undefined ? series : windows?.map((one) => ({ ...one }));
  const spanned =
    windows === undefined
      ? (window ?? previous.window)
      : { start: windows[0]?.start ?? '', end: windows.at(-1)?.end ?? '' };
  return worded(
    {
      ...rest,
      ...compared,
      kind,
      window: { ...spanned },
      ...(kept === undefined || kept === null ? {} : { windows: kept }),
      services: [...(services ?? previous.services)],
    },
    { before: previous, disrupted: change.disrupted },
  );
}

/** Kinds whose notice a person would draft from the one before; the rest comes from a plan. */
export const successorKinds = (Object.keys(successions) as NoticeKind[]).filter((kind) => kind !== 'advance');

function worded(
  notice: Notice,
  { before, disrupted }: { before?: Notice; disrupted?: Succession['disrupted'] | undefined } = {},
): Notice {
  const values = valuesOf(notice, before ?? notice, disrupted ?? null);
  const { title, website, sms } = noticeTemplates[notice.kind];
  const both = (template: Names): { ko: string; en: string } => ({
    ko: fillTemplate(template.ko, values, 'ko'),
    en: fillTemplate(template.en, values, 'en'),
  });
  return {
    ...notice,
    title: both(title),
    texts: { website: both(website), sms: sms.map((line) => fillTemplate(line, values, 'ko')).join('\n') },
    fields: {
      ...notice.fields,
      timing: values.timing.ko,
      scope: values.scope.ko,
      details: values.details.ko,
    },
  };
}

function valuesOf(notice: Notice, before: Notice, disrupted: Succession['disrupted'] | null): TemplateValues {
  const called = (service: string): Names => notice.serviceNames?.[service] ?? { ko: service, en: service };
  const channels = notice.fields.alternativeChannels ?? [];
  const ways = {
    ko: channels.map(({ name }) => name).join(', '),
    en: channels.map(({ name, service }) => notice.serviceNames?.[service]?.en ?? name).join(', '),
  };
  const phone = spellPhone(notice.company?.phone ?? '');
  const company = notice.company?.name ?? { ko: '', en: '' };
  const details = detailsOf(notice.work);
  const unknown = { ko: '확인 중', en: 'being established' };
  const { since, until } = disrupted ?? { since: null, until: null };
  return {
    company,
    timing: timingOf(notice),
    before: timingOf(before),
    scope: {
      ko: notice.services.map((service) => called(service).ko).join(', '),
      en: notice.services.map((service) => called(service).en).join(', '),
    },
    details: { ko: notice.fields.details ?? details.ko, en: details.en },
    ways,
    phone: { ko: phone, en: phone },
    since: since === null ? unknown : spellInstant(since),
    until: until === null ? unknown : spellInstant(until),
    lasted: since === null || until === null ? unknown : spellDuration(Math.ceil((until - since) / 1000) * 1000),
  };
}

function timingOf(notice: Notice): Names {
  return spellWindows(windowsOf(notice).map(({ start, end }) => ({ start: Date.parse(start), end: Date.parse(end) })));
}

function detailsOf(work: Notice['work']): Names {
  if (work === 'emergency-patch') {
    return { ko: '서비스 보안 강화를 위한 긴급 시스템 점검', en: 'Urgent system maintenance to strengthen security' };
  }
  return work === 'security-test'
    ? { ko: '서비스 보안 강화를 위한 시스템 보안 점검', en: 'A security inspection of our systems' }
    : { ko: '안정적인 서비스를 위한 시스템 점검', en: 'System maintenance' };
}
