/** Letters of a case, as a Korean bank writes them, with an English text beside. A letter says what was told and judges nothing. */
import type { Opinion } from './event.ts';
import type { Case } from './fold.ts';
import { inquiryNotBinding, notBinding, viewOf } from './view.ts';

type Words = { readonly ko: string; readonly en: string };

const opinionWords: Readonly<Record<Opinion, Words>> = {
  accords: { ko: '기준에 부합한다는 의견', en: 'accords with the criteria' },
  'partly-accords': { ko: '일부가 기준에 부합한다는 의견', en: 'accords with the criteria in part' },
  'does-not-accord': { ko: '기준에 부합하지 않는다는 의견', en: 'does not accord with the criteria' },
  'cannot-tell': { ko: '판단을 보류한다는 의견', en: 'cannot be told' },
};

const authorityWords: Readonly<Record<Case['authority'], Words>> = {
  FSS: { ko: '금융감독원 제재면책심의위원회', en: 'Financial Supervisory Service, review committee' },
  FSC: { ko: '금융위원회 면책심의위원회', en: 'Financial Services Commission, review committee' },
  FSI: { ko: '금융보안원', en: 'Financial Security Institute' },
};

const replyWords: Readonly<Record<string, Words>> = {
  'within-scope': { ko: '대상 업무에 해당한다는 회신', en: 'the work is of a kind that is covered' },
  'outside-scope': { ko: '대상 업무에 해당하지 않는다는 회신', en: 'the work is not of a kind that is covered' },
  conditional: { ko: '조건을 붙인 회신', en: 'covered upon conditions' },
  'no-view': { ko: '의견을 밝히지 않은 회신', en: 'no view was given' },
};

const seatWords: Readonly<Record<string, Words>> = {
  chair: { ko: '위원장', en: 'chair' },
  'legal-adviser': { ko: '법률자문관', en: 'legal adviser' },
  'rights-officer': { ko: '권익보호관', en: 'rights-protection officer' },
  member: { ko: '위원', en: 'member' },
};

/** What a letter of inquiry is about, from the plan. */
export interface InquiredWork {
  readonly title: Words;
  readonly kind: string;
  readonly activity: string;
  readonly window: { readonly start: string; readonly end: string };
  readonly services: readonly string[];
  readonly advisories: readonly string[];
  readonly fixes: readonly string[];
}

/**
 * The letter of a case: of an inquiry what is asked, of any other what was told. `work` null: the inquiry's plan is not
 * known. What is not known yet stands as such.
 */
export function caseLetter(one: Case, institution: string, work: InquiredWork | null, now: number): Words {
  return one.kind === 'prior-inquiry' ? inquiry(one, institution, work) : decision(one, institution, now);
}

function inquiry(one: Case, institution: string, work: InquiredWork | null): Words {
  const to = authorityWords[one.authority];
  const list = (of: readonly string[]): Words => ({ ko: of.join(', ') || '없음', en: of.join(', ') || 'none' });
  const [services, advisories, fixes] = [
    list(work?.services ?? []),
    list(work?.advisories ?? []),
    list(work?.fixes ?? []),
  ];
  const told = one.reply;
  return {
    ko: lines([
      `수신: ${to.ko}`,
      `발신: ${institution}`,
      `제목: 대상 업무 해당 여부에 관한 사전 질의 (${one.title})`,
      '',
      '1. 귀 기관의 무궁한 발전을 기원합니다.',
      '2. 아래 작업이 2026년 6월 30일 의결된 조치의 대상 업무에 해당하는지 작업에 앞서 질의하오니 회신하여 주시기 바랍니다.',
      ...(work === null
        ? ['   가. 작업: 작업계획서가 아직 등록되지 않았습니다.']
        : [
            `   가. 작업: ${work.title.ko} (${work.kind} / ${work.activity})`,
            `   나. 예정 시간: ${work.window.start} ~ ${work.window.end}`,
            `   다. 대상 서비스: ${services.ko}`,
            `   라. 전파 문서: ${advisories.ko}`,
            `   마. 해당 취약점: ${fixes.ko}`,
          ]),
      '3. 질의 내용: 위 작업이 대상 업무에 해당하는지, 해당하기 위하여 더 갖출 사항이 있는지.',
      `4. 관련 작업계획서: ${one.plan ?? '없음'}`,
      ...(told === null
        ? []
        : ['', `회신(${told.toldAt}, ${told.reference}): ${replyWords[told.reply]?.ko ?? told.reply}`, told.text]),
      '',
      inquiryNotBinding.ko,
    ]),
    en: lines([
      `To: ${to.en}`,
      `From: ${institution}`,
      `Subject: inquiry in advance, is this work of a kind that is covered? (${one.title})`,
      '',
      '1. Before it is done, we ask whether the work below is of a kind that the measure decided on 2026-06-30 names.',
      ...(work === null
        ? ['   a. Work: its plan is not registered yet.']
        : [
            `   a. Work: ${work.title.en} (${work.kind} / ${work.activity})`,
            `   b. Planned: ${work.window.start} to ${work.window.end}`,
            `   c. Services: ${services.en}`,
            `   d. Dissemination: ${advisories.en}`,
            `   e. Vulnerabilities: ${fixes.en}`,
          ]),
      '2. We ask whether it is covered, and what else it would need.',
      `3. Work plan: ${one.plan ?? 'none'}`,
      ...(told === null
        ? []
        : ['', `Reply (${told.toldAt}, ${told.reference}): ${replyWords[told.reply]?.en ?? told.reply}`, told.text]),
      '',
      inquiryNotBinding.en,
    ]),
  };
}

function decision(one: Case, institution: string, now: number): Words {
  const view = viewOf(one, 'member', null, now);
  const { result, vote } = view;
  const to = authorityWords[one.authority];
  const party = one.applicant.person ?? institution;
  const version = view.versions.at(-1);
  const counted = (lang: 'ko' | 'en'): string =>
    vote?.tally === null || vote === null
      ? lang === 'ko'
        ? '공개되지 않음'
        : 'not opened'
      : Object.entries(vote.tally)
          .map(([opinion, n]) => `${opinionWords[opinion as Opinion][lang]} ${n}`)
          .join(', ');
  const minority = vote?.ballots.filter((ballot) => ballot.minority) ?? [];
  const minorities = (lang: 'ko' | 'en'): string[] =>
    minority.length === 0
      ? []
      : [
          lang === 'ko' ? '소수의견' : 'Minority opinions',
          ...minority.map(({ person, opinion, reasons }) => {
            const seat = one.members.find((member) => member.person === person)?.seat ?? 'member';
            return `   - ${seatWords[seat]?.[lang] ?? seat} ${person}: ${opinionWords[opinion][lang]}${reasons === null ? '' : `. ${reasons}`}`;
          }),
        ];
  return {
    ko: lines([
      '심의 결과 통지서',
      '',
      `기관: ${to.ko}`,
      `신청인: ${party}`,
      `안건: ${one.title}`,
      `대상 실행: ${one.run ?? '없음'}`,
      `소명자료: ${version === undefined ? '없음' : `${version.number}판, ${version.manifest}, 기록 #${version.first}–#${version.end - 1}`}`,
      '',
      `결과: ${result === null ? '아직 통지되지 않았습니다.' : `${opinionWords[result.result].ko} (${result.toldAt}, ${result.reference ?? ''})`}`,
      ...(result?.text === undefined || result.text === null ? [] : [`내용: ${result.text}`]),
      `위원 의견: ${counted('ko')}`,
      ...minorities('ko'),
      '',
      notBinding.ko,
    ]),
    en: lines([
      'Notice of the result of the review',
      '',
      `Authority: ${to.en}`,
      `Applicant: ${party}`,
      `Case: ${one.title}`,
      `Run: ${one.run ?? 'none'}`,
      `Dossier: ${version === undefined ? 'none' : `version ${version.number}, ${version.manifest}, records #${version.first}–#${version.end - 1}`}`,
      '',
      `Result: ${result === null ? 'not told yet' : `${opinionWords[result.result].en} (${result.toldAt}, ${result.reference ?? ''})`}`,
      ...(result?.text === undefined || result.text === null ? [] : [`Text: ${result.text}`]),
      `Opinions: ${counted('en')}`,
      ...minorities('en'),
      '',
      notBinding.en,
    ]),
  };
}

const lines = (of: readonly string[]): string => `${of.join('\n')}\n`;
