/** What an assessment says when another reading is taken: judged again here, by the rules and from the sealed facts. */
import { assess, type Assessment, type Facts, type Finding, type PolicyPack } from '@breakwater/rules';

/** Readings that were chosen, by the parameter of the pack that names one. */
export type Chosen = Readonly<Record<string, string>>;

/** The parameter by which a pack names the reading that a criterion is judged by; null: the criterion has no choice. */
export function parameterOf(pack: PolicyPack, finding: Finding): string | null {
  const names = Object.keys(finding.readings);
  const own = Object.entries(pack.parameters).filter(
    ([, { value }]) => typeof value === 'string' && names.includes(value),
  );
  // `outage.aggregate` names a reading of `minor.outage`: the word they share tells which of several it is.
  const word = finding.criterion.split('.').at(-1) ?? '';
  return own.find(([name]) => name.startsWith(`${word}.`))?.[0] ?? own[0]?.[0] ?? null;
}

/** The reading that a pack judges by; empty: the parameter names none. */
export function readingOf(pack: PolicyPack, parameter: string): string {
  const value = pack.parameters[parameter]?.value;
  return typeof value === 'string' ? value : '';
}

/** The assessment under the chosen readings. Throws BreakwaterError when the pack takes no such reading. */
export function assessUnder(facts: Facts, pack: PolicyPack, asOf: string, chosen: Chosen): Assessment {
  const parameters = Object.fromEntries(
    Object.entries(pack.parameters).map(([name, parameter]) => {
      const reading = chosen[name];
      return [name, reading === undefined ? parameter : { ...parameter, value: reading }];
    }),
  );
  return assess(facts, { ...pack, parameters }, asOf);
}

/** Whether two findings about one criterion say something else. */
export function isChanged(sealed: Finding, now: Finding): boolean {
  return sealed.status !== now.status || JSON.stringify(sealed.value) !== JSON.stringify(now.value);
}
