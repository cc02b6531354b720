/** The first draft of a notice from its plan: complete, and in words that give no attacker a hint. */
import type { AlternativeChannel } from './alternative-channel.ts';
import type { Notice } from './document.ts';
import { spellPhone, spellWindow } from './wording.ts';

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
 */
export function draftNotice(work: AnnouncedWork, { company, sender, serviceNames }: Announcer): Notice {
  const services = [...(work.notice?.services ?? work.services)];
  const called = (service: string): Names => serviceNames[service] ?? { ko: service, en: service };
  const scope = {
    ko: services.map((service) => called(service).ko).join(', '),
    en: services.map((service) => called(service).en).join(', '),
  };
  const [start, end] = [Date.parse(work.window.start), Date.parse(work.window.end)];
  const timing = spellWindow(start, end);
  const details =
    work.kind === 'emergency-patch'
      ? { ko: '서비스 보안 강화를 위한 긴급 시스템 점검', en: 'Urgent system maintenance to strengthen security' }
      : { ko: '서비스 보안 강화를 위한 시스템 보안 점검', en: 'A security inspection of our systems' };
  const channels = [...(work.notice?.alternativeChannels ?? [])];
  const otherWays = channels.map(({ name }) => name).join(', ');
  const phone = spellPhone(company.phone);
  return {
    schema: 'breakwater.notice/1',
    kind: 'advance',
    work: work.kind,
    window: { start: work.window.start, end: work.window.end },
    services,
    planServices: [...work.services],
    title: { ko: `${scope.ko} 서비스 일시 중단 안내`, en: `${scope.en}: temporary interruption` },
    serviceNames: Object.fromEntries(services.map((service) => [service, { ...called(service) }])),
    texts: {
      website: {
        ko: `${details.ko}으로 ${timing.ko} 동안 ${scope.ko} 서비스 이용이 일시 중단됩니다. 점검이 먼저 끝나면 바로 이용하실 수 있습니다.`,
        en: `${details.en}: ${scope.en} will be interrupted on ${timing.en}. Services reopen as soon as the work is done.`,
      },
      sms: [
        `[${company.name.ko}] 서비스 일시 중단 안내`,
        `일시: ${timing.ko}`,
        `범위: ${scope.ko}`,
        `내용: ${details.ko}`,
        `이용 가능: ${otherWays}`,
        `문의: ${phone}, 자세한 내용은 홈페이지 공지사항에서 확인하실 수 있습니다.`,
      ].join('\n'),
    },
    fields: { timing: timing.ko, scope: scope.ko, details: details.ko, alternativeChannels: channels },
    sender,
    company: { name: { ...company.name }, phone: company.phone },
  };
}
