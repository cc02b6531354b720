/** Beside act 4: what customers are told after a trip, of notices that then lie prefilled. */
import { setTimeout as sleep } from 'node:timers/promises';
import { settled, wake } from './act-notice.ts';
import { answered, type Run } from './ask.ts';
import type { People } from './people.ts';
import { amount, secondsUsed, type Teller } from './tell.ts';
import type { World } from './world.ts';

/** A notice that followed on a trip, and how many it reached. */
export type Followed = { readonly kind: string; readonly sent: number; readonly delivered: number | null };

export type TripNotices = {
  /** Hears how the run stands; at its trip the notice of the disruption goes out. */
  seen(run: Run): void;
  /** Once the run has ended: says that it is over, where a disruption was announced, and waits for the receipts. */
  ended(): Promise<readonly Followed[]>;
};

const prefilledWithinMs = 60_000;
const words = {
  disruption: { ko: '장애 안내', en: 'notice of the disruption' },
  end: { ko: '종료 안내', en: 'notice that it is over' },
};

/** Follows a run and announces what its trip calls for, each with one press. */
export function followTrip(world: World, people: People, teller: Teller): TripNotices {
  let tripped: Promise<string> | null = null;
  let run = '';
  const announceDraft = async (kind: keyof typeof words, from: number): Promise<string> => {
    const id = await prefilled(world, `${run}-${kind}`);
    const body = { by: people.consumerOfficer.id, wake };
    const { notice } = await answered(world.client.POST('/notices/{id}/announce', { params: { path: { id } }, body }));
    const after = secondsUsed(performance.now() - from);
    teller.say({
      ko: `${words[kind].ko}: 미리 작성된 안내를 ${after}초 만에 게시하고 문자로 보냈습니다.`,
      en: `${words[kind].en}: prefilled, on the website and on its way by text message after ${after} s`,
    });
    return notice;
  };
  return {
    seen(now) {
      if (now.trip === null || tripped !== null) return;
      run = now.run;
      tripped = announceDraft('disruption', performance.now());
      // It is looked at when the run has ended.
      tripped.catch(() => undefined);
    },
    async ended() {
      if (tripped === null) return [];
      const disruption = await tripped;
      const end = await announceDraft('end', performance.now());
      const sendings = await Promise.all([settled(world, disruption), settled(world, end)]);
      const followed = sendings.map(({ submitted, delivered }, i) => ({
        kind: i === 0 ? 'disruption' : 'end',
        sent: submitted,
        delivered,
      }));
      const delivered = followed.map((one) => amount(one.delivered ?? 0)).join(', ');
      teller.say({ ko: `두 안내의 문자 도달: ${delivered}`, en: `both delivered by text message to ${delivered}` });
      return followed;
    },
  };
}

/** The id of a draft once it is there. A server that was killed is waited for. */
async function prefilled({ client }: World, id: string): Promise<string> {
  const until = performance.now() + prefilledWithinMs;
  while (performance.now() < until) {
    const answer = await client.GET('/notices/drafts', { params: { query: {} } }).catch(() => null);
    if (answer?.data?.drafts.some(({ draft }) => draft === id) === true) return id;
    await sleep(150);
  }
  throw new Error(`no notice ${id} lay ready ${prefilledWithinMs / 1000} s after the trip`);
}
