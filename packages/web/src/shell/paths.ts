/** Addresses of the console: the only place that spells them. */
const part = (text: string | number): string => encodeURIComponent(text);

export const paths = {
  now: () => '/',
  plans: () => '/plans',
  plan: (plan: string, revision?: number, tab?: string) => {
    const search = [revision === undefined ? '' : `rev=${revision}`, tab === undefined ? '' : `tab=${tab}`].filter(
      Boolean,
    );
    return `/plans/${part(plan)}${search.length === 0 ? '' : `?${search.join('&')}`}`;
  },
  newPlan: () => '/plans/new',
  planDifference: (plan: string, from: number, to: number) => `/plans/${part(plan)}/diff/${from}..${to}`,
  rehearsal: (plan: string, number: number) => `/plans/${part(plan)}/rehearsals/${number}`,
  runs: () => '/runs',
  run: (run: string) => `/runs/${part(run)}`,
  replay: (run: string) => `/runs/${part(run)}/replay`,
  wall: (run: string) => `/runs/${part(run)}/wall`,
  notices: () => '/notices',
  notice: (notice: string) => `/notices/${part(notice)}`,
  noticeComposer: (notice: string) => `/notices/${part(notice)}/edit`,
  claims: () => '/claims',
  ledgers: (run?: string) => `/ledgers${run === undefined ? '' : `/${part(run)}`}`,
  claim: (claim: string) => `/claims/${part(claim)}`,
  exposure: () => '/exposure',
  exposureOf: (exposure: string) => `/exposure/of/${part(exposure)}`,
  advisories: () => '/advisories',
  disseminations: () => '/exposure/disseminations',
  patches: () => '/exposure/patches',
  services: () => '/exposure/services',
  assets: () => '/assets',
  endOfLife: () => '/exposure/end-of-life',
  advisory: (advisory: string) => `/advisories/${part(advisory)}`,
  asset: (asset: string) => `/assets/${part(asset)}`,
  evidence: (search: Record<string, string | number> = {}) =>
    `/evidence${Object.keys(search).length === 0 ? '' : `?${new URLSearchParams(Object.entries(search).map(([name, value]) => [name, String(value)])).toString()}`}`,
  record: (index: number) => `/evidence/${index}`,
  checkpoints: () => '/evidence/checkpoints',
  /** Verification of a dossier in the browser; of a run: with what the server has of it. */
  verification: (run?: string) => `/evidence/verify${run === undefined ? '' : `?run=${part(run)}`}`,
  assessments: () => '/assessments',
  assessment: (run: string) => `/assessments/${part(run)}`,
  /** One's own sessions and keys. */
  account: () => '/account',
  signIn: () => '/sign-in',
  cases: () => '/cases',
  case: (id: string) => `/cases/${part(id)}`,
  segmentation: () => '/segmentation',
  hub: () => '/hub',
  guide: () => '/guide',
  /** Plain forms are posted here. */
  lever: (run: string, lever: string) => `/levers/${part(run)}/${lever}`,
} as const;
