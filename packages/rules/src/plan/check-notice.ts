/** Are customers told in time, on the right channels, and of what they need to know? */
import { isOpenThroughout } from '#notice';
import { noticeField } from '#notice/record';
import type { PlanCase, PlanCheck } from './case.ts';
import type { SentNotice } from './context.ts';
import { error, unjudged, warning, type PlanFinding } from './finding.ts';
import { defaultPolicy, leadTimeNeeded } from './policy.ts';

/** Channels that may stand in for a text message, if the committee accepts them. */
const substitutes: readonly string[] = ['push', 'email', 'alimtalk'];
const isText = (channel: string): boolean => channel === 'sms' || substitutes.includes(channel);

/** The plan's own notice section. */
export const checkPlannedNotice: PlanCheck = ({ plan, context, start, end }) => {
  const { notice } = plan;
  if (notice === undefined) return [error('notice.missing', 'none', '/notice')];
  const channels: readonly string[] = notice.channels ?? [];
  const findings: PlanFinding[] = [];
  if (!channels.includes('website')) findings.push(error('notice.channel', 'no-website', '/notice/channels'));
  const substitute = channels.find((channel) => substitutes.includes(channel));
  if (!channels.includes('sms')) {
    findings.push(
      substitute === undefined
        ? error('notice.channel', 'no-text', '/notice/channels')
        : warning('notice.channel', 'substitute', '/notice/channels', { channel: substitute }),
    );
  }
  for (const channel of context.policy?.channels ?? []) {
    const said = channel === 'website' || (channel === 'sms' && substitute === undefined);
    if (!channels.includes(channel) && !said)
      findings.push(error('notice.channel', 'policy', '/notice/channels', { channel }));
  }
  for (const service of plan.services) {
    if (notice.services?.includes(service) === false) {
      findings.push(error('notice.fields', 'services', '/notice/services', { service }));
    }
  }
  const alternatives = notice.alternativeChannels ?? [];
  if (alternatives.length === 0) findings.push(error('notice.fields', 'no-alternative', '/notice/alternativeChannels'));
  const open = alternatives.filter(
    (channel) => isOpenThroughout(channel, start, end) && !plan.services.includes(channel.service),
  );
  alternatives.forEach((channel, i) => {
    const path = `/notice/alternativeChannels/${i}`;
    const { name, service, opens, closes } = channel;
    if (plan.services.includes(service)) findings.push(error('notice.fields', 'in-scope', path, { name, service }));
    else if (!open.includes(channel)) {
      findings.push((open.length === 0 ? error : warning)('notice.fields', 'closed', path, { name, opens, closes }));
    }
  });
  return findings;
};

/** What was sent, or is about to be, held against what the plan promises. */
export const checkSentNotices: PlanCheck = (given) => {
  const { plan, context, start, now } = given;
  if (plan.notice === undefined) return [];
  const lead = checkLead(given);
  if (context.notices === undefined) return [unjudged('notice.missing', 'not-known', '/notice'), ...lead];
  const advance = context.notices.filter((notice) => isAdvance(notice, start, now));
  if (advance.length === 0) return [error('notice.missing', 'not-sent', '/notice'), ...lead];
  const wanted = plan.notice.channels ?? [];
  const findings: PlanFinding[] = [];
  for (const channel of wanted) {
    const sent = advance.filter((notice) => notice.channel === channel);
    if (sent.length === 0) findings.push(error('notice.channel', 'not-sent', '/notice/channels', { channel }));
    else findings.push(...checkContents(given, sent), ...checkDelivery(given, channel, sent));
  }
  return [...findings, ...lead];
};

/** Out before the start, or still to come while that is possible. */
function isAdvance({ at, status }: SentNotice, start: number, now: number | null): boolean {
  if (status === 'failed' || status === 'cancelled') return false;
  const sent = Date.parse(at);
  return sent < start && (now === null || sent <= now || now < start);
}

function checkContents({ plan, start, end }: PlanCase, sent: readonly SentNotice[]): PlanFinding[] {
  const judged = sent.map(({ channel, fields, announced }): PlanFinding[] => {
    const faults: PlanFinding[] =
      fields === undefined
        ? [unjudged('notice.fields', 'contents-unknown', '/notice', { channel })]
        : noticeField.options
            .filter((field) => !fields.includes(field))
            .map((field) => error('notice.fields', 'field-missing', '/notice', { channel, field }));
    if (announced === null || announced === undefined) return faults;
    if (Date.parse(announced.start) > start || Date.parse(announced.end) < end) {
      faults.push(error('notice.fields', 'window-uncovered', '/window', { channel }));
    }
    const unsaid = plan.services.filter((service) => announced.services?.includes(service) === false);
    return [
      ...faults,
      ...unsaid.map((service) => error('notice.fields', 'services-uncovered', '/services', { channel, service })),
    ];
  });
  return judged.toSorted((a, b) => a.length - b.length)[0] ?? [];
}

/** Messages that were sent have to arrive. What is still to be sent, and the website, is not judged here. */
function checkDelivery({ context, now }: PlanCase, channel: string, sent: readonly SentNotice[]): PlanFinding[] {
  const path = '/notice/channels';
  const out = sent.filter(({ at, status }) => status !== 'scheduled' && (now === null || Date.parse(at) <= now));
  if (!isText(channel) || out.length === 0) return [];
  const needed = context.policy?.coverage ?? defaultPolicy.coverage;
  let intended = 0;
  let delivered = 0;
  for (const notice of out) {
    if (typeof notice.intended !== 'number' || typeof notice.delivered !== 'number') {
      return [unjudged('notice.channel', 'coverage-unknown', path, { channel })];
    }
    intended += notice.intended;
    delivered += notice.delivered;
  }
  if (intended === 0) return [unjudged('notice.channel', 'coverage-unknown', path, { channel })];
  if (delivered === 0) return [error('notice.channel', 'none-delivered', path, { channel, intended })];
  return delivered / intended < needed
    ? [warning('notice.channel', 'coverage', path, { channel, delivered, intended, needed })]
    : [];
}

function checkLead({ plan, context, start, now }: PlanCase): PlanFinding[] {
  const rule = 'notice.too-late';
  const path = '/notice/leadTime';
  const needed = leadTimeNeeded(plan, context);
  const own = leadTimeNeeded(plan, {});
  const findings: PlanFinding[] =
    plan.notice?.leadTime !== undefined && own < needed
      ? [error(rule, 'below-policy', path, { given: own, needed })]
      : [];
  if (context.notices === undefined) return [...findings, unjudged(rule, 'not-known', path)];
  for (const channel of plan.notice?.channels ?? []) {
    const times = context.notices
      .filter((notice) => notice.channel === channel && isAdvance(notice, start, now))
      .map(({ at }) => Date.parse(at));
    const first = times.length === 0 ? null : Math.min(...times);
    if (first === null) {
      if (now !== null && start - now < needed)
        findings.push(error(rule, 'cannot-be-met', path, { left: Math.max(0, start - now), needed }));
    } else if (start - first < needed) {
      findings.push(error(rule, 'sent-late', path, { channel, lead: start - first, needed }));
    }
  }
  return withoutRepeats(findings);
}

function withoutRepeats(findings: PlanFinding[]): PlanFinding[] {
  return findings.filter((one, i) => findings.findIndex((other) => other.message.en === one.message.en) === i);
}
