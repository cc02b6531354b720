/** The commented plan that `plan new` writes. */
import { koreanInstant } from '@breakwater/rules/plan';
import { argvOf, partsOf, type Answers } from './answers.ts';

/** What is not asked but found out: the digest of the authority document. */
export interface Composed extends Answers {
  readonly authorityDigest: string;
}

const q = (text: string): string => JSON.stringify(text);
const list = (texts: readonly string[]): string => `[${texts.map(q).join(', ')}]`;
const one = (answers: Answers, name: string): string => {
  const answer = answers[name];
  return typeof answer === 'string' ? answer : (answer?.[0] ?? '');
};
const all = (answers: Answers, name: string): readonly string[] => {
  const answer = answers[name] ?? [];
  return typeof answer === 'string' ? [answer].filter((text) => text !== '') : answer;
};

/** A plan in YAML with a comment above each part. Throws BreakwaterError for answers that cannot be written down. */
export function composePlan(answers: Composed): string {
  const kind = one(answers, 'kind');
  return [head(answers), kind === 'security-test' ? test(answers) : patch(answers), around(answers)].join('\n');
}

function head(answers: Composed): string {
  const end = Date.parse(one(answers, 'end'));
  const validUntil = Number.isNaN(end) ? one(answers, 'end') : koreanInstant(end + 30 * 86_400_000);
  return `# 작업계획서 (breakwater.plan/1). 내용이 바뀌면 승인이 무효가 됩니다.
# Work plan. Any change voids its approvals, and the rehearsals of changed steps.
schema: breakwater.plan/1
id: ${q(one(answers, 'id'))}
institution: ${q(one(answers, 'institution'))}
kind: ${one(answers, 'kind')}
urgency: planned # emergency: only with the unchanged steps of an approved playbook
activity: ${q(one(answers, 'activity'))}
title: { ko: ${q(one(answers, 'title-ko'))}, en: ${q(one(answers, 'title-en'))} }
author: ${q(one(answers, 'author'))} # may not approve it

# 작업 권한: 문서의 SHA-256, 서명자, 유효기간.
# The written authority for the work, by its digest.
authority: { document: ${answers.authorityDigest}, signer: ${q(one(answers, 'signer'))}, validUntil: ${q(validUntil)} }

# 작업 시간과 이후 관찰 시간. When, and how long the services are watched afterwards.
window: { start: ${q(one(answers, 'start'))}, end: ${q(one(answers, 'end'))}, observe: PT24H }
services: ${list(all(answers, 'service'))}
host: ${q(one(answers, 'host'))} # the guardd host that executes it
`;
}

function patch(answers: Composed): string {
  const fixes = all(answers, 'fix');
  return `# 금융위·금감원·금융보안원이 전파한 권고. Advisories that FSC, FSS or FSI disseminated.
advisories: ${list(all(answers, 'advisory'))}
${fixes.length === 0 ? '' : `fixes: ${list(fixes)}\n`}otherChanges: false # true when anything else changes too

# 단계: check는 이미 되었는지, do는 실행, undo는 원복. 셸을 거치지 않습니다.
# check: is it done already (exit 0); do; undo. Lists of arguments, no shell.
steps:
  - id: change
    title: { ko: ${q(one(answers, 'title-ko'))}, en: ${q(one(answers, 'title-en'))} }
    driver: command # command, http or manual
    check: { run: ${list(argvOf('check', one(answers, 'check')))} }
    do: { run: ${list(argvOf('do', one(answers, 'do')))} }
    undo: { run: ${list(argvOf('undo', one(answers, 'undo')))} }
    wayBack: undo # undo, failover, restore, forward-fix, or none: a commit point
    timeout: PT5M
    onStop: finish # or cut
`;
}

function test(answers: Composed): string {
  const targets = all(answers, 'target').map((text) => {
    const [cidr = '', ports = ''] = partsOf('target', text, /^([^=\s]+)=([^=\s]+)$/, '10.66.0.10/32=tcp/8080');
    return `    - { cidr: ${q(cidr)}, ports: ${list(ports.split(','))} }`;
  });
  const run = argvOf('run', one(answers, 'run'));
  const window = `{ start: ${q(one(answers, 'start'))}, end: ${q(one(answers, 'end'))} }`;
  const end = Date.parse(one(answers, 'end'));
  const validUntil = Number.isNaN(end) ? one(answers, 'end') : koreanInstant(end + 30 * 86_400_000);
  const never = all(answers, 'never');
  return `# 시험 범위: 여기 적힌 곳 외에는 커널이 막습니다. What the cage lets through, and nothing else.
scope:
  schema: breakwater.scope/1
  # 공인 주소나 남의 시스템은 대상마다 authority가 따로 필요합니다.
  # Public addresses and systems of others need an authority of their own: { cidr, ports, authority: {..., owner: {...}} }
  targets:
${targets.join('\n')}
  never: ${list(never)} # 대상보다 먼저 막는 곳. Denied ahead of the targets, besides metadata, broadcast and Breakwater itself
  # names: [{ name: bank.example, address: 10.66.0.10 }] 서명할 때의 주소로 고정. Pinned: the cage asks no name server
  caps: { newConnectionsPerSecond: 50, newConnectionsPerSecondPerDestination: 10, packetsPerSecond: 500, concurrent: 20, bytes: 10000000 }
  window: ${window} # 하루를 넘지 않습니다. At most a day
  lease: PT2S # 갱신이 끊기면 이 시간 뒤 트래픽이 저절로 멈춥니다. Traffic stops by itself this long after the last renewal
  memoryBytes: 536870912
  processes: 64
  attempts: { stopAfter: 10 } # 범위 밖 시도가 이보다 많으면 시험을 멈춥니다. More attempts outside the scope end the test
  # http: { methods: [GET, HEAD], paths: { deny: [/admin] }, logins: [{ path: /login, account: user, attempts: 2 }] }
  authority: { document: ${answers.authorityDigest}, signer: ${q(one(answers, 'signer'))}, validUntil: ${q(validUntil)} }
# kind: command, nmap, nuclei, agent, mcp, acp. agent에는 model과 budgets를 적습니다.
# An agent: { kind: agent, task: ..., model: { name: ..., endpoint: ... }, budgets: { steps: 200, tokens: 400000, time: PT1H }, usesAi: true }
tester: { kind: ${q(toolOf(run))}, run: ${list(run)}, usesAi: ${one(answers, 'ai') === 'yes'} }
`;
}

/** A tool whose report is read while it works has a kind of its own. */
function toolOf([program = '']: readonly string[]): string {
  return ['nmap', 'nuclei'].find((tool) => program === tool || program.endsWith(`/${tool}`)) ?? 'command';
}

function around(answers: Composed): string {
  const probes = all(answers, 'probe').map((text, i) => {
    const [service = '', url = ''] = partsOf('probe', text, /^([^=\s]+)=(\S+)$/, 'service=http://address');
    return `  - { id: probe-${i + 1}, service: ${q(service)}, kind: http, url: ${q(url)}, expect: { status: 200, within: PT1S }, every: PT0.5S, downAfter: 3, upAfter: 3 }`;
  });
  const attested = one(answers, 'attested-by') || one(answers, 'signer');
  const meter = one(answers, 'damage-meter');
  const damage =
    meter === ''
      ? `{ kind: none, attestedBy: ${q(attested)} }`
      : `{ kind: http-json, url: ${q(meter)}, pointer: /krw, every: PT1S }`;
  const isolate = one(answers, 'isolate');
  const rejoin = one(answers, 'rejoin');
  const isolation =
    isolate === ''
      ? ''
      : `  - { kind: module-isolation, driver: command, do: { run: ${list(argvOf('isolate', isolate))} }${rejoin === '' ? '' : `, undo: { run: ${list(argvOf('rejoin', rejoin))} }`} }\n`;
  const alternatives = all(answers, 'alternative').map((text) => {
    const form = /^([^=]+)=([^=\s]+)=([0-9:]+)-([0-9:]+)$/;
    const [name = '', service = '', opens = '', closes = ''] = partsOf(
      'alternative',
      text,
      form,
      'ATM=atm=00:00-24:00',
    );
    return `{ name: ${q(name)}, service: ${q(service)}, opens: ${q(opens)}, closes: ${q(closes)} }`;
  });
  const isTest = one(answers, 'kind') === 'security-test';
  const slower = `, slowerBy: { ${all(answers, 'service')
    .map((service) => `${q(service)}: { percent: 50, over: PT5S }`)
    .join(', ')} }`;
  return `# 모든 서비스에 탐침을 둡니다. 탐침이 없으면 중단 시간을 알 수 없습니다.
# A probe for every service; answers later than "within" count as failures.
${isTest ? '# 로그인하는 시험에는 로그인 여정(requests 둘 이상) 탐침을 두십시오. A test that logs in needs a probe that logs in.\n' : ''}probes:
${probes.join('\n')}
meters:
  damage: ${damage}
  records: { kind: none, attestedBy: ${q(attested)} }

# 가드가 지키는 한도. Limits that the guard keeps.${isTest ? ' slowerBy: 응답이 기준보다 50% 넘게 느려지면 멈춥니다.' : ''}
limits: { outage: ${q(one(answers, 'outage'))}, damage: ${one(answers, 'damage')}, records: 0, personalCredit: 0, takeoverGrace: PT5S${isTest ? slower : ''} }
measures:
  - { kind: kill-switch }
  - { kind: rollback }
${isolation}
# 사전 모의수행. Rehearsals on a stand-in: they measure the way back.
rehearse: { host: ${q(one(answers, 'rehearse-host'))}, atLeast: 3 }

# 사전 안내와 피해구제. Advance notice to customers, and relief.
notice:
  leadTime: ${q(one(answers, 'lead-time'))}
  channels: [website, sms]
  services: ${list(all(answers, 'service'))}
  alternativeChannels: [${alternatives.join(', ')}]
relief: { claimsUntil: P30D, contact: ${q(one(answers, 'contact'))} }
approvals: { needed: ${one(answers, 'approvals')} }
# 비상 대기가 필요한 협력업체. Suppliers who have to be on call; [] = none.
vendors: []
`;
}
