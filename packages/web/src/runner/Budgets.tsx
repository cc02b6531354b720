import type { ReactNode } from 'react';
import { BudgetBar, Duration, Icon } from '#parts';
import { count, exactWon, useLanguage, useWords, won } from '#words';
import type { RunLimits } from '@breakwater/rules/guard';
import { minorBounds } from './bounds.ts';
import { damageOf, outageOf, personalCreditOf, recordsOf, type Range, type Seen } from './figures.ts';
import { runWords } from './words.ts';
import css from './budgets.module.css';

/** The four budgets: outage, damage, records, and personal credit information as a tripwire without a bar. */
export function Budgets({ seen }: { seen: Seen }): ReactNode {
  const say = useWords(runWords);
  const language = useLanguage();
  const { limits } = seen;
  const outage = outageOf(seen);
  const damage = damageOf(seen);
  return (
    <section className={css['budgets']} aria-label={say('budgets')}>
      <div>
        <Head title={say('outage')} about={minorBounds.outageMs === null ? '' : say('minorOutage')} />
        <p className={outage !== null && outage > limits.outageMs ? 'crossed' : undefined}>
          <b>{outage === null ? say('unknown') : <Duration ms={outage} rounding="used" />}</b>{' '}
          <span className="second">
            / {say('plan')} <Duration ms={limits.outageMs} rounding="left" />
          </span>
        </p>
        <Bar
          used={outage === null ? null : { low: outage, high: outage }}
          limit={limits.outageMs}
          bound={minorBounds.outageMs}
        />
        <p className="quiet">
          {outage === null ? (
            say('unknownNow')
          ) : (
            <>
              {say('toLimit')} <Duration ms={Math.max(0, limits.outageMs - outage)} rounding="left" />
            </>
          )}
        </p>
      </div>
      <div>
        <Head title={say('damage')} about={say('minorDamage')} />
        <p className={isCrossed(damage, limits.damageWon) ? 'crossed' : undefined}>
          <b title={damage?.high === null || damage === null ? undefined : exactWon(damage.high, language)}>
            {damage === null || damage.high === null ? say('unknown') : won(damage.high, language)}
          </b>{' '}
          <span className="second">
            / {say('plan')} {won(limits.damageWon, language)}
          </span>
        </p>
        <Bar used={damage} limit={limits.damageWon} bound={minorBounds.damageWon} />
        <p className="quiet">{damageAbout(damage, say, language)}</p>
      </div>
      <Records seen={seen} />
      <PersonalCredit seen={seen} />
    </section>
  );
}

type RunSay = ReturnType<typeof useWords<keyof (typeof runWords)['ko']>>;

function damageAbout(damage: Range | null, say: RunSay, language: 'ko' | 'en'): string {
  if (damage === null) return say('unknownCounts');
  if (damage.high === null) return say('noUpperEnd', { low: won(damage.low, language) });
  if (damage.low === damage.high) return say('exact');
  return say('rangeUpper', { low: won(damage.low, language), high: won(damage.high, language) });
}

function Records({ seen }: { seen: Seen }): ReactNode {
  const say = useWords(runWords);
  const records = recordsOf(seen);
  const { limits } = seen;
  return (
    <div>
      <Head title={say('records')} about={say('minorRecords')} />
      <p className={isCrossed(records, limits.records) ? 'crossed' : undefined}>
        <b>
          {records === null || records.high === null ? say('unknown') : say('recordsN', { n: count(records.high) })}
        </b>{' '}
        <span className="second">
          / {say('plan')} {say('recordsN', { n: count(limits.records) })}
        </span>
      </p>
      <Bar used={records} limit={limits.records} bound={minorBounds.records} />
      <p className="quiet">{records === null ? say('unknownCounts') : say('unclassifiedCount')}</p>
    </div>
  );
}

function PersonalCredit({ seen }: { seen: Seen }): ReactNode {
  const say = useWords(runWords);
  const credit = personalCreditOf(seen);
  const { personalCredit }: RunLimits = seen.limits;
  return (
    <div>
      <Head title={say('credit')} about={say('creditNoBound')} />
      <p className={isCrossed(credit, personalCredit) ? 'crossed' : undefined}>
        <b>{credit === null || credit.high === null ? say('unknown') : say('recordsN', { n: count(credit.high) })}</b>{' '}
        <span className="second">/ {say('creditTrips', { n: count(personalCredit + 1) })}</span>
      </p>
      <p className={css['tripwire']}>
        <Icon name={credit === null ? 'unknown' : 'guarded'} />
        {credit === null ? say('creditBlind') : say('creditWatched')}
      </p>
    </div>
  );
}

function isCrossed(used: Range | null, limit: number): boolean {
  return used !== null && used.high !== null && used.high > limit;
}

function Head({ title, about }: { title: string; about: string }): ReactNode {
  return (
    <div className={css['head']}>
      <h3>{title}</h3>
      <span className="quiet">{about}</span>
    </div>
  );
}

function Bar({ used, limit, bound }: { used: Range | null; limit: number; bound: number | null }): ReactNode {
  const whole = Math.max(bound ?? limit, limit, 1);
  return (
    <BudgetBar
      low={(used?.low ?? 0) / whole}
      high={used === null ? 0 : (used.high ?? whole) / whole}
      limit={limit / whole}
      crossed={isCrossed(used, limit)}
    />
  );
}
