/** What faults are called that lie in the work itself: its scope, its time, its way back, its limits. */
import { driverReturns, driverWaysBack, groupContinuity } from './wording-drivers.ts';
import { amount, at, en, ko, say, unknown } from './say.ts';

export const wordingOfWork = {
  'scope.undisseminated': {
    'outside-activity': (v: { activity: string }) =>
      say(
        `작업 종류 "${v.activity}"은(는) 긴급 패치(운영체제·소프트웨어 패치, 이에 준하는 장비 변경)에 해당하지 않습니다. activity를 고치십시오.`,
        `The activity "${v.activity}" is no emergency patch (OS patch, software patch or comparable equipment change): correct activity.`,
      ),
    none: () =>
      say(
        '금융위·금감원·금융보안원이 전파한 권고가 없습니다. advisories에 전파 문서를 적거나, 시작 전에 금융보안원에 전파를 요청하십시오.',
        'No advisory disseminated by FSC, FSS or FSI is named. Name it in advisories, or ask FSI to relay one before the start.',
      ),
    'not-received': (v: { id: string }) =>
      say(
        `권고 ${v.id}의 수신 기록이 없습니다. 수신 증적을 등록하십시오.`,
        `Advisory ${v.id} is not on record as received: register its receipt.`,
      ),
    'other-sender': (v: { id: string; by: string }) =>
      say(
        `권고 ${v.id}은(는) ${v.by}이(가) 전파했습니다. 금융위·금감원·금융보안원의 전파가 필요합니다.`,
        `Advisory ${v.id} was disseminated by ${v.by}; dissemination by FSC, FSS or FSI is asked for.`,
      ),
    late: (v: { id: string; received: number; start: number }) =>
      say(
        `권고 ${v.id}의 수신(${at(v.received)})이 작업 시작(${at(v.start)})보다 늦습니다.`,
        `Advisory ${v.id} was received (${at(v.received)}) after the start of the work (${at(v.start)}).`,
      ),
    'no-proof': (v: { id: string }) =>
      say(
        `권고 ${v.id}의 전파를 입증할 자료가 없습니다.`,
        `There is no proof that advisory ${v.id} was disseminated: add the document or an attestation.`,
      ),
    'covers-part': (v: { id: string }) =>
      say(
        `권고 ${v.id}이(가) 작업 내용 전부를 다루지 않습니다. 나머지 변경을 분리하십시오.`,
        `Advisory ${v.id} does not cover all of the work: separate the rest.`,
      ),
    'partly-known': (v: { id: string }) =>
      say(
        `권고 ${v.id}의 전파 기관, 접수 시각, 증빙, 작업 내용을 모두 다루는지 가운데 확인되지 않은 것이 있습니다.`,
        `Of advisory ${v.id} it is not all known: who disseminated it, when, with which proof, and whether it covers all of the work.`,
      ),
    'other-changes': () =>
      say(
        '전파된 취약점과 무관한 변경이 함께 들어 있습니다. 별도 작업으로 분리하십시오.',
        'The work changes more than the disseminated vulnerability asks for: move the rest into a work of its own.',
      ),
    'other-changes-unknown': () =>
      say(
        '다른 변경이 함께 들어 있는지 적혀 있지 않습니다. otherChanges에 적으십시오.',
        'Whether the work changes anything else is not stated: state it in otherChanges.',
      ),
    'not-known': () => unknown(say('권고의 전파 여부를', 'how the advisories were disseminated')),
  },
  'scope.no-ai': {
    'outside-activity': (v: { activity: string }) =>
      say(
        `작업 종류 "${v.activity}"은(는) 보안 테스트(취약점 점검, 포트 점검, 자동화 모의침투)에 해당하지 않습니다. activity를 고치십시오.`,
        `The activity "${v.activity}" is no security test (vulnerability scan, port scan or automated penetration attempt): correct activity.`,
      ),
    'no-ai': () =>
      say(
        'AI를 활용하지 않는 테스트입니다. 보도된 문구는 AI 활용 테스트를 대상으로 하므로 심의가 필요할 수 있습니다.',
        'The test does not use AI. The measure as reported speaks of tests with AI, so this is for the committee to decide.',
      ),
    'ai-unknown': () =>
      say(
        'AI 활용 여부가 적혀 있지 않습니다. tester.usesAi에 적으십시오.',
        'Whether AI is used is not stated: state it in tester.usesAi.',
      ),
  },
  'pre-test.missing': {
    none: () =>
      say(
        '사전 테스트 계획이 없습니다. rehearse에 모의수행 대상과 횟수를 적으십시오.',
        'No pre-test is planned: name the stand-in and the number of rehearsals in rehearse.',
      ),
  },
  'kill-switch.missing': {
    none: () =>
      say(
        '킬스위치가 없습니다. measures에 kill-switch를 넣으십시오.',
        'There is no kill switch: add kill-switch to measures.',
      ),
    'host-unknown': (v: { host: string }) =>
      say(`실행 호스트 ${v.host}의 정지 수준을 알 수 없습니다.`, `How work is stopped on host ${v.host} is not known.`),
    cooperative: (v: { host: string }) =>
      say(
        `실행 호스트 ${v.host}의 격리는 협조 수준(cooperative)입니다. 프록시를 따르지 않는 도구는 막지도 멈추지도 못하므로 킬스위치로 인정되지 않습니다.`,
        `Host ${v.host} offers a cooperative cage only: it neither holds nor stops a tool that ignores its proxy, so it is no kill switch.`,
      ),
    'weak-level': (v: { host: string; level: string }) =>
      say(
        `실행 호스트 ${v.host}은(는) 커널 수준 정지를 보장하지 못합니다(${v.level}). 하위 프로세스가 남을 수 있습니다.`,
        `Host ${v.host} cannot stop work by kernel means (${v.level}): processes that leave their group may live on.`,
      ),
  },
  'isolation.missing': {
    none: () =>
      say(
        '서비스 모듈 격리 수단이 없습니다. measures에 module-isolation을 넣으십시오.',
        'No service module can be isolated: add module-isolation to measures.',
      ),
  },
  'continuity.missing': {
    ...groupContinuity,
    none: () =>
      say(
        '원복·페일오버·수작업 처리 중 어느 것도 없습니다. measures에 하나 이상 넣으십시오.',
        'There is neither rollback, failover nor manual processing: add at least one to measures.',
      ),
    'rollback-empty': () =>
      say(
        '원복을 수단으로 적었으나 되돌릴 수 있는 단계가 없습니다. 단계에 undo를 적으십시오.',
        'Rollback is named, but no step can be undone: give the steps an undo.',
      ),
    policy: (v: { measure: string }) =>
      say(
        `회사 기준이 요구하는 수단 ${v.measure}이(가) 없습니다.`,
        `The company's policy asks for the measure ${v.measure}, which is missing.`,
      ),
  },
  'limits.beyond-policy': {
    'outage-bound': (v: { limit: number; bound: number }) =>
      say(
        `중단 한도 ${ko(v.limit)}이(가) 경미 기준 ${ko(v.bound)} 이하를 넘습니다. 한도를 낮추십시오.`,
        `The outage limit of ${en(v.limit)} is above the bound of a minor disruption, ${en(v.bound)} at most: lower it.`,
      ),
    'outage-policy': (v: { limit: number; bound: number }) =>
      say(
        `중단 한도 ${ko(v.limit)}이(가) 회사 기준 ${ko(v.bound)}을(를) 넘습니다. 한도를 낮추십시오.`,
        `The outage limit of ${en(v.limit)} is above the policy's ${en(v.bound)}: lower it.`,
      ),
    'damage-bound': (v: { limit: number; bound: number }) =>
      say(
        `손해 한도 ${amount(v.limit)}원이 경미 기준 ${amount(v.bound)}원 미만이 아닙니다. 한도를 낮추십시오.`,
        `The damage limit of KRW ${amount(v.limit)} is not below the bound of a minor disruption, KRW ${amount(v.bound)}: lower it.`,
      ),
    'damage-policy': (v: { limit: number; bound: number }) =>
      say(
        `손해 한도 ${amount(v.limit)}원이 회사 기준 ${amount(v.bound)}원을 넘습니다. 한도를 낮추십시오.`,
        `The damage limit of KRW ${amount(v.limit)} is above the policy's KRW ${amount(v.bound)}: lower it.`,
      ),
    'records-bound': (v: { limit: number; bound: number }) =>
      say(
        `유출 한도 ${amount(v.limit)}건이 경미 기준 ${amount(v.bound)}건 미만이 아닙니다. 한도를 낮추십시오.`,
        `The limit of ${amount(v.limit)} records is not below the bound of a minor disruption, ${amount(v.bound)}: lower it.`,
      ),
    'records-policy': (v: { limit: number; bound: number }) =>
      say(
        `유출 한도 ${amount(v.limit)}건이 회사 기준 ${amount(v.bound)}건을 넘습니다. 한도를 낮추십시오.`,
        `The limit of ${amount(v.limit)} records is above the policy's ${amount(v.bound)}: lower it.`,
      ),
    'personal-credit': (v: { limit: number; bound: number }) =>
      say(
        `개인신용정보 한도 ${amount(v.limit)}건이 ${amount(v.bound)}건을 넘습니다. 개인신용정보는 한 건부터 별도 적용 대상입니다.`,
        `The limit of ${amount(v.limit)} personal credit records is above ${amount(v.bound)}: from the first one on, other law applies.`,
      ),
    scope: (v: { ko: string; en: string }) => say(v.ko, v.en),
    'not-known': () => unknown(say('회사의 한도 기준을', "the company's policy")),
  },
  'pnr.impossible': {
    ...driverReturns,
    detection: (v: { service: string; detect: number; outage: number }) =>
      say(
        `${v.service}의 장애를 알아채는 데만 ${ko(v.detect)} 걸려 중단 한도 ${ko(v.outage)} 안에 되돌릴 수 없습니다. 탐침 주기를 줄이거나 한도를 조정하십시오.`,
        `Seeing that ${v.service} is down takes ${en(v.detect)}, which leaves no time within the outage limit of ${en(v.outage)}: probe more often, or correct the limit.`,
      ),
    unrehearsed: (v: { step: string }) =>
      say(
        `단계 ${v.step}까지의 원복 시간이 측정되지 않아 시작할 수 없습니다.`,
        `Rolling back up to step ${v.step} was never measured, so it may not start.`,
      ),
    'too-long': (v: { step: string; needed: number; outage: number }) =>
      say(
        `단계 ${v.step} 이후 되돌리는 데 ${ko(v.needed)} 필요하여 중단 한도 ${ko(v.outage)}을(를) 넘습니다.`,
        `Turning back after step ${v.step} takes ${en(v.needed)}, more than the outage limit of ${en(v.outage)}.`,
      ),
    'step-crosses': (v: { step: string; stepMs: number; left: number }) =>
      say(
        `단계 ${v.step}의 소요 시간 ${ko(v.stepMs)}이(가) 원복 결정 시한까지의 ${ko(v.left)}을(를) 넘습니다.`,
        `Step ${v.step} takes ${en(v.stepMs)}, but the point of no return comes after ${en(v.left)}.`,
      ),
    'window-too-short': (v: { needed: number; window: number }) =>
      say(
        `모든 단계와 원복에 ${ko(v.needed)} 필요하나 작업 시간은 ${ko(v.window)}입니다.`,
        `All steps and the way back take ${en(v.needed)}; the window is ${en(v.window)} long.`,
      ),
    'not-shown': (v: { step: string }) =>
      say(
        `단계 ${v.step}까지의 원복 시간이 이 계획의 모의수행에서 측정한 값인지 확인되지 않았습니다.`,
        `Whether the rollback times up to step ${v.step} were measured on this very plan is not shown.`,
      ),
    'not-known': () => unknown(say('모의수행에서 측정한 원복 시간을', 'rehearsed rollback times')),
  },
  'window.past': {
    ended: (v: { end: number; now: number }) =>
      say(
        `작업 시간이 끝났습니다(종료 ${at(v.end)}, 현재 ${at(v.now)}). 새 작업 시간을 정하고 다시 승인받으십시오.`,
        `The window is over (end ${at(v.end)}, now ${at(v.now)}): set a new one and have it approved.`,
      ),
    scope: (v: { ko: string; en: string }) => say(v.ko, v.en),
    'not-known': () => unknown(say('현재 시각을', 'the time')),
  },
  'window.protected-day': {
    touched: (v: { date: string; ko: string; en: string }) =>
      say(
        `작업 시간이 보호일 ${v.date}${v.ko === '' ? '' : ` ${v.ko}`}에 걸칩니다. 다른 날로 옮기십시오.`,
        `The window touches the protected day ${v.date}${v.en === '' ? '' : `, ${v.en}`}: move it.`,
      ),
    'calendar-ends': (v: { last: number }) =>
      say(
        `${v.last}년 이후의 명절을 알 수 없습니다. 보호일을 회사 기준에 날짜로 적으십시오.`,
        `Festivals after ${v.last} are not known here: put the dates into the policy.`,
      ),
    'not-known': () => unknown(say('회사의 보호일을', "the company's protected days")),
  },
  'window.conflict': {
    overlaps: (v: { plan: string; from: number; to: number; service: string }) =>
      say(
        `${at(v.from)}부터 ${at(v.to)}까지 작업 ${v.plan}과(와) 서비스 ${v.service}에서 겹칩니다. 원인을 가릴 수 없게 됩니다.`,
        `From ${at(v.from)} to ${at(v.to)} work ${v.plan} touches the service ${v.service} too: a disruption could not be told apart.`,
      ),
    'when-unknown': (v: { plan: string }) =>
      say(
        `작업 ${v.plan}의 시작과 종료 시각을 알 수 없어 겹치는지 판단하지 않았습니다.`,
        `When work ${v.plan} starts and ends is not known, so whether it overlaps was not judged.`,
      ),
    'not-known': () => unknown(say('다른 작업 일정을', 'other works')),
  },
  'probe.missing': {
    none: (v: { service: string }) =>
      say(
        `서비스 ${v.service}을(를) 감시하는 탐침이 없습니다. probes에 넣으십시오.`,
        `Nothing probes the service ${v.service}, so its outage would not be known: add a probe.`,
      ),
    'no-login-journey': () =>
      say(
        '시험이 로그인을 시도하나 로그인 여정을 확인하는 탐침이 없습니다. 계정이 잠겨도 알 수 없습니다. requests가 둘 이상인 탐침을 넣으십시오.',
        'The test logs in, but no probe does: locked accounts would not be seen. Add a probe with several requests that logs in.',
      ),
    meter: (v: { meter: string }) =>
      say(
        `실행 중 ${v.meter}을(를) 재는 계측기가 없습니다. 한도를 지키는지 알 수 없습니다. meters에 적으십시오.`,
        `Nothing meters ${v.meter} during the run, so whether its limit holds is not known: describe it in meters.`,
      ),
  },
  'step.no-way-back': {
    ...driverWaysBack,
    nothing: (v: { step: string }) =>
      say(
        `단계 ${v.step}에 원복 수단이 없습니다. undo를 적거나, 되돌릴 수 없는 단계이면 wayBack: none으로 밝히십시오.`,
        `Step ${v.step} has no way back: give it an undo, or declare a commit point with wayBack: none.`,
      ),
    'failover-missing': (v: { step: string }) =>
      say(
        `단계 ${v.step}은(는) 페일오버로 되돌린다고 했으나 measures에 failover가 없습니다.`,
        `Step ${v.step} relies on failover, but measures hold none.`,
      ),
    unrehearsed: (v: { step: string; wayBack: string }) =>
      say(
        `단계 ${v.step}의 원복 수단(${v.wayBack})을 모의수행한 기록이 없습니다. 모의수행하십시오.`,
        `The way back of step ${v.step} (${v.wayBack}) was never rehearsed: rehearse it.`,
      ),
    'not-shown': (v: { step: string }) =>
      say(
        `단계 ${v.step}의 원복 수단을 이 계획으로 모의수행하였는지 확인되지 않았습니다.`,
        `Whether the way back of step ${v.step} was rehearsed with this very plan is not shown.`,
      ),
    'commit-point': (v: { step: string }) =>
      say(
        `단계 ${v.step}은(는) 되돌릴 수 없는 단계로 밝혀져 있습니다.`,
        `Step ${v.step} is declared a commit point: there is no way back behind it.`,
      ),
    'not-known': () => unknown(say('원복 수단의 모의수행 여부를', 'rehearsals of the ways back')),
  },
  'rehearsal.missing': {
    'no-stand-in': (v: { target: string }) =>
      say(
        `대상 ${v.target}을(를) 대신할 것이 없어 모의수행할 수 없습니다. standIn에 모의수행 대상의 주소와 호스트 키를 적으십시오.`,
        `Nothing stands in for the target ${v.target}, so it cannot be rehearsed: give its stand-in's address and host key in standIn.`,
      ),
    'too-few': (v: { passed: number; needed: number }) =>
      say(
        `현재 계획과 같은 단계로 통과한 모의수행이 ${v.passed}회입니다. ${v.needed}회가 필요합니다.`,
        `${v.passed} rehearsals of these very steps passed; ${v.needed} are needed.`,
      ),
    'below-policy': (v: { given: number; needed: number }) =>
      say(
        `계획의 모의수행 횟수 ${v.given}회가 회사 기준 ${v.needed}회보다 적습니다.`,
        `The plan asks for ${v.given} rehearsals, the policy for ${v.needed}.`,
      ),
    'not-shown': (v: { passed: number; perhaps: number; needed: number }) =>
      say(
        `모의수행 ${v.needed}회가 필요하나 ${v.perhaps}회 가운데 이 계획으로 통과한 것이 확인된 것은 ${v.passed}회입니다.`,
        `${v.needed} rehearsals are needed; of ${v.perhaps}, ${v.passed} are shown to have passed with this very plan.`,
      ),
    'not-known': () => unknown(say('모의수행 결과를', 'rehearsals')),
  },
  'rehearsal.unlike': {
    'same-host': (v: { host: string }) =>
      say(
        `모의수행 대상이 실행 호스트 ${v.host}와(과) 같습니다. 운영과 분리된 대상에서 수행하는지 확인하십시오.`,
        `The rehearsals run on the live host ${v.host}: make sure that their targets are stand-ins.`,
      ),
    'changed-steps': (v: { run: string; steps: string }) =>
      say(
        `모의수행 ${v.run} 이후 단계 ${v.steps}이(가) 바뀌었습니다. 다시 모의수행하십시오.`,
        `Since rehearsal ${v.run} these steps changed: ${v.steps}. Rehearse again.`,
      ),
    'other-host': (v: { run: string; host: string; wanted: string }) =>
      say(
        `모의수행 ${v.run}은(는) ${v.host}에서 수행되었습니다. 계획의 대상은 ${v.wanted}입니다.`,
        `Rehearsal ${v.run} ran on ${v.host}; the plan names ${v.wanted}.`,
      ),
    'too-old': (v: { run: string; age: number; maxAge: number }) =>
      say(
        `모의수행 ${v.run}은(는) ${ko(v.age)} 전의 것입니다. 기준은 ${ko(v.maxAge)} 이내입니다.`,
        `Rehearsal ${v.run} is ${en(v.age)} old; at most ${en(v.maxAge)} are allowed.`,
      ),
    'not-shown': (v: { passed: number; perhaps: number }) =>
      say(
        `모의수행 ${v.perhaps}회 가운데 같은 단계와 대상으로 한 것이 확인된 것은 ${v.passed}회입니다. 모의수행마다 planHash나 stepDigests, host, at, passed를 적으십시오.`,
        `Of ${v.perhaps} rehearsals ${v.passed} are shown to be of these steps on this host: give planHash or stepDigests, host, at and passed with each.`,
      ),
    'not-known': () => unknown(say('모의수행의 대상과 단계를', 'what was rehearsed and where')),
  },
  'playbook.changed': {
    none: () =>
      say(
        '긴급 작업이나 승인된 플레이북과 일치하지 않습니다. 플레이북의 단계를 그대로 쓰거나 planned로 바꾸어 승인받으십시오.',
        'An emergency uses the steps of an approved playbook, and none fits: use one unchanged, or make the work planned and have it approved.',
      ),
    gone: (v: { id: string }) =>
      say(`승인된 플레이북 ${v.id}이(가) 없습니다.`, `There is no approved playbook ${v.id}.`),
    hash: (v: { id: string }) =>
      say(
        `플레이북 ${v.id}이(가) 승인 이후 바뀌었습니다.`,
        `Playbook ${v.id} is not the one that the plan was made from.`,
      ),
    expired: (v: { id: string; until: number }) =>
      say(
        `플레이북 ${v.id}의 유효기간이 끝났습니다(${at(v.until)}).`,
        `Playbook ${v.id} was valid until ${at(v.until)}.`,
      ),
    step: (v: { id: string; step: string }) =>
      say(
        `단계 ${v.step}이(가) 플레이북 ${v.id}의 단계와 다릅니다.`,
        `Step ${v.step} is not the step of playbook ${v.id}.`,
      ),
    'not-known': () => unknown(say('승인된 플레이북을', 'approved playbooks')),
  },
} as const;
