/**
 * What may be done about a critical finding, drafted for the persons who decide it. Nothing here is sent: the vendor is told by
 * the Financial Security Institute (FSI) alone, and the authority decides what it disseminates.
 */
import { stringify } from 'yaml';
import type { FindingRecord } from './finding.ts';
import { harmless } from './finding-text.ts';

/** Acts beside reading. */
export type FindingAct = 'isolate' | 'report-to-fsi' | 'request-dissemination' | 'emergency-plan';

export interface FindingDraft {
  readonly mediaType: 'text/plain' | 'application/yaml';
  readonly text: string;
}

export interface DraftOptions {
  readonly institution: string;
  /** RFC 3339. */
  readonly now: string;
  /** Who asks for it: a pseudonym. */
  readonly person: string;
  /** A plan of the same services, as it was submitted, or null: a draft plan takes over what is not about its work. */
  readonly base: unknown;
}

/** Drafts an act. Text of tools is made harmless. */
export function draftOf(act: FindingAct, finding: FindingRecord, options: DraftOptions): FindingDraft {
  switch (act) {
    case 'report-to-fsi':
      return { mediaType: 'text/plain', text: reportToFsi(finding, options) };
    case 'request-dissemination':
      return { mediaType: 'text/plain', text: requestDissemination(finding, options) };
    case 'isolate':
      return { mediaType: 'application/yaml', text: isolationPlan(finding, options) };
    case 'emergency-plan':
      return { mediaType: 'application/yaml', text: emergencyPlan(finding, options) };
  }
}

function facts(finding: FindingRecord): { ko: string; en: string } {
  const { asset, protocol, port, path, cves, rule, tool, severity, seenAt, fingerprint } = finding;
  const place = `${asset} ${protocol}${port === null ? '' : `/${port}`}${path === null ? '' : ` ${path}`}`;
  const ids =
    cves.length === 0 ? { ko: '부여되지 않음', en: 'none assigned' } : { ko: cves.join(', '), en: cves.join(', ') };
  const grade = harmless(severity.given ?? severity.level ?? '-');
  const by = `${harmless(tool)} (${harmless(rule)})`;
  return {
    ko: `- 취약점: ${harmless(finding.title)}\n- 위치: ${place}\n- CVE: ${ids.ko}\n- 도구가 매긴 등급: ${grade}\n- 발견 도구: ${by}\n- 발견 일시: ${seenAt}\n- 식별값: ${fingerprint}`,
    en: `- Weakness: ${harmless(finding.title)}\n- Place: ${place}\n- CVE: ${ids.en}\n- Grade given by the tool: ${grade}\n- Found by: ${by}\n- Seen at: ${seenAt}\n- Fingerprint: ${fingerprint}`,
  };
}

function reportToFsi(finding: FindingRecord, { institution, now, person }: DraftOptions): string {
  const { ko, en } = facts(finding);
  return `[초안 · 대외비] 취약점 신고서

수신: 금융보안원
발신: ${institution} (담당 ${person})
작성 일시: ${now}

당사는 보안 테스트 중 아래 취약점을 발견하여 신고합니다.

${ko}

제조사에는 당사가 직접 알리지 않았습니다. 제조사 통보와 조치 협의는 귀 원을 통하여 진행하여 주시기 바랍니다.
확인되지 않은 사항은 확인되는 대로 추가로 알려 드리겠습니다.

---
[Draft, confidential] Report of a vulnerability

To: Financial Security Institute (FSI)
From: ${institution} (${person})
Written at: ${now}

We found the following weakness in a security test and report it.

${en}

We have not told the vendor. Please take it to the vendor on our behalf.
`;
}

function requestDissemination(finding: FindingRecord, { institution, now, person }: DraftOptions): string {
  const { ko, en } = facts(finding);
  return `[초안 · 대외비] 취약점 전파 요청

수신: 금융위원회, 금융감독원, 금융보안원
발신: ${institution} (담당 ${person})
작성 일시: ${now}

아래 취약점은 다른 금융회사에도 있을 수 있으므로 검토 후 전파하여 주시기를 요청합니다.
당사는 전파를 받은 뒤 긴급 패치 작업계획에 따라 조치할 예정입니다.

${ko}

---
[Draft, confidential] Request to disseminate a vulnerability

To: Financial Services Commission, Financial Supervisory Service, Financial Security Institute
From: ${institution} (${person})
Written at: ${now}

Other companies may have the following weakness too. Please examine it and disseminate it.
We intend to patch it under an emergency work plan once it is disseminated.

${en}
`;
}

/** What a draft takes over from a plan of the same services: everything that is not about its work and its approval. */
const takenOver = [
  'services',
  'host',
  'probes',
  'meters',
  'limits',
  'measures',
  'rehearse',
  'notice',
  'relief',
] as const;

function emergencyPlan(finding: FindingRecord, options: DraftOptions): string {
  return planOf(finding, options, 'emergency', {
    id: 'patch',
    title: { ko: '보안 패치 적용', en: 'Apply the security patch' },
    driver: 'command',
    check: { run: ['<check>'] },
    do: { run: ['<do>'] },
    undo: { run: ['<undo>'] },
    wayBack: 'undo',
    timeout: 'PT5M',
    onStop: 'finish',
  });
}

function isolationPlan(finding: FindingRecord, options: DraftOptions): string {
  const measure = isolationOf(options.base);
  return planOf(finding, options, 'isolate', {
    id: 'isolate',
    title: { ko: '서비스 모듈 격리', en: 'Isolate the service module' },
    driver: measure?.driver ?? 'command',
    do: measure?.do ?? { run: ['<isolate>'] },
    undo: measure?.undo ?? { run: ['<rejoin>'] },
    wayBack: 'undo',
    timeout: 'PT1M',
    onStop: 'finish',
  });
}

function membersOf(base: unknown): Readonly<Record<string, unknown>> {
  return typeof base === 'object' && base !== null ? { ...base } : {};
}

interface Isolation {
  readonly driver?: unknown;
  readonly do?: unknown;
  readonly undo?: unknown;
}

/** The rehearsed isolation of the plan, if it has one. */
function isolationOf(base: DraftOptions['base']): Isolation | null {
  const { measures } = membersOf(base);
  const found: unknown = Array.isArray(measures)
    ? measures.find(
        (one: unknown) => typeof one === 'object' && one !== null && Reflect.get(one, 'kind') === 'module-isolation',
      )
    : null;
  return typeof found === 'object' ? found : null;
}

function planOf(
  finding: FindingRecord,
  { institution, now, person, base }: DraftOptions,
  name: string,
  step: object,
): string {
  const start = Date.parse(now);
  const like = membersOf(base);
  const kept = Object.fromEntries(takenOver.flatMap((key) => (like[key] === undefined ? [] : [[key, like[key]]])));
  const plan = {
    schema: 'breakwater.plan/1',
    id: `${name}-${finding.fingerprint.slice(3, 15)}`,
    institution,
    kind: 'emergency-patch',
    urgency: 'emergency',
    activity: 'software-patch',
    title: { ko: '긴급 보안 조치', en: 'Emergency security work' },
    author: person,
    advisories: [],
    ...(finding.cves.length === 0 ? {} : { fixes: finding.cves }),
    otherChanges: false,
    window: {
      start: new Date(start).toISOString(),
      end: new Date(start + windowMs).toISOString(),
      observe: 'PT24H',
    },
    ...kept,
    steps: [step],
  };
  return `# 초안입니다. <…>와 빠진 항목을 채운 뒤 ./breakwater plan check 로 확인하십시오. 전파된 권고의 번호를 advisories에 적어야 합니다.
# A draft: fill in <…> and what is missing, then run ./breakwater plan check. advisories takes the number of the disseminated advisory.
${stringify(plan, { lineWidth: 0, aliasDuplicateObjects: false })}`;
}

const windowMs = 3 * 3_600_000;
