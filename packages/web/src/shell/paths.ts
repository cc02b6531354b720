/** Addresses of the console: the only place that spells them. */
const part = (text: string | number): string => encodeURIComponent(text);

export const paths = {
  now: () => '/',
  plans: () => '/plans',
  plan: (plan: string, revision?: number) => `/plans/${part(plan)}${revision === undefined ? '' : `?rev=${revision}`}`,
  planDifference: (plan: string, from: number, to: number) => `/plans/${part(plan)}/diff/${from}..${to}`,
  rehearsal: (plan: string, number: number) => `/plans/${part(plan)}/rehearsals/${number}`,
  runs: () => '/runs',
  run: (run: string) => `/runs/${part(run)}`,
  replay: (run: string) => `/runs/${part(run)}/replay`,
  wall: (run: string) => `/runs/${part(run)}/wall`,
  notices: () => '/notices',
  noticeComposer: (notice: string) => `/notices/${part(notice)}/edit`,
  claims: () => '/claims',
  claim: (claim: string) => `/claims/${part(claim)}`,
  exposure: () => '/exposure',
  advisory: (advisory: string) => `/advisories/${part(advisory)}`,
  asset: (asset: string) => `/assets/${part(asset)}`,
  evidence: () => '/evidence',
  record: (index: number) => `/evidence/${index}`,
  checkpoints: () => '/evidence/checkpoints',
  assessments: () => '/assessments',
  assessment: (run: string) => `/assessments/${part(run)}`,
  cases: () => '/cases',
  case: (id: string) => `/cases/${part(id)}`,
  segmentation: () => '/segmentation',
  hub: () => '/hub',
  guide: () => '/guide',
  /** Plain forms are posted here. */
  lever: (run: string, lever: string) => `/levers/${part(run)}/${lever}`,
} as const;
