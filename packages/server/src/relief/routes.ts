/** Relief over HTTP. Who claims is told by no listing; `payee` alone names the pseudonym. */
import type { Platform } from '#platform';
import type { Http } from '#platform/http';
import { caseRoutes } from './case-routes.ts';
import { claimRoutes } from './claim-routes.ts';
import { ledgerRoutes } from './ledger-routes.ts';

export { claimForm } from './form/routes.ts';

/** Adds relief to the API. */
export function reliefRoutes(app: Http, platform: Platform): void {
  claimRoutes(app, platform);
  caseRoutes(app, platform);
  ledgerRoutes(app, platform);
}
