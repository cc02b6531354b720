/** A verification in words, Korean first: one line a check, the verdict last. */
import type { Check, CheckId, Verification } from '@breakwater/rules/review';

const titles: Readonly<Record<CheckId, string>> = {
  container: '파일 구조 · container',
  manifest: '목록 · manifest',
  member: '구성 파일 · members',
  seal: '봉인 · seal',
  checkpoint: '체크포인트 · checkpoint',
  witnesses: '증인 · witnesses',
  records: '기록 · records',
  inclusion: '로그 포함 · inclusion',
  edition: '이본 · edition',
  facts: '사실관계 · facts',
  pack: '기준 · pack',
  assessment: '평가 · assessment',
  approval: '승인 서명 · approval',
  journal: '가드 기록 · journal',
  'journal-head': '가드 서명 · journal head',
  timestamp: '시점확인 · time stamp',
  pdf: 'PDF',
};

const marks: Readonly<Record<Check['result'], string>> = { passed: '✓', failed: '✗', 'not-checked': '?' };

const verdicts: Readonly<Record<Verification['result'], string>> = {
  passed: '모든 검증을 통과했습니다. · All checks passed.',
  failed: '검증에 실패한 항목이 있습니다. · Something failed.',
  incomplete: '확인하지 못한 항목이 있습니다. · Something could not be checked.',
};

/** The lines for people, without a last newline. What the dossier says in them cannot steer a terminal. */
export function reportOf({ checks, result }: Verification): string {
  const lines = checks.map(
    ({ id, subject, result: one, detail }) => `${marks[one]} ${titles[id]}  ${plain(subject)}\n    ${plain(detail)}`,
  );
  return [...lines, '', verdicts[result]].join('\n');
}

/** Without control and formatting characters, which could hide or reorder what stands beside them. */
function plain(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, '\uFFFD');
}

/** Exit code of a verification: 0 passed, 1 something failed, 3 something could not be checked. */
export function exitCodeOf({ result }: Verification): 0 | 1 | 3 {
  return result === 'passed' ? 0 : result === 'failed' ? 1 : 3;
}
