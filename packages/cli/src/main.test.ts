import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { buildProgram, commandGroups } from './main.ts';

const entry = fileURLToPath(new URL('./start.ts', import.meta.url));

function breakwater(...argv: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [entry, ...argv], { encoding: 'utf8' });
}

describe('the overview', () => {
  test('names every command once', () => {
    const names = commandGroups.flatMap((group) => Object.keys(group.commands));
    expect(new Set(names).size).toBe(names.length);
  });

  test('lists exactly the commands that the domains define', async () => {
    for (const group of commandGroups) {
      const names = Object.keys(group.commands);
      const overview = (await buildProgram(undefined)).commands.map((c) => c.name()).toSorted();
      const program = await buildProgram(names[0]);
      expect(program.commands.map((c) => c.name()).toSorted()).toEqual(overview);
      for (const name of names) {
        const command = program.commands.find((c) => c.name() === name);
        expect(command?.description(), name).not.toBe('');
      }
    }
  });
});

test('every example can be copied: it calls the program as the README does', async () => {
  const strange: string[] = [];
  const look = (command: Command): void => {
    let help = '';
    command.configureOutput({ writeOut: (text) => void (help += text) });
    command.outputHelp();
    for (const [, line = ''] of help.matchAll(/^ {2}\$ (.*)$/gm)) {
      if (/(?<!\.\/)\bbreakwater /.test(line) || !line.includes('./breakwater')) strange.push(line);
    }
    command.commands.forEach(look);
  };
  for (const { commands } of commandGroups) look(await buildProgram(Object.keys(commands)[0]));
  expect(strange).toEqual([]);
});

describe('wrong use', () => {
  test('is exit 2 with one line and a hint', () => {
    const { status, stdout, stderr } = breakwater('plam');
    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain("unknown command 'plam'");
  });

  test('with --json is exit 2 with one document on stdout and silence on stderr', () => {
    for (const argv of [['nonsense', '--json'], ['--nonsense', '--json'], ['--json']]) {
      const { status, stdout, stderr } = breakwater(...argv);
      expect(status).toBe(2);
      expect(JSON.parse(stdout)).toMatchObject({ error: { code: expect.stringMatching(/^usage\./) } });
      expect(stderr).toBe('');
    }
  });

  test('without any command is the overview on stderr and exit 2', () => {
    const { status, stdout, stderr } = breakwater();
    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain('Commands:');
  });
});

test('help and version are exit 0 on stdout', () => {
  for (const argv of [['--help'], ['help'], ['--version']]) {
    const { status, stdout, stderr } = breakwater(...argv);
    expect(status).toBe(0);
    expect(stdout).not.toBe('');
    expect(stderr).toBe('');
  }
});
