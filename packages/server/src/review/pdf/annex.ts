/** How anyone can check the dossier, and what it cannot prove. */
import { parseCheckpoint, formatDigest, parseNote } from '@breakwater/rules/evidence';
import type { Block } from './block.ts';
import { type Content, say } from './content.ts';
import { type Lang, grouped } from './format.ts';

/** What the proof of any kind of dossier is told from. */
type Proven = Pick<Content, 'records' | 'range' | 'checkpoint' | 'members'>;

/** The checkpoint, how to verify, what is not provable, and the members. */
export function proof(content: Proven, lang: Lang): Block[] {
  const t = say(lang);
  const { first, end } = content.range;
  const said = parseCheckpoint(content.checkpoint);
  const signers = parseNote(content.checkpoint).signatures.map(({ name }) => name);
  const tokens = content.members.filter(({ path }) => path.startsWith('timestamps/')).length;
  const withheld = content.records.filter((record) => !('leaf' in record)).length;
  return [
    { kind: 'heading', level: 1, text: t('부록 1. 증명', 'H. Proof'), newPage: true },
    {
      kind: 'text',
      text: t(
        '이 문서의 모든 기록은 뒤에서 고치면 드러나는 로그에 순서대로 들어 있으며, 아래 체크포인트가 그 로그 전체를 한 번에 가리킵니다.',
        'Every record of this dossier stands in a log in which a later change shows; the checkpoint below names the whole of that log at once.',
      ),
    },
    {
      kind: 'pairs',
      rows: [
        [t('로그', 'Log'), said.origin],
        [
          t('기록 구간', 'Range'),
          t(
            `#${first}부터 #${end - 1}까지 ${grouped(end - first)}건(빠진 번호 없음, 내용을 가린 기록 ${grouped(withheld)}건)`,
            `#${first} to #${end - 1}, ${grouped(end - first)} records (no number missing, ${grouped(withheld)} withheld)`,
          ),
        ],
        [t('체크포인트 크기', 'Tree size'), grouped(Number(said.size))],
        [t('뿌리 해시', 'Root'), formatDigest(said.root)],
        [t('서명', 'Signatures'), signers.join(', ')],
        [t('시점확인 토큰', 'Time-stamp tokens'), tokens === 0 ? t('없음', 'none') : String(tokens)],
      ],
    },
    { kind: 'verbatim', text: content.checkpoint.trimEnd() },
    { kind: 'heading', level: 2, text: t('검증하는 방법', 'How to verify') },
    {
      kind: 'list',
      items: [
        t(
          '정책 파일(로그와 증인의 공개 키)과 키 파일(승인자의 공개 키)은 이 자료가 아닌 다른 경로로 받아야 합니다.',
          'Obtain the policy (keys of the log and its witnesses) and the keys of the approvers elsewhere than from this dossier.',
        ),
        t(
          '인터넷이나 데이터베이스 없이 다음 명령으로 확인합니다. 종료 코드 0은 모두 통과, 1은 실패, 3은 확인하지 못한 것이 있음을 뜻합니다.',
          'The command below needs neither network nor database. Exit 0: all passed; 1: something failed; 3: something could not be checked.',
        ),
        t(
          '이 PDF에는 목록과 봉인을 뺀 모든 구성 파일이 첨부되어 있으며, 같은 파일에서 다시 만들면 같은 바이트가 나옵니다.',
          'This PDF carries every member but the manifest and the seal; made again from them, it has the same bytes.',
        ),
      ],
    },
    {
      kind: 'verbatim',
      text: 'breakwater verify dossier.zip --policy policy.txt --keys keys.json\nbreakwater dossier render dossier.zip',
    },
    { kind: 'heading', level: 2, text: t('증명하지 못하는 것', 'What is not provable') },
    {
      kind: 'list',
      items: [
        t('기록되지 않은 일이 일어나지 않았다는 것.', 'That nothing happened besides what was recorded.'),
        t(
          '기록된 시각이 실제 시각이라는 것. 시각은 각 시계의 진술이며, 시점확인 토큰은 그 시각 이전에 존재했음만을 보입니다.',
          'That recorded times are true: they are statements of clocks; a time-stamp token shows existence before its time, and no more.',
        ),
        t(
          '안내를 사람이 읽었다는 것. 도달은 이동통신사나 단말까지의 전달입니다.',
          'That a notice was read: delivered means handed to a carrier or handset.',
        ),
        t(
          '고의·과실과 소비자 손실에 관한 진술이 사실이라는 것. 신청인의 진술로 적었습니다.',
          'That statements about fault and consumer loss are true: they are the applicant’s.',
        ),
        t(
          '가린 기록의 내용. 있다는 것과 자리만 증명됩니다.',
          'What withheld records say: only that they exist, and where.',
        ),
        ...(signers.length > 1
          ? []
          : [
              t(
                '로그 운영자가 다른 사람에게 다른 로그를 보이지 않았다는 것. 이 체크포인트에는 증인의 서명이 없습니다.',
                'That the log shows everyone the same: no witness has cosigned this checkpoint.',
              ),
            ]),
      ],
    },
    { kind: 'heading', level: 2, text: t('함께 든 파일', 'Members') },
    {
      kind: 'table',
      columns: [
        { title: t('파일', 'Member'), width: 2 },
        { title: 'SHA-256', width: 4 },
      ],
      rows: content.members
        .filter(({ path }) => !path.startsWith('records/') && !path.startsWith('log/tiles/'))
        .map(({ path, sha256 }) => [{ text: path }, { text: sha256, tone: 'quiet' as const }]),
    },
    {
      kind: 'text',
      tone: 'quiet',
      text: t(
        'records/와 log/tiles/의 파일은 수가 많아 목록(manifest.json)에만 적었습니다.',
        'Members under records/ and log/tiles/ are listed in manifest.json alone.',
      ),
    },
  ];
}
