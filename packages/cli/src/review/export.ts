/** `dossier export` and `dossier list`, through the server that runs on this machine. */
import type { Assessment } from '@breakwater/rules/criteria';
import { readContainer } from '@breakwater/verify';
import { type Command, Option } from 'commander';
import { NotChecked, printJson, printText, withExamples, withJson } from '../frame.ts';
import { requireNew, writeNewFile } from '../plan/write-new.ts';
import { localServer } from '../server.ts';

type Asked = {
  out: string;
  pdf?: string;
  policy?: string;
  keys?: string;
  pack?: string;
  asOf?: string;
  edition?: 'ko' | 'en';
  json?: boolean;
};

export function defineExport(dossier: Command): void {
  const command = withJson(
    dossier
      .command('export')
      .description('Assess a run, put its dossier together and seal it with the key of the log.')
      .argument('<run>', 'id of a run')
      .requiredOption('--out <file>', 'where the dossier (.zip) goes; must not exist')
      .option('--pdf <file>', 'also write its PDF by itself')
      .option('--policy <file>', 'also write the policy that outsiders verify it with (C2SP tlog-policy)')
      .option('--keys <file>', 'also write the keys that outsiders verify it with (breakwater.keys/1)')
      .option('--pack <id>', 'policy pack; default: the one in force at the start of the work')
      .addOption(
        new Option('--edition <language>', 'en: the whole dossier in English, without persons, for transfer abroad')
          .choices(['ko', 'en'])
          .default('ko'),
      )
      .option('--as-of <time>', 'time of the assessment, RFC 3339 with offset; default: now')
      .action(exportDossier),
  );
  withExamples(command, [
    [
      './breakwater dossier export RUN --out dossier.zip --policy policy.txt --keys keys.json',
      'send the dossier one way, policy and keys another',
    ],
  ]);
}

async function exportDossier(run: string, asked: Asked): Promise<void> {
  for (const file of [asked.out, asked.pdf, asked.policy, asked.keys]) if (file !== undefined) await requireNew(file);
  const server = localServer();
  const params = { path: { run } };
  const { data: made } = await server.POST('/runs/{run}/dossiers', {
    params,
    body: {
      pack: asked.pack ?? null,
      asOf: asked.asOf ?? null,
      ...(asked.edition === 'en' ? { edition: 'en' } : {}),
    },
  });
  if (made === undefined) throw new NotChecked('server.answer', 'the server gave no dossier');
  const { manifest } = made.dossier;
  const file = await server.GET('/dossiers/{manifest}', { params: { path: { manifest } }, parseAs: 'arrayBuffer' });
  const zip = new Uint8Array(file.data as unknown as ArrayBuffer);
  await writeNewFile(asked.out, zip);
  if (asked.pdf !== undefined) {
    const pdf = readContainer(zip).find(({ path }) => path === 'dossier.pdf');
    await writeNewFile(asked.pdf, pdf?.bytes ?? new Uint8Array());
  }
  if (asked.policy !== undefined || asked.keys !== undefined) {
    const { data: trust } = await server.GET('/runs/{run}/trust', { params });
    if (trust === undefined) throw new NotChecked('server.answer', 'the server gave neither policy nor keys');
    if (asked.policy !== undefined) await writeNewFile(asked.policy, trust.policy);
    if (asked.keys !== undefined) await writeNewFile(asked.keys, `${JSON.stringify(trust.keys, null, 2)}\n`);
  }
  const { pdf = null, policy = null, keys = null, out } = asked;
  if (asked.json === true) {
    printJson({
      schema: 'breakwater.export/1',
      ...made.dossier,
      dossier: out,
      pdf,
      policy,
      keys,
      assessment: made.assessment,
    });
  } else printText(spell(made.dossier, made.assessment, out));
}

function spell(
  sealed: { manifest: string; firstIndex: number; endIndex: number },
  assessment: Assessment,
  out: string,
): string {
  const { contradicted, open, carveOut, pack } = assessment;
  const listed = (ids: readonly string[]): string => (ids.length === 0 ? '없음 · none' : ids.join(', '));
  return [
    `소명자료 · dossier  ${out}`,
    `목록 · manifest  ${sealed.manifest}`,
    `기록 · records  #${sealed.firstIndex} – #${sealed.endIndex - 1}`,
    `기준 · pack  ${pack.id} ${pack.version} (${pack.basis})`,
    `어긋나는 기준 · contradicted  ${listed(contradicted)}`,
    `열려 있는 기준 · open  ${listed(open)}`,
    `개인신용정보 · personal credit information  ${carveOut.personalCredit}`,
  ].join('\n');
}

export function defineList(dossier: Command): void {
  withJson(
    dossier
      .command('list')
      .description('List the dossiers that were sealed about a run.')
      .argument('<run>', 'id of a run')
      .action(list),
  );
}

async function list(run: string, { json }: { json?: boolean }): Promise<void> {
  const { data } = await localServer().GET('/runs/{run}/dossiers', { params: { path: { run } } });
  const dossiers = data?.dossiers ?? [];
  if (json === true) printJson({ schema: 'breakwater.dossiers/1', run, dossiers });
  else if (dossiers.length === 0) printText('봉인된 소명자료가 없습니다. · No dossier was sealed.');
  else {
    printText(
      dossiers
        .map(
          ({ sealedAt, manifest, firstIndex, endIndex }) => `${sealedAt}  ${manifest}  #${firstIndex}–#${endIndex - 1}`,
        )
        .join('\n'),
    );
  }
}
