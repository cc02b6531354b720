/** Addresses and the pages at them. Pages are loaded when they are first opened. */
import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  type AnyRouter,
} from '@tanstack/react-router';
import { Broken, NotFound } from './Fallback.tsx';
import { Root } from './Root.tsx';

const root = createRootRouteWithContext<{ queries: QueryClient }>()({
  component: Root,
  notFoundComponent: NotFound,
  errorComponent: Broken,
});

const page = <Path extends string>(path: Path, component: ReturnType<typeof lazyRouteComponent>) =>
  createRoute({ getParentRoute: () => root, path, component });

const evidence = () => import('#evidence/pages');
const plan = () => import('#plan/pages');
const criteria = () => import('#criteria/pages');
const auth = () => import('#auth/pages');
const now = () => import('#now/pages');
const notice = () => import('#notice/pages');
const advisory = () => import('#advisory/pages');
const inventory = () => import('#inventory/pages');
const review = () => import('#review/pages');
const relief = () => import('#relief/pages');
const runner = () => import('#runner/pages');

/** Every page. A page is added by its line here, and by its section in shell/sections.ts. */
const pages = [
  page('/sign-in', lazyRouteComponent(auth, 'SignInPage')),
  page('/account', lazyRouteComponent(auth, 'AccountPage')),
  page('/', lazyRouteComponent(now, 'NowPage')),
  page('/runs', lazyRouteComponent(runner, 'RunsPage')),
  page('/runs/$run', lazyRouteComponent(runner, 'RunPage')),
  page('/runs/$run/replay', lazyRouteComponent(runner, 'ReplayPage')),
  page('/runs/$run/wall', lazyRouteComponent(runner, 'WallPage')),
  page('/notices', lazyRouteComponent(notice, 'NoticesPage')),
  page('/notices/$notice', lazyRouteComponent(notice, 'NoticePage')),
  page('/notices/$notice/edit', lazyRouteComponent(notice, 'ComposerPage')),
  page('/exposure', lazyRouteComponent(advisory, 'ExposurePage')),
  page('/exposure/of/$exposure', lazyRouteComponent(advisory, 'OneExposurePage')),
  page('/exposure/disseminations', lazyRouteComponent(advisory, 'DisseminationsPage')),
  page('/exposure/patches', lazyRouteComponent(advisory, 'PatchesPage')),
  page('/exposure/services', lazyRouteComponent(inventory, 'ServicesPage')),
  page('/exposure/end-of-life', lazyRouteComponent(inventory, 'EndOfLifePage')),
  page('/advisories', lazyRouteComponent(advisory, 'AdvisoriesPage')),
  page('/advisories/$advisory', lazyRouteComponent(advisory, 'AdvisoryPage')),
  page('/assets', lazyRouteComponent(inventory, 'AssetsPage')),
  page('/assets/$asset', lazyRouteComponent(inventory, 'AssetPage')),
  page('/cases', lazyRouteComponent(review, 'CasesPage')),
  page('/cases/$case', lazyRouteComponent(review, 'CasePage')),
  page('/claims', lazyRouteComponent(relief, 'ClaimsPage')),
  page('/claims/$claim', lazyRouteComponent(relief, 'ClaimPage')),
  page('/ledgers', lazyRouteComponent(relief, 'LedgersPage')),
  page('/ledgers/$run', lazyRouteComponent(relief, 'LedgersPage')),
  page('/plans', lazyRouteComponent(plan, 'PlansPage')),
  page('/plans/new', lazyRouteComponent(plan, 'NewPlanPage')),
  page('/plans/$plan', lazyRouteComponent(plan, 'PlanPage')),
  page('/plans/$plan/diff/$range', lazyRouteComponent(plan, 'DifferencePage')),
  page('/plans/$plan/rehearsals/$number', lazyRouteComponent(plan, 'RehearsalPage')),
  page('/evidence', lazyRouteComponent(evidence, 'EvidencePage')),
  page('/evidence/checkpoints', lazyRouteComponent(evidence, 'CheckpointsPage')),
  page('/evidence/verify', lazyRouteComponent(evidence, 'VerifyPage')),
  page('/evidence/$index', lazyRouteComponent(evidence, 'EvidencePage')),
  page('/assessments', lazyRouteComponent(criteria, 'AssessmentsPage')),
  page('/assessments/$run', lazyRouteComponent(criteria, 'AssessmentPage')),
];

export function createConsoleRouter(queries: QueryClient): AnyRouter {
  return createRouter({
    routeTree: root.addChildren(pages),
    context: { queries },
    scrollRestoration: true,
    defaultErrorComponent: Broken,
    defaultNotFoundComponent: NotFound,
  });
}
