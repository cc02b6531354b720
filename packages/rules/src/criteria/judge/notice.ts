/** Judge of advance notice. */
import { type Row, announces } from '../downtime.ts';
import type { Notice } from '../facts.ts';
import { type Measured, type Ruling, ground } from '../finding.ts';
import type { ParametersOf } from '../measure.ts';
import { type Range, rangeOf, standing, sum } from '../range.ts';
import { at } from '../time.ts';
import { type Truth, every, holds, not, some, someOf } from '../truth.ts';
import { tell, tellRange } from '../wording.ts';
import type { Inquiry } from './inquiry.ts';

/**
 * KR: consumers are told in advance on the website and by text message: timing, scope, details, alternative channels
 * (FSC decision of 2026-06-30, as reported). The text gives no lead time and no share of recipients; the share that is
 * enough without asking the committee is a parameter.
 */
export function judgeNotice(inquiry: Inquiry, parameters: ParametersOf<'advance-notice'>): Ruling {
  const { facts } = inquiry;
  const start = at(facts.work.start) ?? -Infinity;
  const notices = facts.notices ?? null;
  const sent = (notice: Notice): Truth =>
    every([holds(notice.channel, () => true), holds(at(notice.at), (sentAt) => sentAt < start)]);
  const valid = (notice: Notice): Truth =>
    every([
      sent(notice),
      holds(notice.fields, (fields) => parameters['notice.fields'].every((f) => fields.includes(f))),
    ]);
  const by = (channels: readonly string[]): readonly Notice[] | null =>
    notices?.filter(({ channel }) => channel === null || channel === undefined || channels.includes(channel)) ?? null;
  const [websites, texts, substitutes] = [by(['website']), by(['sms']), by(parameters['notice.substitutes'])];
  const [onWebsite, byText, bySubstitute] = [websites, texts, substitutes].map((list) => someOf(list, valid)) as [
    Truth,
    Truth,
    Truth,
  ];
  const [textTally, substituteTally] = [tally(texts, sent), tally(substitutes, valid)];
  const delivered = some([every([byText, arrived(textTally)]), every([bySubstitute, arrived(substituteTally)])]);
  const isMessage = some([byText, bySubstitute]);
  // What never arrived is nothing, whether or not it held all fields.
  const isLost = delivered === false && isMessage === null ? true : every([isMessage, not(delivered)]);
  const coverage = coverageOf(textTally);
  const least = parameters['notice.coverage'];
  const below = someOf(texts, sent) === false ? false : fallsShort(coverage, least);
  const messages = by(messageChannels(byText, parameters['notice.substitutes']));
  const rows = inquiry.rows(parameters['attribution.observe']);
  const covering = (list: readonly Notice[] | null): Truth =>
    someOf(list, (notice) => every([valid(notice), covers(notice, inquiry, rows)]));
  const lead = leadTime(
    start,
    [websites, messages].map((list) => list?.filter((notice) => valid(notice) === true) ?? []),
  );
  const unknown = {
    ko: '사전 안내의 시각이나 내용이 확인되지 않았습니다.',
    en: 'When notice was given, or what it said, is not known.',
  };
  return {
    value: { leadTime: lead, coverage: { ...coverage, unit: 'ratio' } },
    grounds: [
      ...ground('notice.no-website', not(onWebsite), 'not-met', {
        holds: {
          ko: '작업 시작 전에 네 가지 항목을 모두 갖춘 홈페이지 안내가 없습니다.',
          en: 'No notice with all four fields stood on the website before the start.',
        },
        unknown,
      }),
      ...ground('notice.no-message', not(isMessage), 'not-met', {
        holds: {
          ko: '작업 시작 전에 네 가지 항목을 모두 갖춘 문자 안내나 이를 갈음하는 안내가 없습니다.',
          en: 'No text message with all four fields, nor a substitute, was sent before the start.',
        },
        unknown,
      }),
      ...ground('notice.none-delivered', isLost, 'not-met', {
        holds: { ko: '발송한 안내 가운데 도달한 것이 없습니다.', en: 'None of the messages was delivered.' },
        unknown: {
          ko: '안내의 도달 여부가 확인되지 않았습니다.',
          en: 'Whether the messages were delivered is not known.',
        },
      }),
      ...ground('notice.substitute', every([not(byText), bySubstitute]), 'for-committee', {
        holds: {
          ko: '문자 대신 다른 수단으로 안내하여 심의가 필요합니다.',
          en: 'Another channel was used instead of a text message.',
        },
        unknown,
      }),
      ...ground('notice.coverage', below, 'for-committee', {
        holds: {
          ko: `문자 도달률(${tellRange(coverage, 'ratio').ko})이 ${tell(least, 'ratio').ko}에 미치지 못하여 심의가 필요합니다.`,
          en: `Fewer text messages were delivered (${tellRange(coverage, 'ratio').en}) than ${tell(least, 'ratio').en}.`,
        },
        unknown: { ko: '문자 도달률이 확인되지 않았습니다.', en: 'The share of text messages delivered is not known.' },
      }),
      ...ground('notice.not-covering', not(every([covering(websites), covering(messages)])), 'for-committee', {
        holds: {
          ko: '안내한 시간이나 서비스가 실제 작업과 장애를 포괄하지 못하여 심의가 필요합니다.',
          en: 'The announced window or services do not cover the work and the disruptions that happened.',
        },
        unknown: {
          ko: '안내한 시간과 서비스가 실제 작업과 장애를 포괄하는지 확인되지 않았습니다.',
          en: 'Whether the announced window and services cover what happened is not known.',
        },
      }),
    ],
    met: {
      ko: `작업 시작 ${tell(lead?.low ?? 0, 'ms').ko} 전까지 홈페이지와 문자로 안내하였고 문자 도달률은 ${tellRange(coverage, 'ratio').ko}입니다.`,
      en: `Told on the website and by text message ${tell(lead?.low ?? 0, 'ms').en} before the start; ${tellRange(coverage, 'ratio').en} delivered.`,
    },
  };
}

/** The channels whose best notice is held against what happened: text messages where one was good, else what stands in for them. */
function messageChannels(byText: Truth, substitutes: readonly string[]): readonly string[] {
  if (byText === null) return ['sms', ...substitutes];
  return byText ? ['sms'] : substitutes;
}

type Tally = { readonly intended: Range; readonly delivered: Range };

/** Messages intended and delivered over the notices that pass `counts`; those that may pass count in the upper bounds only. */
function tally(notices: readonly Notice[] | null, counts: (notice: Notice) => Truth): Tally {
  const each = (notices ?? []).flatMap((notice) => {
    const truth = counts(notice);
    if (truth === false) return [];
    const intended = rangeOf(notice.intended);
    const told = rangeOf(notice.delivered);
    const delivered = { low: told.low, high: told.high ?? intended.high };
    const least = (range: Range): Range => (truth ? range : { low: 0, high: range.high });
    return [{ intended: least(intended), delivered: least(delivered) }];
  });
  return {
    intended: sum(each.map(({ intended }) => intended)),
    delivered: sum(each.map(({ delivered }) => delivered)),
  };
}

function arrived({ intended, delivered }: Tally): Truth {
  if (delivered.low >= 1) return true;
  return delivered.high === 0 && intended.low >= 1 ? false : null;
}

/** Delivered of intended; anything from none to all where nothing was intended. */
function coverageOf({ intended, delivered }: Tally): { readonly low: number; readonly high: number } {
  return {
    low: intended.high === null || intended.high === 0 ? 0 : delivered.low / intended.high,
    high: intended.low === 0 || delivered.high === null ? 1 : Math.min(1, delivered.high / intended.low),
  };
}

function fallsShort(coverage: Range, least: number): Truth {
  const is = standing(coverage, '>=', least);
  return is === 'straddling' ? null : is === 'beyond';
}

/** Whether the announced window and services hold the work and every disruption that is or may be due to it. */
function covers(notice: Notice, { facts }: Inquiry, rows: readonly Row[] | null): Truth {
  const [from, until] = [at(notice.announced?.start), at(notice.announced?.end)];
  const beginsBy = (earliest: number, latest: number): Truth =>
    holds(from, (begin) => begin <= earliest) || (holds(from, (begin) => begin > latest) === true ? false : null);
  const start = at(facts.work.start) ?? -Infinity;
  const end = at(facts.work.end);
  return every([
    beginsBy(start, start),
    until === null || end === null ? null : end <= until,
    ...(rows ?? [])
      .filter(({ attribution }) => attribution !== 'other')
      .flatMap(({ service, began, certain, possible }) => [
        announces(notice, service),
        beginsBy(began.earliest, began.latest),
        until === null ? null : possible.end <= until ? true : (certain?.end ?? -Infinity) > until ? false : null,
      ]),
    rows === null ? null : true,
  ]);
}

/** How long before the start the last of the channels had told; null where one of them never did. */
function leadTime(start: number, perChannel: readonly (readonly Notice[])[]): Measured | null {
  const leads = perChannel.map((list) =>
    Math.max(-Infinity, ...list.map((notice) => start - (at(notice.at) ?? Infinity))),
  );
  const lead = Math.min(...leads);
  return Number.isFinite(lead) ? { low: lead, high: lead, unit: 'ms' } : null;
}
