/** Rendering the PDF of a dossier again, from its members. */
import { BreakwaterError } from '@breakwater/rules';
import { type Check, isSealing, manifestSchema, verificationOf } from '@breakwater/rules/review';
import { renderDossier, rulesVersion } from '@breakwater/server/review/pdf';
import { type Member, type Verification, readContainer } from '@breakwater/verify';

/** The PDF made again. Throws BreakwaterError `dossier.container`, or `review.not-rendered` with what is missing. */
export async function renderAgain(zip: Uint8Array): Promise<{ pdf: Uint8Array; same: boolean; rules: string }> {
  const members = readContainer(zip);
  const sealed = member(members, 'dossier.pdf');
  const manifest = manifestSchema.safeParse(JSON.parse(new TextDecoder().decode(member(members, 'manifest.json'))));
  if (!manifest.success)
    throw new BreakwaterError('review.not-rendered', 'it does not have its shape', 'manifest.json');
  const pdf = await renderDossier(members.filter(({ path }) => path !== 'dossier.pdf' && !isSealing(path)));
  return { pdf, same: Buffer.from(pdf).equals(sealed), rules: manifest.data.rules };
}

function member(members: readonly Member[], path: string): Uint8Array {
  const found = members.find((one) => one.path === path);
  if (found === undefined) throw new BreakwaterError('review.not-rendered', 'the member is missing', path);
  return found.bytes;
}

/** The verification with one more check: that the PDF is what its members give. */
export async function checkRendering(verification: Verification, zip: Uint8Array): Promise<Verification> {
  return verificationOf([...verification.checks, await renderingCheck(zip)]);
}

async function renderingCheck(zip: Uint8Array): Promise<Check> {
  const about = { id: 'pdf', subject: 'dossier.pdf' } as const;
  try {
    const { same, rules } = await renderAgain(zip);
    if (same) return { ...about, result: 'passed', detail: 'rendered again from the members: the same bytes' };
    const detail = `rendered again, the bytes differ; the dossier was made with rules ${rules}`;
    return { ...about, result: rules === rulesVersion ? 'failed' : 'not-checked', detail };
  } catch (error) {
    return {
      ...about,
      result: 'not-checked',
      detail: error instanceof Error ? error.message : 'it could not be rendered',
    };
  }
}
