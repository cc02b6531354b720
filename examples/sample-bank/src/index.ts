/** A small running bank: the target of the demo, the rehearsals and the tests. */
export { advisoryOf, makeAuthority, type SampleAuthority, type SampleHole } from './authority.ts';
export { makeBank, patchFixes, sampleHole, startBank, type Bank, type BankOptions } from './bank.ts';
export { serviceNames, type ServiceName } from './catalog.ts';
export { readCustomers, type Customer } from './customers.ts';
export { startLoad, type Load, type LoadFigures, type LoadOptions } from './load.ts';
export { cleanNetworks } from './network.ts';
export { demoPlan, type DemoPlanOptions } from './plan.ts';
export { demoTestPlan, type DemoTestPlanOptions } from './test-plan.ts';
export { assetOf, bankInventory } from './sbom.ts';
export {
  startSmsGateway,
  type GatewayFaults,
  type GatewayReport,
  type SmsGateway,
  type SmsGatewayOptions,
} from './sms-gateway.ts';
