/** What faults are called that lie with people: customers to be told, persons who answer for the work, suppliers. */
import { amount, at, en, ko, say, unknown } from './say.ts';

export const wordingOfPeople = {
  'notice.missing': {
    none: () =>
      say(
        '사전 안내 계획이 없습니다. notice에 채널·시기·대체 채널을 적으십시오.',
        'No advance notice is planned: describe channels, lead time and alternatives in notice.',
      ),
    'not-sent': () =>
      say('시작 전에 나간 안내가 없습니다. 안내를 발송하십시오.', 'No notice went out before the start: send it.'),
    'not-known': () => unknown(say('안내 발송 여부를', 'notices that were sent')),
  },
  'notice.channel': {
    'no-website': () =>
      say(
        '홈페이지 안내가 없습니다. channels에 website를 넣으십시오.',
        'The website is not among the channels: add website.',
      ),
    'no-text': () =>
      say('문자 안내가 없습니다. channels에 sms를 넣으십시오.', 'No text message is planned: add sms to the channels.'),
    substitute: (v: { channel: string }) =>
      say(
        `문자 대신 ${v.channel}만 사용합니다. 조치 문구는 문자를 요구하므로 심의가 필요할 수 있습니다.`,
        `${v.channel} stands in for the text message, which the measure names: the committee may ask why.`,
      ),
    policy: (v: { channel: string }) =>
      say(
        `회사 기준이 요구하는 채널 ${v.channel}이(가) 없습니다.`,
        `The company's policy asks for the channel ${v.channel}, which is missing.`,
      ),
    'not-sent': (v: { channel: string }) =>
      say(`${v.channel} 안내가 시작 전에 나가지 않았습니다.`, `Nothing went out on ${v.channel} before the start.`),
    'none-delivered': (v: { channel: string; intended: number }) =>
      say(
        `${v.channel} 안내 ${amount(v.intended)}건 중 도달한 것이 없습니다.`,
        `None of ${amount(v.intended)} messages on ${v.channel} arrived.`,
      ),
    coverage: (v: { channel: string; delivered: number; intended: number; needed: number }) =>
      say(
        `${v.channel} 도달률이 기준 ${v.needed * 100}%에 미치지 못합니다(${amount(v.delivered)}/${amount(v.intended)}건).`,
        `${amount(v.delivered)} of ${amount(v.intended)} messages on ${v.channel} arrived; ${v.needed * 100} % are asked for.`,
      ),
    'coverage-unknown': (v: { channel: string }) =>
      say(`${v.channel} 도달 결과를 알 수 없습니다.`, `How many messages on ${v.channel} arrived is not known.`),
  },
  'notice.fields': {
    'no-alternative': () =>
      say(
        '대체 채널이 없습니다. alternativeChannels에 하나 이상 적으십시오.',
        'No alternative channel is named: name at least one in alternativeChannels.',
      ),
    'in-scope': (v: { name: string; service: string }) =>
      say(
        `대체 채널 "${v.name}"(${v.service})은(는) 이번 작업의 영향을 받습니다. 다른 채널을 적으십시오.`,
        `The alternative "${v.name}" (${v.service}) is itself touched by the work: name another.`,
      ),
    closed: (v: { name: string; opens: string; closes: string }) =>
      say(
        `대체 채널 "${v.name}"(${v.opens}–${v.closes})은(는) 작업 시간 전체에 열려 있지 않습니다.`,
        `The alternative "${v.name}" (${v.opens} to ${v.closes}) is not open throughout the window.`,
      ),
    services: (v: { service: string }) =>
      say(
        `안내 범위에 서비스 ${v.service}이(가) 빠졌습니다.`,
        `The notice does not speak of the service ${v.service}.`,
      ),
    'contents-unknown': (v: { channel: string }) =>
      say(
        `${v.channel} 안내에 어떤 항목이 담겼는지 알 수 없습니다.`,
        `What the notice on ${v.channel} says is not known.`,
      ),
    'field-missing': (v: { channel: string; field: string }) =>
      say(`${v.channel} 안내에 항목 ${v.field}이(가) 없습니다.`, `The notice on ${v.channel} lacks ${v.field}.`),
    'window-uncovered': (v: { channel: string }) =>
      say(
        `${v.channel}에 안내한 시간이 작업 시간을 모두 포함하지 않습니다.`,
        `The time announced on ${v.channel} does not cover the window.`,
      ),
    'services-uncovered': (v: { channel: string; service: string }) =>
      say(
        `${v.channel} 안내에 서비스 ${v.service}이(가) 빠졌습니다.`,
        `The notice on ${v.channel} does not speak of ${v.service}.`,
      ),
  },
  'notice.too-late': {
    'below-policy': (v: { given: number; needed: number }) =>
      say(
        `계획한 안내 시기(${ko(v.given)} 전)가 회사 기준(${ko(v.needed)} 전)보다 늦습니다.`,
        `The planned lead time (${en(v.given)}) is shorter than the policy's (${en(v.needed)}).`,
      ),
    'sent-late': (v: { channel: string; lead: number; needed: number }) =>
      say(
        `${v.channel} 안내가 시작 ${ko(v.lead)} 전에 나갔습니다. 기준은 ${ko(v.needed)} 전입니다.`,
        `The notice on ${v.channel} went out ${en(v.lead)} before the start; ${en(v.needed)} are asked for.`,
      ),
    'cannot-be-met': (v: { left: number; needed: number }) =>
      say(
        `시작까지 ${ko(v.left)} 남아 안내 기준 ${ko(v.needed)}을(를) 지킬 수 없습니다. 작업 시간을 늦추십시오.`,
        `${en(v.left)} are left until the start, so a lead of ${en(v.needed)} cannot be met: move the window.`,
      ),
    'not-known': () => unknown(say('안내가 나간 때를', 'when the notices went out')),
  },
  'relief.missing': {
    none: () =>
      say(
        '피해구제 준비가 없습니다. relief에 접수 기한과 연락처를 적으십시오.',
        'No relief is prepared: state in relief until when and where claims are taken.',
      ),
  },
  'approval.missing': {
    'too-few': (v: { counted: number; needed: number }) =>
      say(
        `유효한 승인이 ${v.counted}건입니다. ${v.needed}건이 필요합니다(작성자 제외, 이 계획의 해시 기준).`,
        `${v.counted} approvals count for this very plan, the author's apart; ${v.needed} are needed.`,
      ),
    role: (v: { role: string }) => say(`역할 ${v.role}의 승인이 없습니다.`, `Nobody in the role ${v.role} approved.`),
    returned: (v: { person: string }) =>
      say(`${v.person}이(가) 계획을 반려했습니다. 계획을 고치십시오.`, `${v.person} returned the plan: change it.`),
    'below-policy': (v: { given: number; needed: number }) =>
      say(
        `계획의 승인자 수 ${v.given}명이 필요한 ${v.needed}명보다 적습니다. approvals.needed를 고치십시오.`,
        `The plan asks for ${v.given} approvals, and ${v.needed} are needed: correct approvals.needed.`,
      ),
    'not-shown': (v: { counted: number; needed: number }) =>
      say(
        `승인 ${v.needed}건이 필요하나 이 계획에 대한 것으로 확인된 것은 ${v.counted}건입니다. 승인마다 planHash와 시각을 적으십시오.`,
        `${v.needed} approvals are needed and ${v.counted} are shown to be of this very plan: give planHash and time with each.`,
      ),
    'not-known': () => unknown(say('승인을', 'approvals')),
  },
  'approval.self': {
    author: (v: { person: string }) =>
      say(
        `작성자 ${v.person}의 승인은 인정되지 않습니다. 다른 사람이 승인해야 합니다.`,
        `The approval of the author ${v.person} does not count: somebody else has to approve.`,
      ),
    signer: (v: { person: string }) =>
      say(
        `작업 권한에 작성자 ${v.person} 본인이 서명했습니다. 다른 책임자가 서명해야 합니다.`,
        `The author ${v.person} signed the authority of their own work: somebody else has to.`,
      ),
  },
  'vendor.unconfirmed': {
    unconfirmed: (v: { name: string }) =>
      say(
        `협력업체 "${v.name}"의 비상 대기 확인서가 없습니다. confirmation에 적으십시오.`,
        `The supplier "${v.name}" has not confirmed to be on call: add its confirmation.`,
      ),
    'not-on-call': (v: { name: string }) =>
      say(
        `협력업체 "${v.name}"의 대기 시간이 작업 시간을 모두 포함하지 않습니다.`,
        `The supplier "${v.name}" is not on call throughout the window.`,
      ),
    unnamed: (v: { name: string }) =>
      say(
        `서비스가 의존하는 협력업체 "${v.name}"이(가) 계획에 없습니다. vendors에 적으십시오.`,
        `The services depend on the supplier "${v.name}", which the plan does not name: add it to vendors.`,
      ),
    'not-known': () =>
      say(
        '협력업체의 비상 대기가 필요한지 알 수 없습니다. vendors에 적으십시오(없으면 []).',
        'Whether suppliers have to be on call is not known: list them in vendors ([] when there are none).',
      ),
  },
  'authority.missing': {
    none: () =>
      say(
        '작업 권한 문서가 없습니다. authority에 문서·서명자·유효기간을 적으십시오.',
        'There is no written authority: state document, signer and validity in authority.',
      ),
    placeholder: () =>
      say(
        '작업 권한 문서의 해시 자리가 비어 있습니다. 문서의 SHA-256을 적으십시오.',
        'The digest of the written authority is a placeholder: write the SHA-256 of the document.',
      ),
    'scope-none': () =>
      say(
        '테스트 범위에 권한 문서가 없습니다. scope.authority에 적으십시오.',
        "The test's scope has no written authority: state it in scope.authority.",
      ),
    target: (v: { ko: string; en: string }) => say(v.ko, v.en),
    expired: (v: { until: number; end: number }) =>
      say(
        `작업 권한이 작업 종료(${at(v.end)}) 전에 만료됩니다(${at(v.until)}).`,
        `The authority ends (${at(v.until)}) before the window does (${at(v.end)}).`,
      ),
  },
} as const;
