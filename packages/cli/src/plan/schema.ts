import { jsonSchema, schemaTitles } from '@breakwater/rules';
import type { Command } from 'commander';
import { printJson, withExamples, withJson } from '../frame.ts';

/** `schema NAME`. */
export function defineSchema(program: Command): void {
  const command = withJson(
    program
      .command('schema')
      .description('Print the JSON Schema (draft 2020-12) of a document.')
      .argument('<name>', Object.keys(schemaTitles).join(', '))
      .addHelpText(
        'after',
        `\nDocuments:\n${Object.entries(schemaTitles)
          .map(([name, title]) => `  ${name.padEnd(14)}${title}`)
          .join('\n')}`,
      )
      .action((name: string) => printJson(jsonSchema(name))),
  );
  withExamples(command, [['./breakwater schema plan > plan.schema.json', 'for the completion of an editor']]);
}

/** `plan schema`. */
export function definePlanSchema(plan: Command): void {
  withJson(
    plan
      .command('schema')
      .description('Print the JSON Schema of work plans, or of the context they are checked in.')
      .option('--context', 'of breakwater.plan-context/1')
      .action(({ context }: { context?: boolean }) =>
        printJson(jsonSchema(context === true ? 'plan-context' : 'plan')),
      ),
  );
}
