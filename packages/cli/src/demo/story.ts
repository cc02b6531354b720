/** The order of the demo's acts, and what comes out of it. */
import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Demo } from '@breakwater/rules/review';
import { closePatch, disseminate, findExposure } from './act-advisory.ts';
import { announce } from './act-notice.ts';
import { approve, enrol, rehearse, submit, type Occasion } from './act-plan.ts';
import { prove } from './act-prove.ts';
import { makeGood } from './act-relief.ts';
import { play } from './act-run.ts';
import { followTrip } from './act-trip.ts';
import { onInterrupt } from './interrupt.ts';
import { makePeople, type People } from './people.ts';
import { type Scenario, type ScenarioName, scenarios } from './scenario.ts';
import { secondsUsed, type Teller } from './tell.ts';
import { openGround, startWorld, type World } from './world.ts';

export type DemoOptions = {
  readonly teller: Teller;
  /** Open the dossier's PDF when all is over. */ readonly open: boolean;
};

/** From the approvals to the start: the notices' lead time and a little for what comes between. */
const startInMs = 14_000;
const rehearsalWindowInMs = 600_000;

/** Plays a scenario and answers `breakwater.demo/1` (docs/reference: demo). Rejects when an act could not be played. */
export async function playDemo(name: ScenarioName, { teller, open }: DemoOptions) {
  const scenario: Scenario = scenarios[name];
  teller.act({ ko: '1. 준비', en: '1. The bank, its guard, and its people' });
  const ground = openGround();
  const interruption = onInterrupt(teller, ground.close);
  const work = async () => {
    try {
      const world = await startWorld(ground, scenario, (part) =>
        teller.live({ ko: `시작: ${part} …`, en: `starting: ${part} …` }),
      );
      return await playIn(world, name, scenario, teller, open);
    } finally {
      await ground.close();
    }
  };
  return interruption.orEndOf(work());
}

async function playIn(world: World, name: ScenarioName, scenario: Scenario, teller: Teller, open: boolean) {
  const people = makePeople();
  tellLevel(world, teller);
  await enrol(world, people, teller);
  const occasion = await begin(world, people, scenario, teller);

  teller.act({ ko: '2. 사전 모의수행', en: '2. Rehearsals on the stand-in' });
  const first = await submit(world, occasion, new Date(Date.now() + rehearsalWindowInMs));
  const prepared = await rehearse(world, first.hash, scenario, teller);

  teller.act({ ko: '3. 승인과 사전 안내', en: '3. Approvals and notices' });
  const start = new Date(Math.ceil((Date.now() + startInMs) / 1000) * 1000);
  const plan = await submit(world, occasion, start);
  await approve(world, people, plan.hash, teller);
  const announced = await announce(world, people, plan.document, teller);
  await untilStart(start, teller);

  teller.act({ ko: '4. 실행', en: '4. The run' });
  const customers = followTrip(world, people, teller);
  const played = await play(world, plan.hash, scenario, teller, customers.seen);
  const followed = await customers.ended();

  teller.act({ ko: '5. 피해구제', en: '5. Relief' });
  const claims = await makeGood(world, people, played.run, teller);

  const tracked = occasion?.tracked ?? null;
  const patch = tracked === null ? null : await closePatch(world, tracked, teller);

  teller.act({ ko: '6. 평가와 증명', en: '6. Assessment and proof' });
  const proof = await prove(world, people, played.run, name, teller);
  if (open) openFile(proof.pdf);
  const closed = patch === null || patch.state === 'closed';
  const asItShould = played.run.outcome === scenario.ends && closed;
  if (!closed) {
    teller.say({ ko: '패치가 종결되지 않았습니다.', en: 'the patch was not closed, as this scenario must' });
  } else if (!asItShould) {
    teller.say({
      ko: `실행이 예상(${scenario.ends})과 다르게 끝났습니다: ${played.run.outcome ?? '알 수 없음'}`,
      en: `the run ended ${played.run.outcome ?? 'unknown'}, not ${scenario.ends} as this scenario must`,
    });
  }
  return {
    schema: 'breakwater.demo/1' as const,
    scenario: name,
    level: world.live.level,
    run: played.run.run,
    outcome: played.run.outcome as Demo['outcome'],
    trip: played.run.trip as Demo['trip'],
    outageMs: played.run.outageMs,
    pnr: played.pnr,
    rehearsals: prepared.rehearsals,
    notices: { ...announced, followed },
    claims,
    ...(patch === null ? {} : { patch: { plan: patch.plan, state: patch.state, closedAt: patch.reached.closed } }),
    assessment: proof.assessment,
    dossier: proof.dossier,
    pdf: proof.pdf,
    policy: proof.policy,
    keys: proof.keys,
    verified: proof.verified && asItShould,
  } satisfies Demo;
}

/** What gives rise to a patch: a signed dissemination, and where it is followed what of the bank that is about. */
async function begin(world: World, people: People, { work, followed }: Scenario, teller: Teller): Promise<Occasion> {
  if (work === 'test') return null;
  const dissemination = await disseminate(world, people, teller);
  return { dissemination, tracked: followed ? await findExposure(world, dissemination, teller) : null };
}

function tellLevel({ live }: World, teller: Teller): void {
  const reason = live.reason === null ? '' : ` (${live.reason})`;
  teller.say({
    ko:
      live.level === 'namespace'
        ? '은행: 별도 네트워크 네임스페이스에서 동작합니다.'
        : `은행: 루프백에서 동작합니다${reason}.`,
    en: live.level === 'namespace' ? 'bank: in a network namespace of its own' : `bank: on loopback${reason}`,
  });
  teller.say({
    ko: '시연용 정책입니다: 안내는 시작 5초 전까지, 중단 한도는 30초. 실제 은행의 값이 아닙니다.',
    en: "a demo's policy: notices 5 s before the start, 30 s of disruption. Not a bank's values",
  });
}

async function untilStart(start: Date, teller: Teller): Promise<void> {
  for (let left = start.getTime() - Date.now(); left > 0; left = start.getTime() - Date.now()) {
    teller.live({ ko: `시작까지 ${secondsUsed(left)}초`, en: `${secondsUsed(left)} s to the start of the window` });
    await sleep(Math.min(left, 200));
  }
}

/** Shows a file with the desktop's program for it, where there is a desktop. */
function openFile(file: string): void {
  if (process.env['DISPLAY'] === undefined && process.env['WAYLAND_DISPLAY'] === undefined) return;
  const child = spawn('xdg-open', [file], { stdio: 'ignore', detached: true });
  child.on('error', () => undefined);
  child.unref();
}
