/** Act 1 and 2: keys, plan, rehearsals, and the final revision with its approvals. */
import type { Client, Json } from '@breakwater/client';
import { connectGuardd } from '@breakwater/guardd';
import type { Trip } from '@breakwater/rules/guard/record';
import { tripWords } from '@breakwater/rules/review';
import { demoPlan, demoTestPlan } from '@breakwater/sample-bank';
import type { Disseminated, Tracked } from './act-advisory.ts';
import { answered, watchRun } from './ask.ts';
import { approvalOf, author, foundingOf, type People } from './people.ts';
import type { Scenario } from './scenario.ts';
import { secondsUsed, type Teller } from './tell.ts';
import { testerSpec } from './tester.ts';
import { demoPolicy, institution, type World } from './world.ts';

const rehearsals = demoPolicy.rehearsals.atLeast;
/** Rehearsals that may fail besides: on a machine that is busy with other things the bank is down for longer. */
const mayFail = 3;

export type Prepared = { readonly rehearsals: { readonly rollbackMs: number }[] };

/** Enrols two persons and both execution hosts. */
export async function enrol(world: World, people: People, teller: Teller): Promise<void> {
  const { client } = world;
  const now = new Date();
  const [first, second] = foundingOf(people, institution, now);
  await answered(client.POST('/keys/founding', { body: { founders: [first, second] } }));
  for (const [host, socket] of Object.entries(world.hosts)) {
    const guardd = await connectGuardd(socket);
    await answered(client.POST('/hosts', { body: { host, publicKey: guardd.host.publicKey, by: people.ciso.id } }));
    teller.say({
      ko: `실행 호스트 ${host}: 정지 수단 ${guardd.host.level}`,
      en: `execution host ${host}: stops work by ${guardd.host.level}`,
    });
    guardd.end();
  }
}

/** What gave rise to the work; null of a test. `tracked`: the patch that its plan is of, if one is followed. */
export type Occasion = { readonly dissemination: Disseminated; readonly tracked: Tracked | null } | null;

/** Submits the plan of the scenario's work with a window from `start`. */
export async function submit(
  world: World,
  occasion: Occasion,
  start: Date,
): Promise<{ hash: string; document: Record<string, unknown> }> {
  const options = { bank: world.live, start, institution, author };
  const document =
    occasion === null
      ? demoTestPlan({ ...options, tester: testerSpec })
      : {
          ...demoPlan({
            ...options,
            advisories: [occasion.dissemination.id],
            ...(occasion.tracked === null ? {} : { id: occasion.tracked.plan }),
          }),
          ...(occasion.tracked === null ? {} : { title: occasion.tracked.title }),
        };
  const { planHash } = await answered(
    world.client.POST('/plans', { body: { document: document as Json, by: author } }),
  );
  return { hash: planHash, document };
}

/** Rehearses the plan on the stand-in and measures each way back. One that did not pass counts for nothing and is made again. */
export async function rehearse(world: World, plan: string, { work }: Scenario, teller: Teller): Promise<Prepared> {
  const measured: { rollbackMs: number }[] = [];
  let failed = 0;
  while (measured.length < rehearsals) {
    const round = measured.length + 1;
    const began = performance.now();
    const { run } = await requestRun(world.client, plan, 'rehearsal');
    const ended = await watchRun(world.client, run, () => undefined);
    const { passed, rollbackMs } = await resultOf(world.client, plan, run);
    if (!passed) {
      failed += 1;
      const why = ended.trip === null ? null : tripWords(ended.trip as Trip);
      if (why === null || failed > mayFail)
        throw new Error(`rehearsal ${round} did not pass: ${why?.en ?? JSON.stringify(ended.refusal)}`);
      teller.say({
        ko: `모의수행 ${round}: 통과하지 못하여 다시 합니다(${why.ko}).`,
        en: `rehearsal ${round}: did not pass and is made again (${why.en})`,
      });
      continue;
    }
    measured.push({ rollbackMs });
    const took = secondsUsed(performance.now() - began);
    teller.say(
      work === 'test'
        ? { ko: `모의수행 ${round}: ${took}초, 되돌릴 것 없음`, en: `rehearsal ${round}: ${took} s, nothing to undo` }
        : {
            ko: `모의수행 ${round}: ${took}초, 전체 원복 ${rollbackMs} ms`,
            en: `rehearsal ${round}: ${took} s, rolled back whole in ${rollbackMs} ms`,
          },
    );
  }
  return { rehearsals: measured };
}

/** Two persons approve the hash; the author is neither. */
export async function approve(world: World, people: People, hash: string, teller: Teller): Promise<void> {
  for (const person of [people.ciso, people.consumerOfficer]) {
    await answered(world.client.POST('/plans/decisions', { body: approvalOf(person, hash, new Date()) }));
  }
  const code = hash.slice('sha256:'.length, 'sha256:'.length + 8);
  teller.say({
    ko: `${people.ciso.id}, ${people.consumerOfficer.id}가 계획 ${code}에 서명하였습니다.`,
    en: `${people.ciso.id} and ${people.consumerOfficer.id} signed plan ${code}`,
  });
}

/** Asks for a run; a refusal by the start gate ends the demo with its findings. */
export async function requestRun(client: Client, plan: string, mode: 'live' | 'rehearsal'): Promise<{ run: string }> {
  const requested = await answered(client.POST('/runs', { body: { plan, mode, by: author, waivers: [] } }));
  if (requested.outcome === 'refused') {
    const why = requested.readiness.findings
      .filter(({ severity, unknown }) => severity === 'error' || unknown)
      .map(({ rule, message }) => `${rule}: ${message.en}`);
    throw new Error(
      `the start gate refused the ${mode} run: ${[...requested.findings.map(({ rule }) => rule), ...why].join('; ')}`,
    );
  }
  return requested;
}

/** The result of a rehearsal: whether it passed, and how long the whole way back took. */
async function resultOf(client: Client, plan: string, run: string): Promise<{ passed: boolean; rollbackMs: number }> {
  const { rehearsals: results } = await answered(client.GET('/plans/{plan}', { params: { path: { plan } } }));
  const result = results.find((one) => one.run === run);
  if (result === undefined) throw new Error(`rehearsal ${run} left no result`);
  return { passed: result.passed, rollbackMs: Math.max(0, ...Object.values(result.rollbackMs)) };
}
