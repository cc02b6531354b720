import { useNavigate } from '@tanstack/react-router';
import { useMemo, type ReactNode } from 'react';
import { useSession } from '#api';
import { Holding } from '#parts';
import { Page, paths } from '#shell';
import { useWords } from '#words';
import { Editor } from './Editor.tsx';
import { planWords } from './words.ts';

const dayMs = 86_400_000;

/** A plan that is not written yet: what must be there, with values that say that they are to be replaced. */
export function NewPlanPage(): ReactNode {
  const say = useWords(planWords);
  const navigate = useNavigate();
  const { data, error } = useSession();
  const institution = data?.institution ?? 'my-bank';
  const author = data?.person ?? 'p-03';
  const original = useMemo(() => blank(institution, author, new Date()), [institution, author]);
  return (
    <Page title={say('newPlan')} about={<a href={paths.plans()}>{say('plans')}</a>}>
      {data === undefined && error === null ? (
        <Holding />
      ) : (
        <Editor plan="new" original={original} onSaved={(plan) => void navigate({ href: paths.plan(plan) })} />
      )}
    </Page>
  );
}

/** In three days at one o'clock in Korea, for two hours. */
function blank(institution: string, author: string, now: Date): string {
  const day = new Date(now.getTime() + 3 * dayMs + 9 * 3_600_000).toISOString().slice(0, 10);
  return `schema: breakwater.plan/1
id: ${day.slice(0, 7)}-patch
institution: ${institution}
kind: emergency-patch
urgency: planned
activity: software-patch
title: { ko: 보안 패치, en: Security patch }
author: ${author}
advisories: []
fixes: []
otherChanges: false
window: { start: ${day}T01:00:00+09:00, end: ${day}T03:00:00+09:00, observe: PT24H }
services: [service]
host: local
steps:
  - id: change
    title: { ko: 새 버전으로 전환, en: Switch to the new version }
    driver: command
    check: { run: [/bin/true] } # 0으로 끝나면 이미 완료. Exit 0 = already done
    do: { run: [/bin/true] }
    undo: { run: [/bin/true] }
    wayBack: undo
    timeout: PT5M
    onStop: finish
probes: []
limits: { outage: PT1H, damage: 30000000, records: 0, personalCredit: 0 }
measures:
  - { kind: kill-switch }
  - { kind: rollback }
rehearse: { host: staging, atLeast: 3 }
notice:
  leadTime: PT24H
  channels: [website, sms]
  services: [service]
  alternativeChannels: []
relief: { claimsUntil: P30D, contact: "15881234" }
approvals: { needed: 2 }
vendors: []
`;
}
