/** Is the work at a time at which it may be done? */
import type { PlanCheck } from './case.ts';
import { calendarYears, protectedDaysIn } from './calendar.ts';
import { error, unjudged, type PlanFinding } from './finding.ts';
import { defaultPolicy } from './policy.ts';

export const checkWindowPast: PlanCheck = ({ now, end }) => {
  if (now === null) return [unjudged('window.past', 'not-known', '/window')];
  return now >= end ? [error('window.past', 'ended', '/window/end', { end, now })] : [];
};

/** Without a policy the default days are shown but do not decide: a company knows its own. */
export const checkProtectedDays: PlanCheck = ({ context, start, end }) => {
  const rule = 'window.protected-day';
  const { policy } = context;
  const { days, complete } = protectedDaysIn(
    start,
    end,
    policy?.protectedDays ?? defaultPolicy.protectedDays,
    policy?.holidays,
  );
  const touched = days.map(({ date, name }) => ({ date, ko: name?.ko ?? '', en: name?.en ?? '' }));
  if (policy === undefined) {
    return touched.length === 0
      ? [unjudged(rule, 'not-known', '/window')]
      : touched.map((day) => unjudged(rule, 'touched', '/window', day));
  }
  const findings: PlanFinding[] = touched.map((day) => error(rule, 'touched', '/window', day));
  return complete ? findings : [...findings, unjudged(rule, 'calendar-ends', '/window', { last: calendarYears.last })];
};

export const checkConflicts: PlanCheck = ({ plan, context, start, end }) => {
  const rule = 'window.conflict';
  if (context.otherWindows === undefined) return [unjudged(rule, 'not-known', '/window')];
  return context.otherWindows.flatMap((other, i) => {
    const name = other.plan ?? other.id ?? `#${i + 1}`;
    const shared = plan.services.filter((service) => other.services?.includes(service) ?? true);
    if (name === plan.id || shared.length === 0) return [];
    const { start: begins, end: ends } = { ...other.window, ...other };
    if (begins === undefined || ends === undefined) return [unjudged(rule, 'when-unknown', '/window', { plan: name })];
    const from = Math.max(start, Date.parse(begins));
    const to = Math.min(end, Date.parse(ends));
    if (from >= to) return [];
    return [error(rule, 'overlaps', '/window', { plan: name, from, to, service: shared.join(', ') })];
  });
};
