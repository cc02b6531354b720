import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { report, wantsJson, withExamples } from './frame.ts';

/** Commands of one domain: their names and summaries for the overview, and the module that defines them, loaded when used. */
export type CommandGroup = {
  commands: Readonly<Record<string, string>>;
  load: () => Promise<(program: Command) => void>;
};

/** Every command, in the order of the overview. A domain's module is imported only when one of its commands is used. */
export const commandGroups: readonly CommandGroup[] = [
  {
    commands: { demo: 'the main job on a small running bank, ending in a verified dossier' },
    load: async () => (await import('./demo/index.ts')).demoCommands,
  },
  {
    commands: {
      up: 'start everything in one process',
      serve: 'start a server with chosen roles',
      backup: 'copy the embedded database to one file',
      restore: 'put a backup back, or rehearse it',
      config: 'show and explain the settings',
    },
    load: async () => (await import('./up/index.ts')).upCommands,
  },
  {
    commands: {
      'sign-in': 'print a link that signs a person in to the console, once',
      person: 'register, list and disable persons',
      role: 'grant and take back roles',
      'break-glass': 'seal the account that is opened when nobody can sign in',
      token: 'issue, list and revoke API tokens of machines',
    },
    load: async () => (await import('./auth/index.ts')).authCommands,
  },
  {
    commands: { webhook: 'what was told to webhooks; tell it again' },
    load: async () => (await import('./webhook/index.ts')).webhookCommands,
  },
  {
    commands: {
      guard: 'run any command under guard',
      guardd: "run the guard's daemon of this host",
    },
    load: async () => (await import('./guard/index.ts')).guardCommands,
  },
  {
    commands: { cage: 'run test tools inside their scope' },
    load: async () => (await import('./cage/index.ts')).cageCommands,
  },
  {
    commands: { kill: 'stop runs on this machine, now' },
    load: async () => (await import('./kill.ts')).killCommand,
  },
  {
    commands: {
      plan: 'write, check and approve work plans',
      patch: 'follow patches from exposure to closure; ages, limits, exceptions',
      schema: 'print the JSON Schema of a document',
      key: 'make operator keys and enrol them',
    },
    load: async () => (await import('./plan/index.ts')).planCommands,
  },
  {
    commands: {
      rehearse: 'rehearse a plan on its stand-in',
      run: 'run an approved plan under guard',
      status: 'show where a run stands',
      resume: 'sign that a held run may go on',
      rollback: 'roll a run back',
      starts: 'say whether runs may start, and allow them again',
      host: 'execution hosts: enrol, invite, list, rotate, revoke, stop',
    },
    load: async () => (await import('./run/index.ts')).runCommands,
  },
  {
    commands: { inventory: 'import, compare, list and collect what there is' },
    load: async () => (await import('./inventory/index.ts')).inventoryCommands,
  },
  {
    commands: {
      advisory: 'take in, check and show advisories and their dissemination',
      exposure: 'list what is exposed, the most urgent first',
    },
    load: async () => (await import('./advisory/index.ts')).advisoryCommands,
  },
  {
    commands: { finding: 'import, list, export and convert findings of security tests' },
    load: async () => (await import('./finding/index.ts')).findingCommands,
  },
  {
    commands: { evidence: 'look after the evidence log, or witness those of others' },
    load: async () => (await import('./evidence/index.ts')).evidenceCommands,
  },
  {
    commands: {
      notice: 'draft, check, publish and send notices to customers',
      'smsc-sim': 'simulate an SMS centre to rehearse sendings with',
    },
    load: async () => (await import('./notice/index.ts')).noticeCommands,
  },
  {
    commands: {
      claim: 'relief: open, list, decide and pay claims',
      relief: 'prepare relief; damage and leak ledgers; accept and pay a run at once',
    },
    load: async () => (await import('./relief/index.ts')).reliefCommands,
  },
  {
    commands: {
      review: 'declare fault and consumer loss, classify causes',
      case: 'cases before a review committee or an authority',
      clock: 'reports that are owed: until when, drafts, what was filed',
      audit: 'changes held against runs, overrides by person, samples',
      dossier: 'export, list and render dossiers',
    },
    load: async () => (await import('./review/index.ts')).reviewCommands,
  },
  {
    commands: { verify: 'verify a dossier offline' },
    load: async () => (await import('./verify/index.ts')).verifyCommands,
  },
  {
    commands: {
      assess: 'assess facts against a policy pack',
      reassess: 'assess a run of the server again, beside earlier assessments',
      pack: 'list, show, check, compare and approve policy packs',
    },
    load: async () => (await import('./criteria/index.ts')).criteriaCommands,
  },
];

/** The whole program with the group of `name` defined and every other command as an entry of the overview. */
export async function buildProgram(name: string | undefined): Promise<Command> {
  const program = new Command('breakwater')
    .description(
      'Plan, rehearse, announce, guard, recover and prove emergency patches and security tests of live systems.',
    )
    .version(version(), '--version', 'print the version')
    .helpOption('-h, --help', 'show help')
    .exitOverride()
    .configureOutput({ outputError: () => undefined });
  for (const group of commandGroups) {
    const names = Object.keys(group.commands);
    if (name !== undefined && names.includes(name)) {
      const define = await group.load();
      define(program);
    }
    for (const [word, summary] of Object.entries(group.commands)) {
      const command = program.commands.find((c) => c.name() === word) ?? program.command(word);
      command.summary(summary);
    }
  }
  return withExamples(program, [
    ['./breakwater demo', 'an emergency patch goes bad on the sample bank and is rolled back, with a verified dossier'],
    ['./breakwater plan check plan.yaml', 'is this work plan ready to start? (exit 0 yes, 1 no)'],
    ['./breakwater assess facts.json --json', 'which criteria are met, contradicted or open'],
  ]);
}

/** Runs the command line `argv` (words after the program's name); the exit code is set on the process. */
export async function main(argv: readonly string[]): Promise<void> {
  const json = wantsJson(argv);
  try {
    const program = await buildProgram(commandNamed(argv));
    if (json) silenceErrors(program);
    if (argv.length === 0) program.help({ error: true });
    await program.parseAsync([...argv], { from: 'user' });
  } catch (error) {
    report(error, json);
  }
}

function silenceErrors(command: Command): void {
  command.configureOutput({ writeErr: () => undefined });
  command.commands.forEach(silenceErrors);
}

function commandNamed(argv: readonly string[]): string | undefined {
  const words = argv.filter((word) => !word.startsWith('-'));
  return words[0] === 'help' ? words[1] : words[0];
}

function version(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
