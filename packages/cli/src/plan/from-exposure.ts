/** `plan new --from-exposure`: a draft for what is exposed, followed as its patch from the start. */
import type { Schemas } from '@breakwater/client';
import { BreakwaterError } from '@breakwater/rules';
import { stringify } from 'yaml';
import { printJson, printText } from '../frame.ts';
import { localServer } from '../server.ts';
import { writeNewFile } from './write-new.ts';

/** What was given on the command line, by the names of the options. */
export type Given = Readonly<Record<string, string | string[] | boolean | undefined>>;

/**
 * Drafts a plan and opens its patch, unless `track` is false. Throws BreakwaterError `answer.missing` without an author, and what the
 * server refuses.
 */
export async function draftFromExposures(given: Given): Promise<void> {
  const by = given['author'];
  const exposures = given['fromExposure'];
  if (typeof by !== 'string' || !Array.isArray(exposures))
    throw new BreakwaterError('answer.missing', 'say who writes the plan: --author p-03', '--author');
  const assets = Array.isArray(given['asset']) ? given['asset'] : null;
  const text = (name: string): string | null => (typeof given[name] === 'string' ? given[name] : null);
  const client = localServer();
  const body = { exposures, assets, id: text('id'), start: text('start'), by };
  const { data: draft } = await client.POST('/plans/drafts', { body });
  if (draft === undefined) throw new Error('the server answered without content');
  const { id: plan } = draft.plan as { id: string };
  if (given['track'] !== false) await client.POST('/patches', { body: { plan, exposures, assets, by } });
  const out = given['out'];
  if (typeof out === 'string') await writeNewFile(out, commented(draft), { replace: given['force'] === true });
  if (given['json'] === true) return printJson({ schema: 'breakwater.plan-draft/1', ...draft });
  printText(typeof out === 'string' ? `${out}\n${summary(draft).join('\n')}` : commented(draft));
}

/** The plan with what is known of it, and what is missing, above it. */
function commented(draft: Schemas['PlanDraft']): string {
  const head = summary(draft).map((line) => `# ${line}`.trimEnd());
  return `${head.join('\n')}\n${stringify(draft.plan, { lineWidth: 0 })}`;
}

function summary({ eligibility, rings, owners, modules, earlier, gaps }: Schemas['PlanDraft']): string[] {
  return [
    `${eligibility.ko} ${eligibility.en}: ${eligibility.by.join(', ') || '-'}`,
    ...rings.map(({ ring, assets }) => `${ring}차 · ring ${ring}: ${assets.join(', ')}`),
    `담당 · owners: ${owners.join(', ') || '-'}  모듈 · modules: ${modules.join(', ') || '-'}`,
    earlier === null
      ? '이전 계획 없음 · no earlier plan of these services'
      : `이전 계획 · from ${earlier.plan}: 모의수행 ${earlier.rehearsals}, 원복 ${earlier.rollbackMs ?? '-'} ms · rehearsals, way back`,
    ...(gaps.length === 0 ? [] : ['채울 것 · to fill in:']),
    ...gaps.map(({ path, ko, en }) => `  ${path}: ${ko} ${en}`),
  ];
}
