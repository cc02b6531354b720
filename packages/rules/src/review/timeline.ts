/**
 * One time line fed by every record: what happened, when, who saw it, under which number of the log.
 *
 * Readings, lease renewals and other pulse of a run are left out; they stay in the records.
 */
import { advisoryReceived } from '#advisory/record';
import { assessed, packDecided } from '#criteria/record';
import type { EvidenceRecord, Leaf, RecordKind } from '#evidence/record';
import { type JournalEvent, guardAlarm, journalRecord } from '#guard/record';
import { noticeDelivered, noticePublished } from '#notice/record';
import { keyEnrolled, keyRevoked, planDecided, planRehearsed, planSubmitted } from '#plan/record';
import { claimDecided, claimOpened, claimPaid, reliefPrepared } from '#relief/record';
import { runAsked, runClaimed, runEnded, runGated, runRefused, runRequested, runStarted } from '#runner/record';
import { cageWords } from './cage-words.ts';
import { rehearsalRuns } from './live.ts';
import { causeClassified, faultDeclared } from './record.ts';
import { endsOfPulses, type Pulsing } from './pulse.ts';
import { counted, countedEn, grouped, seconds, type Words } from './say.ts';
import { tripWords } from './trip-words.ts';

export interface TimelineRow extends Words {
  readonly index: number;
  /** When it happened, by the clock of `source`. */
  readonly at: string;
  /** The person (pseudonym), host or component that saw or did it. */
  readonly source: string;
}

/** Rows in the order of time; rows of one instant in the order of the log. Throws BreakwaterError `record.*` on a record of another shape. */
export function timelineOf(records: readonly EvidenceRecord[]): TimelineRow[] {
  const rehearsals = rehearsalRuns(records);
  const rows = records.flatMap((record) => {
    if (!('leaf' in record)) return [];
    const told = tellers.get(record.leaf.type)?.(record.payload, record.leaf, rehearsals) ?? null;
    return told === null ? [] : [{ index: record.index, at: record.leaf.at, source: record.leaf.actor.id, ...told }];
  });
  const ordered = rows.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at) || a.index - b.index);
  return endsOfPulses(ordered).map(({ index, at, source, ko, en }) => ({ index, at, source, ko, en }));
}

type Told = (Words & Pulsing & { at?: string; source?: string }) | null;
type Teller = (payload: unknown, leaf: Leaf, rehearsals: ReadonlySet<string>) => Told;

function tell<T>(kind: RecordKind<T>, words: (payload: T, rehearsals: ReadonlySet<string>) => Told): [string, Teller] {
  return [kind.type, (payload, _, rehearsals) => words(kind.payload.parse(payload), rehearsals)];
}

/** The time of day in Korea (UTC+9 all year). */
const kstClock = (at: string): string =>
  new Date(Date.parse(at) + 9 * 3_600_000).toISOString().slice(11, 23).replace('.000', '');

const tellers: ReadonlyMap<string, Teller> = new Map([
  tell(advisoryReceived, ({ advisory, disseminatedBy, receivedAt }) => ({
    at: receivedAt,
    ko: `${disseminatedBy} 전파 ${advisory} 수신`,
    en: `Advisory ${advisory}, disseminated by ${disseminatedBy}, received`,
  })),
  tell(planSubmitted, ({ plan, revision }) => ({
    ko: `작업계획서 ${plan} 제출(${revision}판)`,
    en: `Work plan ${plan} submitted (revision ${revision})`,
  })),
  tell(planDecided, ({ decision, person, role, author, at }) => ({
    at,
    source: person,
    ko: `작업계획서 ${decision === 'approve' ? '승인' : '반려'}(${role}${author ? ', 작성자 본인: 승인 수에 넣지 않음' : ''})`,
    en: `Work plan ${decision === 'approve' ? 'approved' : 'returned'} (${role}${author ? ', its author: not counted' : ''})`,
  })),
  tell(planRehearsed, ({ host, passed, rollbackMs, at }) => {
    const longest = Math.max(0, ...Object.values(rollbackMs));
    return {
      at,
      source: host,
      ko: `사전 모의수행 ${passed ? '통과' : '실패'}, 원복 ${seconds(longest)}초`,
      en: `Rehearsal ${passed ? 'passed' : 'failed'}, rollback ${seconds(longest)} s`,
    };
  }),
  tell(keyEnrolled, ({ person, role, enrolledBy }) => ({
    source: enrolledBy,
    ko: `${person}의 서명 키 등록(${role})`,
    en: `Key of ${person} enrolled (${role})`,
  })),
  tell(keyRevoked, ({ by, at }) => ({ at, source: by, ko: '서명 키 폐기', en: 'Key revoked' })),
  tell(noticePublished, ({ at, url }) => ({
    at,
    ko: `누리집 사전 안내 게시: ${url}`,
    en: `Notice published on the website: ${url}`,
  })),
  tell(noticeDelivered, ({ at, channel, intended, delivered, failed }) => ({
    at,
    ko: `사전 안내 발송(${channel}): 대상 ${grouped(intended)}건, 도달 ${counted(delivered, '건')}, 실패 ${counted(failed, '건')}`,
    en: `Notice sent (${channel}): ${grouped(intended)} intended, ${countedEn(delivered)} delivered, ${countedEn(failed)} failed`,
  })),
  tell(reliefPrepared, ({ at }) => ({ at, ko: '피해구제 절차 마련', en: 'Relief prepared' })),
  tell(runRequested, ({ at, by, mode, host }) =>
    mode === 'rehearsal' ? null : { at, source: by, ko: `실행 요청(${host})`, en: `Run requested (${host})` },
  ),
  tell(runGated, ({ run, ready, overrides }, rehearsals) =>
    rehearsals.has(run)
      ? null
      : {
          ko: `시작 점검: ${ready ? '준비됨' : '준비되지 않음'}${overrides.length > 0 ? `, 예외 적용 ${overrides.length}건` : ''}`,
          en: `Start gate: ${ready ? 'ready' : 'not ready'}${overrides.length > 0 ? `, ${overrides.length} overridden` : ''}`,
        },
  ),
  tell(runClaimed, ({ run, owner, because, epoch }, rehearsals) =>
    rehearsals.has(run) || because === 'start'
      ? null
      : { source: owner, ko: `실행 인수(세대 ${epoch})`, en: `Run taken over (epoch ${epoch})` },
  ),
  tell(runStarted, ({ run, at }, rehearsals) =>
    rehearsals.has(run) ? null : { at, ko: '실행 시작', en: 'Run started' },
  ),
  tell(runAsked, ({ run, what, by }, rehearsals) =>
    rehearsals.has(run) ? null : { source: by, ko: `${asked[what].ko} 요청`, en: `${asked[what].en} asked for` },
  ),
  tell(runRefused, ({ run, step }, rehearsals) =>
    rehearsals.has(run)
      ? null
      : {
          ko: `가드 거부${step === null ? '' : `: 단계 ${step}`}`,
          en: `Refused by the guard${step === null ? '' : `: step ${step}`}`,
        },
  ),
  tell(runEnded, ({ run, at, outcome }, rehearsals) =>
    rehearsals.has(run)
      ? null
      : { at, ko: `실행 종료: ${outcomes[outcome].ko}`, en: `Run ended: ${outcomes[outcome].en}` },
  ),
  tell(journalRecord, ({ run, at, host, event }, rehearsals) => {
    const words = rehearsals.has(run) ? null : tellEvent(event);
    const pulse = event.type === 'cage.attempts' ? { pulse: `${run} ${event.type}` } : {};
    return words === null ? null : { at, source: host, ...words, ...pulse };
  }),
  tell(guardAlarm, ({ at, host, kind, detail }) => ({
    at,
    source: host,
    ko: `가드 기록 경보(${kind}): ${detail}`,
    en: `Guard alarm (${kind}): ${detail}`,
  })),
  tell(claimOpened, ({ source, at, claim }) => ({
    at,
    ko: `피해구제 청구 ${claim} ${source === 'proactive' ? '회사 자체 개시' : '접수'}`,
    en: `Claim ${claim} ${source === 'proactive' ? 'opened by the company itself' : 'filed'}`,
  })),
  tell(claimDecided, ({ claim, decision, by, at }) => ({
    at,
    source: by,
    ko: `청구 ${claim} ${decision === 'accepted' ? '인정' : '기각'}`,
    en: `Claim ${claim} ${decision}`,
  })),
  tell(claimPaid, ({ claim, at, amount }) => ({
    at,
    ko: `청구 ${claim} ${grouped(amount)}원 지급`,
    en: `Claim ${claim} paid, KRW ${grouped(amount)}`,
  })),
  tell(faultDeclared, ({ by, at, subject }) => ({
    at,
    source: by,
    ko: `고의·과실에 관한 진술(${subject})`,
    en: `Statement about fault (${subject})`,
  })),
  tell(causeClassified, ({ by, at, disruption, cause }) => ({
    at,
    source: by,
    ko: `장애 ${disruption}의 원인 분류: ${causes[cause].ko}`,
    en: `Cause of disruption ${disruption} classified: ${causes[cause].en}`,
  })),
  tell(packDecided, ({ pack, person, decision, at }) => ({
    at,
    source: person,
    ko: `기준 묶음 ${pack} ${decision === 'approve' ? '승인' : '반려'}`,
    en: `Policy pack ${pack} ${decision === 'approve' ? 'approved' : 'returned'}`,
  })),
  tell(assessed, ({ pack }) => ({
    ko: `기준 평가(${pack.id} ${pack.version})`,
    en: `Assessed (${pack.id} ${pack.version})`,
  })),
]);

const asked = {
  stop: { ko: '정지', en: 'Stop' },
  rollback: { ko: '원복', en: 'Rollback' },
  resume: { ko: '재개', en: 'Resumption' },
} as const;

const causes = {
  work: { ko: '작업', en: 'the work' },
  mixed: { ko: '작업과 다른 원인', en: 'mixed' },
  other: { ko: '다른 원인', en: 'other' },
} as const;

const outcomes = {
  completed: { ko: '완료', en: 'completed' },
  'rolled-back': { ko: '원복', en: 'rolled back' },
  stopped: { ko: '정지', en: 'stopped' },
  failed: { ko: '실패', en: 'failed' },
  refused: { ko: '시작 거부', en: 'refused' },
} as const;

/** Words for measures, as the text of 2026-06-30 lists them. */
export const measureWords: Readonly<Record<string, Words>> = {
  rollback: { ko: '원복(롤백)', en: 'rollback' },
  'kill-switch': { ko: '킬스위치', en: 'kill switch' },
  'module-isolation': { ko: '서비스 모듈 격리', en: 'service-module isolation' },
  failover: { ko: '페일오버', en: 'failover' },
  'manual-processing': { ko: '수작업 처리', en: 'manual processing' },
};

const ofStep = (step: string | null): string => (step === null ? '' : ` ${step}`);

function tellEvent(event: JournalEvent): Words | null {
  switch (event.type) {
    case 'step.begin':
      return event.data.action === 'do' || event.data.action === 'undo'
        ? {
            ko: `단계 ${event.data.step} ${actions[event.data.action].ko} 시작`,
            en: `Step ${event.data.step}: ${event.data.action} begun`,
          }
        : null;
    case 'step.end':
      return event.data.action === 'do' || event.data.action === 'undo'
        ? {
            ko: `단계 ${event.data.step} ${actions[event.data.action].ko} 종료(${event.data.outcome}, ${seconds(event.data.durationMs)}초)`,
            en: `Step ${event.data.step}: ${event.data.action} ended (${event.data.outcome}, ${seconds(event.data.durationMs)} s)`,
          }
        : null;
    case 'step.prepared':
      return event.data.unavailable === null
        ? {
            ko: `단계 ${event.data.step} 변경 전 상태 기록`,
            en: `Step ${event.data.step}: what was there before is recorded`,
          }
        : {
            ko: `단계 ${event.data.step} 원복 수단 없음: ${event.data.unavailable}`,
            en: `Step ${event.data.step} has no undo: ${event.data.unavailable}`,
          };
    case 'supervisor.started':
      return event.data.because === 'prepared'
        ? null
        : { ko: '가드 감독 프로세스 교체', en: `Guard supervisor replaced (${event.data.because})` };
    case 'probe.changed':
      return {
        ko: `탐침 ${event.data.probe}: ${states[event.data.state].ko}`,
        en: `Probe ${event.data.probe}: ${states[event.data.state].en}`,
      };
    case 'disruption.opened':
      return {
        ko: `장애 시작: ${event.data.service}(${kstClock(event.data.start)}부터)`,
        en: `Disruption began: ${event.data.service} (since ${kstClock(event.data.start)} KST)`,
      };
    case 'disruption.closed':
      return {
        ko: `장애 종료: ${event.data.service}, ${seconds(event.data.durationMs)}초`,
        en: `Disruption ended: ${event.data.service}, ${seconds(event.data.durationMs)} s`,
      };
    case 'lease.lost':
      return {
        ko: `임대 상실(${seconds(event.data.silentMs)}초 무응답)`,
        en: `Lease lost (${seconds(event.data.silentMs)} s of silence)`,
      };
    case 'lever.pulled':
      return {
        ko: `레버 작동(${event.data.lever}, ${event.data.by})`,
        en: `Lever pulled (${event.data.lever}, by ${event.data.by})`,
      };
    case 'run.resumed':
      return {
        ko: `재개(승인 ${event.data.approvedBy.join(', ')})`,
        en: `Resumed (approved by ${event.data.approvedBy.join(', ')})`,
      };
    case 'run.tripped':
      return { ko: `트립: ${tripWords(event.data.trip).ko}`, en: `Trip: ${tripWords(event.data.trip).en}` };
    case 'cage.opened':
    case 'cage.attempts':
    case 'cage.finding':
    case 'cage.closed':
      return cageWords(event);
    case 'work.stopped':
      return { ko: `작업 정지(${event.data.latencyMs} ms)`, en: `Work stopped (${event.data.latencyMs} ms)` };
    case 'recovery.begin':
      return {
        ko: `${measureWords[event.data.measure]?.ko ?? event.data.measure} 시작${ofStep(event.data.step)}`,
        en: `${measureWords[event.data.measure]?.en ?? event.data.measure} begun${ofStep(event.data.step)}`,
      };
    case 'recovery.end':
      return {
        ko: `${measureWords[event.data.measure]?.ko ?? event.data.measure} 종료${ofStep(event.data.step)}(${event.data.outcome}, ${seconds(event.data.durationMs)}초)`,
        en: `${measureWords[event.data.measure]?.en ?? event.data.measure} ended${ofStep(event.data.step)} (${event.data.outcome}, ${seconds(event.data.durationMs)} s)`,
      };
    case 'run.closed':
      return {
        ko: `가드 종결: ${outcomes[event.data.outcome].ko}, 누적 장애 ${seconds(event.data.outageMs)}초`,
        en: `Guard closed the run: ${outcomes[event.data.outcome].en}, ${seconds(event.data.outageMs)} s of outage`,
      };
    case 'run.prepared':
    case 'epoch.changed':
    case 'meter.read':
    case 'pnr.set':
    case 'drill.measured':
    case 'lease.renewed':
      return null;
  }
}

const actions = { do: { ko: '실행' }, undo: { ko: '되돌리기' } } as const;

const states = {
  up: { ko: '정상', en: 'up' },
  down: { ko: '장애', en: 'down' },
  unknown: { ko: '미확인', en: 'unknown' },
} as const;
