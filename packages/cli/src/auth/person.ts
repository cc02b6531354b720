import type { Schemas } from '@breakwater/client';
import { BreakwaterError } from '@breakwater/rules';
import { roleNames, roles as roleTitles, type Role } from '@breakwater/rules/authority';
import type { Command } from 'commander';
import { printJson, printRows, printText, withExamples, withJson } from '../frame.ts';
import { localServer } from '../server.ts';

/** Adds `person add/list/disable/enable` and `role list/grant/revoke`. */
export function definePersons(program: Command): void {
  const person = program.command('person').description('Persons who may sign in, by pseudonym.');
  withExamples(
    withJson(
      person
        .command('add')
        .description('Register a person with roles.')
        .argument('<id>', 'pseudonym, such as p-17: what evidence and logs will know')
        .option('--role <role>', 'a role; give it several times', collect, [])
        .option('--name <name>', 'name that screens show to colleagues')
        .action(add),
    ),
    [['./breakwater person add p-17 --role approver --role ciso', 'who may approve; then: sign-in --person p-17']],
  );
  withJson(person.command('list').description('Persons and their roles.').action(list));
  withJson(
    person
      .command('disable')
      .description('Let a person in no more; their sessions end at once.')
      .argument('<id>', 'pseudonym')
      .action((id: string, options: Options) => setDisabled(id, true, options)),
  );
  withJson(
    person
      .command('enable')
      .description('Let a disabled person in again.')
      .argument('<id>', 'pseudonym')
      .action((id: string, options: Options) => setDisabled(id, false, options)),
  );
  withExamples(
    withJson(
      person
        .command('link')
        .description('Link an account at the identity provider to a person, who then signs in by it.')
        .argument('<id>', 'pseudonym')
        .requiredOption('--issuer <url>', 'the identity provider, as auth.oidc.issuer')
        .requiredOption('--subject <sub>', 'what it calls the person')
        .action(link),
    ),
    [['./breakwater person link p-17 --issuer https://id.bank.example --subject 4711', 'p-17 signs in there']],
  );
  withJson(
    person
      .command('unlink')
      .description('Take such a link away.')
      .requiredOption('--issuer <url>', 'the identity provider')
      .requiredOption('--subject <sub>', 'what it calls the person')
      .action(unlink),
  );
  const role = program.command('role').description('Roles of persons: what each may do.');
  withJson(role.command('list').description('The roles there are.').action(listRoles));
  withExamples(
    withJson(
      role
        .command('grant')
        .description('Give a person a role.')
        .argument('<id>', 'pseudonym')
        .argument('<role>', 'see role list')
        .action(grant),
    ),
    [['./breakwater role grant p-17 auditor', 'p-17 reads everything and changes nothing']],
  );
  withJson(
    role
      .command('revoke')
      .description('Take a role from a person, at once.')
      .argument('<id>', 'pseudonym')
      .argument('<role>', 'see role list')
      .action(revoke),
  );
}

type Options = { json?: boolean };

const collect = (value: string, before: string[]): string[] => [...before, value];

function roleOf(text: string): Role {
  const known = roleNames.find((name) => name === text);
  if (known !== undefined) return known;
  throw new BreakwaterError('usage.role', `there is no role ${text}: ${roleNames.join(', ')}`, 'ROLE');
}

async function add(id: string, { role, name, json }: Options & { role: string[]; name?: string }): Promise<void> {
  const { data } = await localServer().POST('/persons', {
    body: { person: id, name: name ?? null, roles: role.map(roleOf) },
  });
  show(data, json);
}

async function grant(id: string, role: string, { json }: Options): Promise<void> {
  const { data } = await localServer().POST('/persons', { body: { person: id, roles: [roleOf(role)] } });
  show(data, json);
}

async function revoke(id: string, role: string, { json }: Options): Promise<void> {
  const params = { path: { person: id, role: roleOf(role) } };
  const { data } = await localServer().POST('/persons/{person}/roles/{role}/revoke', { params });
  show(data, json);
}

async function setDisabled(id: string, disabled: boolean, { json }: Options): Promise<void> {
  const { data } = await localServer().POST('/persons/{person}/disabled', {
    params: { path: { person: id } },
    body: { disabled },
  });
  show(data, json);
}

type Account = Options & { issuer: string; subject: string };

async function link(id: string, { issuer, subject, json }: Account): Promise<void> {
  const params = { path: { person: id } };
  await localServer().POST('/persons/{person}/identities', { params, body: { issuer, subject } });
  if (json === true) printJson({ schema: 'breakwater.identity-linked/1', person: id, issuer });
  else process.stderr.write(`linked ${id}\n`);
}

async function unlink({ issuer, subject, json }: Account): Promise<void> {
  await localServer().POST('/identities/unlink', { body: { issuer, subject } });
  if (json === true) printJson({ schema: 'breakwater.identity-unlinked/1', issuer });
  else process.stderr.write('unlinked\n');
}

async function list({ json }: Options): Promise<void> {
  const { data } = await localServer().GET('/persons');
  const persons = data?.persons ?? [];
  if (json === true) printJson({ schema: 'breakwater.persons/1', persons });
  else printRows(persons.map(line), '등록된 사람이 없습니다 · nobody yet: breakwater person add');
}

function listRoles({ json }: Options): void {
  const roles = roleNames.map((role) => ({ role, ...roleTitles[role] }));
  if (json === true) printJson({ schema: 'breakwater.roles/1', roles });
  else
    printRows(
      roles.map(({ role, ko, en }) => `${role}  ${ko} · ${en}`),
      '',
    );
}

function show(data: Schemas['Person'] | undefined, json: boolean | undefined): void {
  if (data === undefined) throw new Error('the server answered without content');
  if (json === true) printJson({ schema: 'breakwater.person/1', ...data });
  else printText(line(data));
}

function line({ person, name, roles, disabledAt }: Schemas['Person']): string {
  const held = roles.length === 0 ? 'no role' : roles.join(', ');
  return `${person}${name === null ? '' : ` ${name}`}  ${held}${disabledAt === null ? '' : `  disabled ${disabledAt}`}`;
}
