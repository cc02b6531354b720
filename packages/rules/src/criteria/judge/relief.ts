/** Judges of relief for consumers: prepared, and carried out. */
import type { Facts } from '../facts.ts';
import { type Ground, type Ruling, decide, ground } from '../finding.ts';
import { rangeOf } from '../range.ts';
import { at } from '../time.ts';
import { type Truth, holds, some } from '../truth.ts';
import { type Words, tellRange } from '../wording.ts';
import type { Inquiry } from './inquiry.ts';

/** KR: relief for harmed consumers is prepared (FSC decision of 2026-06-30, as reported); ours: before the start. */
export function judgeReliefPrepared({ facts }: Inquiry): Ruling {
  const start = at(facts.work.start) ?? -Infinity;
  const prepared = facts.relief?.preparedAt;
  return {
    grounds: ground(
      'relief.not-prepared',
      holds(at(prepared), (preparedAt) => preparedAt >= start),
      'not-met',
      {
        holds: {
          ko: `피해구제 절차가 작업 시작 이후(${prepared})에 마련되었습니다.`,
          en: `Relief was prepared only at ${prepared}, not before the start.`,
        },
        unknown: {
          ko: '피해구제 절차를 마련한 시각이 확인되지 않았습니다.',
          en: 'When relief was prepared is not known.',
        },
      },
    ),
    met: { ko: `피해구제 절차를 ${prepared}에 마련하였습니다.`, en: `Relief was prepared at ${prepared}.` },
  };
}

/** KR: relief is carried out where consumers are harmed (same decision). */
export function judgeReliefCarriedOut({ facts, asOf }: Inquiry): Ruling {
  const { relief } = facts;
  const harm = relief?.consumerDamage ?? null;
  const made = claimsMade(relief?.claims);
  const figures = figuresOf(relief?.claims);
  const met =
    made === true
      ? {
          ko: `피해 청구가 모두 처리되고 지급되었습니다: ${figures.ko}.`,
          en: `All claims are decided and paid: ${figures.en}.`,
        }
      : {
          ko: `피해구제를 ${relief?.implementedAt}에 이행하였습니다.`,
          en: `Relief was carried out at ${relief?.implementedAt}.`,
        };
  if (harm === null) {
    const words = { ko: '소비자 피해 유무가 확인되지 않았습니다.', en: 'Whether consumers were harmed is not known.' };
    return { grounds: [{ rule: 'relief.harm-unknown', status: 'undetermined', words }], met };
  }
  if (!harm) {
    const words = { ko: '소비자 피해가 없었습니다.', en: 'No consumer was harmed.' };
    return { grounds: [{ rule: 'relief.no-harm', status: 'not-applicable', words }], met };
  }
  const over: Truth = holds(at(relief?.claimsUntil), (until) => asOf > until);
  const amount = relief?.claims?.openAmount;
  return {
    grounds: settling(made, unpaid(relief?.claims, over), notImplemented(relief, asOf, over)),
    met,
    ...(amount === null || amount === undefined ? {} : { value: { ...rangeOf(amount), unit: 'KRW' as const } }),
  };
}

type Claims = NonNullable<NonNullable<Facts['relief']>['claims']>;

/** Whether claims were made. Without any count, or with none but zeros, none are known to have been. */
function claimsMade(claims: Claims | null | undefined): Truth {
  const { open, accepted, refused, paid } = claims ?? {};
  const counts = [open, accepted, refused].filter((count) => count !== null && count !== undefined).map(rangeOf);
  if (rangeOf(paid).low >= 1 || counts.some(({ low }) => low >= 1)) return true;
  const isComplete = counts.length === 0 ? (paid ?? null) === null : counts.length === 3;
  return isComplete && counts.every(({ high }) => high === 0) ? false : null;
}

/** With claims what decides is whether they are settled, without any whether relief was carried out; where that is open, both do. */
function settling(made: Truth, withClaims: Ground[], without: Ground[]): Ground[] {
  if (made !== null) return made ? withClaims : without;
  const [one, other] = [withClaims, without].map((grounds) => decide(grounds.map(({ status }) => status)));
  if (one === other) return [...withClaims, ...without];
  const words = { ko: '청구가 있었는지 확인되지 않았습니다.', en: 'Whether claims were made is not known.' };
  return [{ rule: 'relief.claims-unknown', status: 'undetermined', words }];
}

function figuresOf(claims: Claims | null | undefined): Words {
  const [open, accepted, paid] = [claims?.open, claims?.accepted, claims?.paid].map((count) =>
    tellRange(rangeOf(count), 'claims'),
  );
  const amount = tellRange(rangeOf(claims?.openAmount), 'KRW');
  return {
    ko: `미처리 ${open?.ko}, 인정 ${accepted?.ko}, 지급 ${paid?.ko}, 미처리 금액 ${amount.ko}`,
    en: `open ${open?.en}, accepted ${accepted?.en}, paid ${paid?.en}, open amount ${amount.en}`,
  };
}

function unpaid(claims: Claims | null | undefined, over: Truth): Ground[] {
  const [open, accepted, paid] = [rangeOf(claims?.open), rangeOf(claims?.accepted), rangeOf(claims?.paid)];
  const stillOpen: Truth = open.low >= 1 ? true : open.high === 0 ? false : null;
  const underpaid: Truth =
    paid.high !== null && paid.high < accepted.low
      ? true
      : accepted.high !== null && paid.low >= accepted.high
        ? false
        : null;
  const pending = some([stillOpen, underpaid]);
  const figures = figuresOf(claims);
  const settled = pending === true && over !== true ? null : pending;
  return ground('relief.unpaid', settled, 'not-met', {
    holds: {
      ko: `청구 기한이 지났으나 처리되지 않았거나 지급되지 않은 청구가 있습니다: ${figures.ko}.`,
      en: `The period for claims is over, and claims are open or unpaid: ${figures.en}.`,
    },
    unknown: {
      ko: `처리되지 않았거나 지급되지 않은 청구가 있는지 확정되지 않았습니다: ${figures.ko}.`,
      en: `Claims are open or unpaid, or not known: ${figures.en}.`,
    },
  });
}

/** Without known claims: what decides is whether relief was carried out by now; a later time is a plan. */
function notImplemented(relief: Facts['relief'], asOf: number, over: Truth): Ground[] {
  const implemented = holds(at(relief?.implementedAt), (implementedAt) => implementedAt <= asOf) === true;
  return ground('relief.not-implemented', implemented ? false : over === true ? true : null, 'not-met', {
    holds: {
      ko: `청구 기한(${relief?.claimsUntil})이 지났으나 피해구제가 이행되지 않았습니다.`,
      en: `The period for claims (until ${relief?.claimsUntil}) is over and relief was not carried out.`,
    },
    unknown: { ko: '피해구제가 아직 이행되지 않았습니다.', en: 'Relief has not been carried out yet.' },
  });
}
