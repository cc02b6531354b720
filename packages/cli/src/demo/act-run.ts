/** Act 4: the live run, what is done to Breakwater in its middle, and what the guard does about it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { connectGuardd } from '@breakwater/guardd';
import type { RunState } from '@breakwater/rules/guard';
import type { JournalEntry, Trip } from '@breakwater/rules/guard/record';
import { cageLevelWords, tripWords } from '@breakwater/rules/review';
import { startLoad, type LoadFigures } from '@breakwater/sample-bank';
import { requestRun } from './act-plan.ts';
import { answered, type Run, watchRun } from './ask.ts';
import type { Scenario } from './scenario.ts';
import { amount, secondsLeft, secondsUsed, type Teller, type Words } from './tell.ts';
import type { World } from './world.ts';

/** Customers at work while the bank is patched, and their orders a second. */
const busy = { customers: 40, rate: 12 };

export type Played = { readonly run: Run; readonly load: LoadFigures; readonly pnr: PointOfNoReturn };

/** The point of no return where the run came nearest to it; `at` is null where no disruption was using it up. */
type PointOfNoReturn = { readonly at: string | null; readonly remainingMs: number | null };

/** Runs the plan on the live bank while customers are at work. `seen` hears how the run stands, again and again. */
export async function play(
  world: World,
  plan: string,
  scenario: Scenario,
  teller: Teller,
  seen: (run: Run) => void,
): Promise<Played> {
  const load = startLoad({ dir: world.live.dir, urls: world.live.urls, ...busy });
  try {
    const { run: id } = await requestRun(world.client, plan, 'live');
    teller.say({ ko: `실행 ${id.slice(0, 8)} 시작`, en: `run ${id.slice(0, 8)} starts` });
    const narrator = narrate(teller);
    let killed = false;
    const run = await watchRun(world.client, id, async (now) => {
      narrator(now);
      seen(now);
      if (scenario.sabotage === 'kill-server' && !killed && isDone(now, 'drain')) {
        killed = true;
        await loseServer(world, id, teller);
      }
    });
    return { run, load: await load.stop(), pnr: await nearestPnr(world, id) };
  } finally {
    await load.stop();
  }
}

/** Reads it from the run's log: the view of an ended run has nothing left to take back. */
async function nearestPnr({ client }: World, run: string): Promise<PointOfNoReturn> {
  const { rows } = await answered(client.GET('/runs/{run}/log', { params: { path: { run } } }));
  const points = rows
    .filter(({ type }) => type === 'guard.entry')
    .map(({ data }) => (JSON.parse(data) as JournalEntry).event)
    .flatMap((event) => (event.type === 'pnr.set' ? [event.data] : []))
    .filter(({ remainingMs }) => remainingMs !== null)
    .toSorted((a, b) => (a.remainingMs ?? 0) - (b.remainingMs ?? 0));
  const { at, remainingMs } = points.find((point) => point.at !== null) ?? points[0] ?? { at: null, remainingMs: null };
  return { at, remainingMs };
}

const isDone = (run: Run, step: string): boolean => run.steps.some(({ id, state }) => id === step && state === 'done');

/** The longest the guard is watched while it is alone. */
const aloneMs = 45_000;

/** Kills the server, watches the host go on by itself, then starts another server. */
async function loseServer(world: World, run: string, teller: Teller): Promise<void> {
  world.killServer();
  teller.say({ ko: '서버를 강제로 종료하였습니다(kill -9).', en: 'the server was killed (kill -9)' });
  const host = await connectGuardd(world.hosts.local);
  let phase: RunState['phase'] | null = null;
  const until = performance.now() + aloneMs;
  while (performance.now() < until) {
    const { runs } = await host.ask({ type: 'status', run });
    const state = runs.find((one) => one.run === run);
    if (state !== undefined && state.phase !== phase) {
      phase = state.phase;
      teller.say({ ko: `가드: ${phaseWords[phase].ko}`, en: `guard, alone: ${phaseWords[phase].en}` });
    }
    if (state === undefined || phase === 'closed') break;
    await sleep(100);
  }
  host.end();
  await world.startServer();
  teller.say({ ko: '새 서버가 가드의 기록을 받습니다.', en: 'a new server takes in what the guard wrote' });
}

const phaseWords: Readonly<Record<RunState['phase'], { ko: string; en: string }>> = {
  ready: { ko: '준비', en: 'ready' },
  working: { ko: '작업 중', en: 'working' },
  held: { ko: '보류', en: 'held' },
  tripped: { ko: '트립', en: 'tripped' },
  recovering: { ko: '원복 중', en: 'recovering' },
  observing: { ko: '관찰 중', en: 'observing' },
  closed: { ko: '끝남', en: 'closed' },
};

type TestState = NonNullable<NonNullable<Run['hostState']>['test']>;

/** Says once how the test is held, and that it tried to leave its scope. */
function tellTest({ level, attempts }: TestState, once: (key: string, words: Words) => void): void {
  const held = cageLevelWords[level];
  once('cage', { ko: `시험을 격리하였습니다: ${held.ko}`, en: `the test is caged: ${held.en}` });
  if (attempts > 0) {
    once('attempt', {
      ko: `범위 밖 접근 시도 ${attempts}곳을 차단하고 기록하였습니다.`,
      en: `${attempts} destinations outside the scope were tried, blocked and counted`,
    });
  }
}

/** How fast the slowest service of a test answers, against what it usually takes. */
function answersOf(test: TestState | undefined): Words {
  const slow = (test?.responses ?? [])
    .flatMap(({ service, baselineMs, recentMs }) =>
      baselineMs === null || recentMs === null ? [] : [{ service, baselineMs, recentMs }],
    )
    .toSorted((a, b) => b.recentMs / b.baselineMs - a.recentMs / a.baselineMs)[0];
  if (slow === undefined) return { ko: '', en: '' };
  const [now, usual] = [Math.ceil(slow.recentMs), Math.ceil(slow.baselineMs)];
  return {
    ko: ` · ${slow.service} 응답 ${now} ms(평상시 ${usual} ms)`,
    en: ` · ${slow.service} answers in ${now} ms (usually ${usual} ms)`,
  };
}

/** Says each change once: steps, disruptions, trip, recovery; budgets on the live line. */
function narrate(teller: Teller): (run: Run) => void {
  const said = new Set<string>();
  const once = (key: string, words: { ko: string; en: string }): void => {
    if (said.has(key)) return;
    said.add(key);
    teller.say(words);
  };
  return (run) => {
    for (const { id, state } of run.steps) {
      if (state === 'done') once(`done ${id}`, { ko: `단계 ${id} 완료`, en: `step ${id} done` });
      if (state === 'failed' || state === 'cut')
        once(`${state} ${id}`, { ko: `단계 ${id} 중단`, en: `step ${id} ${state}` });
      if (state === 'undone') once(`undone ${id}`, { ko: `단계 ${id} 원복`, en: `step ${id} undone` });
    }
    run.disruptions.forEach(({ service, over }, index) => {
      once(`down ${index}`, { ko: `중단: ${service}`, en: `disruption: ${service} is down` });
      if (over) once(`up ${index}`, { ko: `복구: ${service}`, en: `${service} is back` });
    });
    if (run.trip !== null) {
      const why = tripWords(run.trip as Trip);
      once('trip', { ko: `가드가 중지하였습니다: ${why.ko}`, en: `tripped by the guard: ${why.en}` });
    }
    const host = run.hostState;
    if (host === null) return;
    if (host.test !== undefined) tellTest(host.test, once);
    const damage = host.damage === null ? null : (host.damage.high ?? null);
    const left = host.pnrRemainingMs;
    const answers = answersOf(host.test);
    teller.live({
      ko: `${phaseWords[host.phase].ko} · 중단 ${secondsUsed(host.outageMs)}/${secondsUsed(host.outageLimitMs)}초 · 손해 ${damage === null ? '알 수 없음' : `${amount(damage)}원`} · 원복 결정 시한 ${left === null ? '흐르지 않음' : `${secondsLeft(left)}초`}${answers.ko}`,
      en: `${phaseWords[host.phase].en} · outage ${secondsUsed(host.outageMs)}/${secondsUsed(host.outageLimitMs)} s · damage ${damage === null ? 'unknown' : `KRW ${amount(damage)}`} · point of no return ${left === null ? 'not running' : `in ${secondsLeft(left)} s`}${answers.en}`,
    });
  };
}
