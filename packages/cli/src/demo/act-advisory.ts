/** What an authority sends, and what of the bank it is about: a signed advisory, the inventory, the exposure, its patch and the closure. */
import type { Schemas } from '@breakwater/client';
import {
  advisoryOf,
  assetOf,
  bankInventory,
  makeAuthority,
  sampleHole,
  serviceNames,
  type ServiceName,
} from '@breakwater/sample-bank';
import { answered } from './ask.ts';
import { author, type People } from './people.ts';
import type { Teller } from './tell.ts';
import type { World } from './world.ts';

const authority = 'FSI';

/** The receipt of the dissemination that a patch answers, and its document. */
export type Disseminated = { readonly id: string; readonly document: Uint8Array };

/**
 * An authority signs an advisory. The bank pins the authority's key, receives document and signature, and has the verdict at once.
 * Rejects when it is not proven.
 */
export async function disseminate({ client }: World, people: People, teller: Teller): Promise<Disseminated> {
  const by = people.ciso.id;
  const signer = await makeAuthority();
  const from = new Date(Math.floor(Date.now() / 1000) * 1000);
  const document = advisoryOf(sampleHole, from);
  const { publicKey: armored, fingerprint } = signer;
  await answered(
    client.POST('/authorities/keys', {
      body: { authority, armored, fingerprint, from: from.toISOString(), until: null },
    }),
  );
  const signature = Buffer.from(await signer.sign(document)).toString('base64url');
  const receivedAt = new Date().toISOString();
  const { id, proof, doubt } = await answered(
    client.POST('/disseminations', {
      params: {
        query: { by, id: sampleHole.id, authority, channel: 'csaf', receivedAt, vulnerabilities: '', signature },
      },
      ...fileOf(document),
    }),
  );
  if (proof !== 'proven') throw new Error(`the dissemination ${id} is ${proof} (${doubt ?? ''}), not proven`);
  teller.say({
    ko: `${id}: 취약점 ${sampleHole.cve}의 전파를 접수, 고정한 공개키 ${fingerprint.slice(-16)}의 서명으로 입증(시연용 기관)`,
    en: `${id}: dissemination of ${sampleHole.cve} received, proven by the pinned key ${fingerprint.slice(-16)} (an authority of the demo)`,
  });
  return { id, document };
}

/** A file as the API takes it. */
function fileOf(bytes: Uint8Array) {
  return {
    headers: { 'content-type': 'application/octet-stream' },
    body: bytes,
    bodySerializer: (body: unknown) => body as Uint8Array<ArrayBuffer>,
  };
}

/** What is to be patched: the draft of its plan, of which the demo's own plan fills the gaps. */
export type Tracked = { readonly plan: string; readonly title: { readonly ko: string; readonly en: string } };

/** Imports what the bank has and what runs on it, matches the advisory, and opens the patch of what is exposed. */
export async function findExposure(world: World, { document }: Disseminated, teller: Teller): Promise<Tracked> {
  const { client } = world;
  await importFile(world, Buffer.from(JSON.stringify(bankInventory())), null);
  for (const service of serviceNames) await importSbom(world, service);
  const { advisory } = await answered(
    client.POST('/advisories/intake', { params: { query: { by: author, source: 'demo' } }, ...fileOf(document) }),
  );
  const { exposures } = await answered(client.GET('/exposures'));
  const [exposure, ...others] = exposures;
  if (advisory === null || exposure === undefined || others.length > 0)
    throw new Error(`${exposures.length} exposures were found where one is`);
  const { vulnerability, component, fixedIn, places, priority, reasons } = exposure;
  teller.say({
    ko: `노출: ${vulnerability}, ${component.package} ${component.version} (${reasons[0]?.interval ?? ''}), ${places.map(({ asset }) => asset).join(', ')}, 우선순위 ${priority.decision}, 수정 버전 ${fixedIn ?? '-'}`,
    en: `exposed: ${vulnerability} in ${component.package} ${component.version} (${reasons[0]?.interval ?? ''}) on ${places.map(({ asset }) => asset).join(', ')}, ${priority.decision}, fixed in ${fixedIn ?? '-'}`,
  });
  const draft = await answered(client.POST('/plans/drafts', { body: { exposures: [exposure.id], by: author } }));
  const { id: plan, title } = draft.plan as { id: string; title: Tracked['title'] };
  const patch = await answered(client.POST('/patches', { body: { plan, exposures: [exposure.id], by: author } }));
  teller.say({
    ko: `계획 초안 ${plan}: ${draft.eligibility.ko}`,
    en: `draft of the plan ${plan}: ${draft.eligibility.en}`,
  });
  teller.say({
    ko: `담당 ${draft.owners.join(', ')}, 채울 것 ${draft.gaps.length}건, 기한 ${patch.dueAt ?? '없음'}`,
    en: `owners ${draft.owners.join(', ')}, ${draft.gaps.length} gaps that the bank's own plan fills, due ${patch.dueAt ?? 'never'}`,
  });
  return { plan, title };
}

/** Imports anew what runs now: the matching of that inventory closes the patch, and nothing else does. */
export async function closePatch(world: World, { plan }: Tracked, teller: Teller): Promise<Schemas['Patch']> {
  const params = { path: { plan } };
  const before = await answered(world.client.GET('/patches/{plan}', { params }));
  await importSbom(world, 'transfer');
  const patch = await answered(world.client.GET('/patches/{plan}', { params }));
  teller.say({
    ko: `패치 ${plan}: ${before.state}, 자산 정보를 다시 반입한 뒤 ${patch.state}`,
    en: `patch ${plan}: ${before.state}, and after what runs was imported again ${patch.state}`,
  });
  return patch;
}

/** What runs of a service now, as the bank itself says. */
async function importSbom(world: World, service: ServiceName): Promise<void> {
  const answer = await world.live.control({ op: 'sbom', service });
  if (!answer.ok) throw new Error(answer.error);
  await importFile(world, Buffer.from(JSON.stringify(answer.data)), assetOf(service));
}

async function importFile({ client }: World, bytes: Uint8Array, asset: string | null): Promise<void> {
  const query = { by: author, apply: 'yes' as const, ...(asset === null ? {} : { asset }) };
  await answered(client.POST('/inventory/imports', { params: { query }, ...fileOf(bytes) }));
}
