/**
 * The draft of a work plan for exposures: what is touched, in which rings, by which driver, and how it comes back if that was rehearsed.
 * What nobody knows is left empty and said, so that a draft is never ready by itself.
 */
import { draftNotice, type Notice } from '#notice';
import { koreanInstant } from './calendar.ts';

/** An exposure as a draft needs it. */
export interface DraftedExposure {
  readonly exposure: string;
  readonly vulnerability: string;
  /** Type of its package URL. */
  readonly type: string;
  /** `deb/debian/openssl`. */
  readonly component: string;
  readonly version: string;
  /** The lowest version that every advisory calls fixed; null = none says. */
  readonly fixedIn: string | null;
  readonly assets: readonly string[];
}

export interface DraftedAsset {
  readonly id: string;
  readonly owner: string | null;
  readonly zone: string | null;
  readonly criticality: string | null;
  readonly internetFacing: boolean | null;
  readonly modules: readonly string[];
  readonly services: readonly string[];
}

/** How a plan of the same services came back when it was rehearsed. */
export interface EarlierPlan {
  readonly document: Readonly<Record<string, unknown>>;
  readonly plan: string;
  readonly rehearsals: number;
  /** The longest way back of everything that was measured, ms; null = no rehearsal passed. */
  readonly rollbackMs: number | null;
}

export interface DraftFacts {
  readonly id: string;
  readonly institution: string;
  readonly author: string;
  /** Start of the window, RFC 3339; it lasts three hours. */
  readonly start: string;
  readonly exposures: readonly DraftedExposure[];
  readonly assets: readonly DraftedAsset[];
  /** Services by id, as customers call them. */
  readonly serviceNames: Readonly<Record<string, { readonly ko: string; readonly en: string }>>;
  /** Disseminations that name what is fixed; `covers`: how much of it. */
  readonly advisories: readonly {
    readonly id: string;
    readonly disseminatedBy: string;
    readonly receivedAt: string;
    readonly proof: 'proven' | 'attested' | 'absent';
    readonly covers: 'all' | 'part' | 'none' | null;
  }[];
  readonly earlier: EarlierPlan | null;
}

/** Something that a person must fill in or decide. `path` points into the plan. */
export interface DraftGap {
  readonly path: string;
  readonly ko: string;
  readonly en: string;
}

export interface DraftRing {
  readonly ring: number;
  readonly assets: readonly string[];
}

export interface PlanDraft {
  /** In the shape of `breakwater.plan/1`; not ready while `gaps` are open. */
  readonly plan: Readonly<Record<string, unknown>>;
  readonly rings: readonly DraftRing[];
  readonly owners: readonly string[];
  readonly modules: readonly string[];
  /** Whether this may count as a patch of disseminated vulnerabilities, as far as is known now. */
  readonly eligibility: {
    readonly covered: 'all' | 'part' | 'none';
    readonly by: readonly string[];
    readonly ko: string;
    readonly en: string;
  };
  readonly earlier: { readonly plan: string; readonly rehearsals: number; readonly rollbackMs: number | null } | null;
  readonly notice: Notice;
  readonly gaps: readonly DraftGap[];
}

const hour = 3_600_000;

/** What is taken over from an earlier plan of the same services: everything that is not about its work and its approval. */
const takenOver = ['host', 'probes', 'meters', 'limits', 'measures', 'rehearse', 'relief', 'vendors'] as const;

/** The draft for these exposures. */
export function draftPlan(facts: DraftFacts): PlanDraft {
  const rings = ringsOf(facts.assets);
  const services = unique(facts.assets.flatMap((asset) => asset.services));
  const fixes = unique(facts.exposures.map(({ vulnerability }) => vulnerability));
  const steps = stepsOf(facts, rings);
  const carried = Object.fromEntries(
    takenOver.flatMap((field) => {
      const value = facts.earlier?.document[field];
      return value === undefined ? [] : [[field, value]];
    }),
  );
  const earlierNotice = facts.earlier?.document['notice'];
  const naming = facts.advisories.filter(
    ({ covers, proof }) => covers !== 'none' && covers !== null && proof !== 'absent',
  );
  const plan: Record<string, unknown> = {
    schema: 'breakwater.plan/1',
    id: facts.id,
    institution: facts.institution,
    kind: 'emergency-patch',
    urgency: 'planned',
    activity: facts.exposures.every(({ type }) => isOfSystem(type)) ? 'os-patch' : 'software-patch',
    title: titleOf(facts.exposures),
    author: facts.author,
    advisories: naming.map(({ id }) => id),
    fixes,
    otherChanges: false,
    window: { start: facts.start, end: koreanInstant(Date.parse(facts.start) + 3 * hour), observe: 'PT24H' },
    services,
    host: 'local',
    limits: { outage: 'PT1H', damage: 30_000_000, records: 0, personalCredit: 0, takeoverGrace: 'PT5S' },
    measures: [{ kind: 'kill-switch' }, { kind: 'rollback' }],
    rehearse: { host: 'staging', atLeast: 3 },
    approvals: { needed: 2 },
    ...carried,
    notice:
      typeof earlierNotice === 'object' && earlierNotice !== null
        ? { ...earlierNotice, services }
        : { leadTime: 'PT24H', channels: ['website', 'sms'], services, alternativeChannels: [] },
    ...steps.part,
  };
  return {
    plan,
    rings,
    owners: unique(facts.assets.flatMap(({ owner }) => (owner === null ? [] : [owner]))),
    modules: unique(facts.assets.flatMap(({ modules }) => modules)),
    eligibility: eligibilityOf(naming),
    earlier:
      facts.earlier === null
        ? null
        : { plan: facts.earlier.plan, rehearsals: facts.earlier.rehearsals, rollbackMs: facts.earlier.rollbackMs },
    notice: noticeOf(plan, facts, services),
    gaps: [...steps.gaps, ...gapsOf(plan, facts, naming)],
  };
}

const grades = ['low', 'medium', 'high', 'critical'];

/** Canary first: of every module with several assets the least weighty one, then all others one after the other. */
function ringsOf(assets: readonly DraftedAsset[]): DraftRing[] {
  const weight = ({ criticality, internetFacing }: DraftedAsset): number =>
    (internetFacing === false ? 0 : 1) + 2 * (criticality === null ? grades.length : grades.indexOf(criticality));
  const ordered = assets.toSorted((a, b) => weight(a) - weight(b) || (a.id < b.id ? -1 : 1));
  const canaries = new Set<string>();
  for (const module of unique(assets.flatMap(({ modules }) => modules))) {
    const members = ordered.filter(({ modules }) => modules.includes(module));
    const [first] = members;
    if (members.length > 1 && first !== undefined && !members.some(({ id }) => canaries.has(id)))
      canaries.add(first.id);
  }
  const [lightest] = ordered;
  if (canaries.size === 0 && lightest !== undefined) canaries.add(lightest.id);
  const ids = ordered.map(({ id }) => id);
  const rest = ids.filter((id) => !canaries.has(id));
  return [ids.filter((id) => canaries.has(id)), rest]
    .filter((ring) => ring.length > 0)
    .map((ring, i) => ({ ring: i + 1, assets: ring }));
}

const isOfSystem = (type: string): boolean => type === 'deb' || type === 'rpm' || type === 'apk' || type === 'alpm';

interface Steps {
  readonly part: Readonly<Record<string, unknown>>;
  readonly gaps: readonly DraftGap[];
}

function stepsOf({ exposures, assets }: DraftFacts, rings: readonly DraftRing[]): Steps {
  const gaps: DraftGap[] = [];
  const steps: object[] = [];
  const acted = new Set<string>();
  for (const { ring, assets: ids } of rings) {
    for (const asset of ids) {
      for (const [driver, own] of byDriver(exposures.filter((one) => one.assets.includes(asset)))) {
        const at = `/steps/${steps.length}`;
        const step = stepOf(driver, own, asset, at, gaps);
        if ('on' in step) acted.add(asset);
        steps.push({
          id: `ring-${ring}-${driver}-${asset}`.replaceAll(/[^A-Za-z0-9._-]/g, '-').slice(0, 128),
          title: { ko: `${ring}차: ${asset} 패치`, en: `Ring ${ring}: patch ${asset}` },
          ...step,
          wayBack: 'undo',
          timeout: 'PT10M',
          onStop: 'finish',
        });
      }
    }
  }
  const targets = [...acted].map((id) => ({
    id,
    ssh: `ssh://breakwater@${sshName(id)}`,
    hostKeys: [],
    keyFile: '/etc/breakwater/ssh.key',
  }));
  targets.forEach(({ id }, i) =>
    gaps.push({
      path: `/targets/${i}/hostKeys`,
      ko: `${id}의 SSH 주소와 호스트 키 지문(ssh-keygen -lf)을 적으십시오.`,
      en: `write the SSH address of ${id} and the fingerprint of its host key (ssh-keygen -lf)`,
    }),
  );
  const groups = groupsOf(assets, rings, acted);
  return {
    part: { ...(targets.length === 0 ? {} : { targets }), ...(groups.length === 0 ? {} : { groups }), steps },
    gaps,
  };
}

/** A module on several machines keeps all but one of them up; its canary goes first and alone. */
function groupsOf(assets: readonly DraftedAsset[], rings: readonly DraftRing[], acted: ReadonlySet<string>): object[] {
  return unique(assets.flatMap(({ modules }) => modules)).flatMap((module) => {
    const members = assets.filter(({ id, modules }) => modules.includes(module) && acted.has(id)).map(({ id }) => id);
    const canary = rings[0]?.assets.find((id) => members.includes(id));
    if (members.length < 2) return [];
    return [{ id: module, members, keep: members.length - 1, ...(canary === undefined ? {} : { canary }) }];
  });
}

function byDriver(exposures: readonly DraftedExposure[]): Map<'apt' | 'rpm' | 'manual', DraftedExposure[]> {
  const groups = new Map<'apt' | 'rpm' | 'manual', DraftedExposure[]>();
  for (const one of exposures) {
    const driver = one.type === 'deb' ? 'apt' : one.type === 'rpm' ? 'rpm' : 'manual';
    groups.set(driver, [...(groups.get(driver) ?? []), one]);
  }
  return groups;
}

function stepOf(
  driver: 'apt' | 'rpm' | 'manual',
  exposures: readonly DraftedExposure[],
  asset: string,
  at: string,
  gaps: DraftGap[],
): object {
  if (driver === 'manual') {
    const what = unique(
      exposures.map(({ component, version, fixedIn }) => `${component} ${version} -> ${fixedIn ?? '?'}`),
    ).join(', ');
    gaps.push({
      path: `${at}/driver`,
      ko: `${asset}의 배포 방식을 정하십시오: symlink, files, systemd, kubernetes, network-device, command 중 하나가 원복까지 자동으로 합니다.`,
      en: `say how ${asset} is deployed: symlink, files, systemd, kubernetes, network-device or command also take the change back by themselves`,
    });
    return {
      driver: 'manual',
      do: { card: { ko: `${asset}에서 교체: ${what}`, en: `On ${asset} replace ${what}` } },
      undo: { card: { ko: `${asset}을(를) 이전 버전으로 되돌립니다: ${what}`, en: `On ${asset} go back: ${what}` } },
    };
  }
  const packages = Object.fromEntries(
    exposures.map(({ component, fixedIn }) => [component.split('/').at(-1) ?? component, fixedIn ?? '']),
  );
  for (const [name, version] of Object.entries(packages)) {
    if (version === '')
      gaps.push({
        path: `${at}/do/packages/${name}`,
        ko: `${name}의 수정 버전을 알린 권고가 없습니다. 설치할 버전을 적으십시오.`,
        en: `no advisory names a fixed version of ${name}: write the one to install`,
      });
  }
  if (driver === 'apt') return { driver, on: asset, do: { packages } };
  gaps.push({
    path: `${at}/do/from`,
    ko: '새 버전과 이전 버전의 .rpm 파일이 있는 폴더를 적으십시오.',
    en: 'write the folder that holds the .rpm files of the new version and of the old one',
  });
  return { driver, on: asset, do: { packages, from: ['/var/lib/breakwater/packages'] } };
}

const sshName = (asset: string): string => asset.replaceAll(/[^A-Za-z0-9.-]/g, '-');

function titleOf(exposures: readonly DraftedExposure[]): { ko: string; en: string } {
  const [first, ...others] = unique(exposures.map(({ component }) => component.split('/').at(-1) ?? component));
  const [ko, en] = others.length === 0 ? ['', ''] : [` 외 ${others.length}건`, ` and ${others.length} more`];
  return { ko: `${first ?? ''}${ko} 긴급 보안 패치`, en: `Emergency security patch of ${first ?? ''}${en}` };
}

function eligibilityOf(naming: DraftFacts['advisories']): PlanDraft['eligibility'] {
  const covered = naming.some(({ covers }) => covers === 'all') ? 'all' : naming.length > 0 ? 'part' : 'none';
  const words = {
    all: {
      ko: '금융위·금감원·금융보안원이 전파한 취약점이 수정 대상을 모두 포함합니다. 전파는 작업 시작 전에 접수되어 있어야 합니다.',
      en: 'what is fixed was disseminated; the dissemination must have been received before the work starts',
    },
    part: {
      ko: '수정 대상의 일부만 전파되었습니다. 나머지는 감면 요건에서 다투어질 수 있습니다.',
      en: 'only part of what is fixed is named by one dissemination: the rest may be contested',
    },
    none: {
      ko: '전파된 기록이 없습니다. 이대로는 전파된 취약점에 대한 긴급 패치로 볼 근거가 없습니다.',
      en: 'no dissemination is recorded: as it stands nothing shows that this patches a disseminated vulnerability',
    },
  } as const;
  return { covered, by: naming.map(({ id }) => id), ...words[covered] };
}

function gapsOf(
  plan: Readonly<Record<string, unknown>>,
  { earlier }: DraftFacts,
  naming: DraftFacts['advisories'],
): DraftGap[] {
  const missing: DraftGap[] = [
    { path: '/authority', ko: '작업 권한 문서를 등록하십시오.', en: 'give the written authority for the work' },
  ];
  if ((plan['services'] as readonly string[]).length === 0)
    missing.push({
      path: '/services',
      ko: '영향을 받는 서비스를 적으십시오. 자산에 서비스가 연결되어 있지 않습니다.',
      en: 'name the services: no asset leads to one',
    });
  if (plan['probes'] === undefined)
    missing.push({ path: '/probes', ko: '서비스마다 탐침을 적으십시오.', en: 'write a probe for each service' });
  if (plan['meters'] === undefined)
    missing.push({
      path: '/meters',
      ko: '피해액과 유출 건수를 누가 확인하는지 적으십시오.',
      en: 'say how damage and leaked records are measured',
    });
  if (plan['relief'] === undefined)
    missing.push({
      path: '/relief',
      ko: '피해구제 접수 기간과 연락처를 적으십시오.',
      en: 'say how long claims are taken and where',
    });
  if (earlier === null || earlier.rollbackMs === null)
    missing.push({
      path: '/rehearse',
      ko: '같은 서비스에서 모의수행한 원복 기록이 없습니다. 모의수행부터 하십시오.',
      en: 'no way back of these services was rehearsed: rehearse it',
    });
  if (naming.length === 0)
    missing.push({ path: '/advisories', ko: '전파 문서를 접수하십시오.', en: 'receive the dissemination' });
  return missing;
}

function noticeOf(
  plan: Readonly<Record<string, unknown>>,
  { institution, serviceNames }: DraftFacts,
  services: readonly string[],
): Notice {
  const relief = plan['relief'] as { contact?: string } | undefined;
  const phone = relief?.contact ?? '';
  const work = plan as unknown as Parameters<typeof draftNotice>[0];
  const names = Object.fromEntries(services.map((id) => [id, serviceNames[id] ?? { ko: id, en: id }]));
  return draftNotice(work, {
    company: { name: { ko: institution, en: institution }, phone },
    sender: phone,
    serviceNames: names,
  });
}

const unique = <T>(values: readonly T[]): T[] => [...new Set(values)];
