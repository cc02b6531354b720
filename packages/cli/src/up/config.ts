import { configDocs, withoutSecrets, type SettingDoc } from '@breakwater/server/config';
import type { Command } from 'commander';
import { printJson, printText, withExamples, withJson } from '../frame.ts';
import { readConfig } from '../server.ts';

/** Adds `config show` and `config docs`. */
export function defineConfig(program: Command): void {
  const config = program
    .command('config')
    .description('Settings: breakwater.config.yaml (or .json), then BREAKWATER_… variables, then options.');
  const show = config.command('show').description('Print the settings in force, without secrets.');
  withExamples(withJson(show), [['./breakwater config show', 'what the next start will use']]).action(
    (options: { json?: true }) => {
      const settings = withoutSecrets(readConfig());
      if (options.json === true) printJson(settings);
      else
        printText(
          flatten(settings)
            .map(([key, value]) => `${key} = ${value}`)
            .join('\n'),
        );
    },
  );
  const docs = config
    .command('docs')
    .description('Print every setting: what it is, its default, and what follows from changing it.');
  withExamples(withJson(docs), [['./breakwater config docs', 'all settings']]).action((options: { json?: true }) => {
    const settings = configDocs();
    if (options.json === true) printJson({ schema: 'breakwater.settings/1', settings });
    else printText(settings.map(describe).join('\n\n'));
  });
}

function describe({ key, env, type, default: value, meaning }: SettingDoc): string {
  const otherwise = value === null ? 'no default' : `default ${JSON.stringify(value)}`;
  return `${key}  (${type}, ${otherwise})\n  ${env}\n  ${meaning}`;
}

function flatten(value: object, prefix = ''): [string, string][] {
  return Object.entries(value).flatMap(([key, child]: [string, unknown]) =>
    typeof child === 'object' && child !== null
      ? flatten(child, `${prefix}${key}.`)
      : [[`${prefix}${key}`, JSON.stringify(child)]],
  );
}
