import type { Command } from 'commander';
import { NotChecked, printJson, printRows, printText, withExamples, withJson } from '../frame.ts';
import { localServer } from '../server.ts';
import { spellExposure } from './exposure.ts';

/** `advisory list`. */
export function defineList(advisory: Command): void {
  const command = withJson(
    advisory
      .command('list')
      .description('Disseminations and the advisories that were taken in, the newest first.')
      .option('--before <id>', 'go on with documents before this one'),
  ).action(list);
  withExamples(command, [['./breakwater advisory list', 'what was disseminated, and what was taken in']]);
}

async function list({ before, json }: { before?: string; json?: boolean }): Promise<void> {
  const client = localServer();
  const advisories = (await client.GET('/advisories')).data?.advisories ?? [];
  const query = { limit: 1000, ...(before === undefined ? {} : { before: Number(before) }) };
  const { data } = await client.GET('/advisories/documents', { params: { query } });
  const documents = data?.documents ?? [];
  const next = data?.next ?? null;
  if (json === true)
    return printJson({ schema: 'breakwater.advisories/1', advisories, documents, restricted: data?.restricted ?? 0 });
  printRows(
    [
      ...advisories.map(
        ({ id, disseminatedBy, receivedAt, proof }) => `${id}  ${disseminatedBy}  ${receivedAt}  ${proof}`,
      ),
      ...documents.map(
        ({ name, format, revision, matches, title }) =>
          `${name}  ${format}  ${revision}  일치 ${matches} · matches  ${title}`,
      ),
      ...((data?.restricted ?? 0) > 0 ? [`지정된 수신자만 열람 ${data?.restricted} · for named readers only`] : []),
      ...(next === null ? [] : [`계속 · more: --before ${next}`]),
    ],
    '기록된 권고가 없습니다 · no advisory yet: breakwater advisory import',
  );
}

/** `advisory show NAME`. */
export function defineShow(advisory: Command): void {
  const command = withJson(
    advisory
      .command('show')
      .description('Everything about an advisory or a vulnerability: documents, disseminations, and what is exposed.')
      .argument('<name>', 'CVE, GHSA, or the id of an advisory'),
  ).action(show);
  withExamples(command, [['./breakwater advisory show CVE-2026-1234', 'who says what, and where it is']]);
}

async function show(name: string, { json }: { json?: boolean }): Promise<void> {
  const client = localServer();
  const { data } = await client.GET('/advisories/documents', { params: { query: { named: name, limit: 1000 } } });
  const documents = data?.documents ?? [];
  const advisories = (await client.GET('/advisories')).data?.advisories ?? [];
  const disseminations = advisories.filter(({ id, vulnerabilities }) => id === name || vulnerabilities.includes(name));
  if (documents.length + disseminations.length === 0) {
    throw new NotChecked(
      'advisory.not-found',
      `nothing that is known bears the name ${name}: breakwater advisory list`,
      name,
    );
  }
  const names = [...new Set([name, ...documents.flatMap(({ vulnerabilities }) => vulnerabilities)])];
  const found = await Promise.all(
    names.map((vulnerability) =>
      client.GET('/exposures', { params: { query: { vulnerability, filtered: 'yes', limit: 1000 } } }),
    ),
  );
  const exposures = [
    ...new Map(found.flatMap((one) => one.data?.exposures ?? []).map((one) => [one.id, one])).values(),
  ];
  if (json === true)
    return printJson({ schema: 'breakwater.advisory-details/1', name, documents, disseminations, exposures });
  for (const { name: id, format, publisher, revision, title, vulnerabilities, notes } of documents) {
    printText(
      [
        `${id}  ${format}  ${publisher}  ${revision}`,
        `  ${title}`,
        `  ${vulnerabilities.join(', ')}`,
        ...notes.map((note) => `  ! ${note}`),
      ].join('\n'),
    );
  }
  for (const { id, disseminatedBy, receivedAt, proof } of disseminations)
    printText(`전파 · disseminated: ${id}  ${disseminatedBy}  ${receivedAt}  ${proof}`);
  printRows(exposures.flatMap(spellExposure), '영향 받는 자산이 없습니다 · nothing that is there is affected');
}
