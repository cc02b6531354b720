import { BreakwaterError } from '@breakwater/rules';
import { draftNotice } from '@breakwater/rules/notice';
import { parsePlan } from '@breakwater/rules/plan';
import type { Command } from 'commander';
import { printJson, printText, readTextFile, withExamples, withJson } from '../frame.ts';

/** Largest plan that is read, bytes. */
const mostBytes = 1024 * 1024;

/** `notice draft PLAN`. */
export function defineDraft(notice: Command): void {
  const command = withJson(
    notice
      .command('draft')
      .description(
        'Draft the advance notice of a work plan as JSON: complete, and without a hint at the hole that is closed. Needs no server.',
      )
      .argument('<plan>', 'work plan (breakwater.plan/1) in YAML or JSON, - for standard input')
      .requiredOption('--company-ko <name>', 'the company as customers know it, Korean')
      .requiredOption('--company-en <name>', 'and English')
      .requiredOption('--phone <number>', 'where customers call')
      .option('--sender <number>', 'number that text messages come from; default: --phone')
      .option(
        '--service <id=ko=en>',
        'what customers call a service; once for each; default: its id',
        (value: string, before: string[]) => [...before, value],
        [],
      )
      .action(draft),
  );
  withExamples(command, [
    [
      './breakwater notice draft plan.yaml --company-ko 한빛은행 --company-en "Hanbit Bank" --phone 15881234 --service transfer=이체=Transfers > notice.json',
      'then: ./breakwater notice lint notice.json',
    ],
  ]);
}

type Announcing = {
  companyKo: string;
  companyEn: string;
  phone: string;
  sender?: string;
  service: string[];
  json?: boolean;
};

async function draft(file: string, { companyKo, companyEn, phone, sender, service, json }: Announcing): Promise<void> {
  const format = file.toLowerCase().endsWith('.json') ? 'json' : 'yaml';
  const { plan } = parsePlan(await readTextFile(file, mostBytes), format);
  const drafted = draftNotice(plan, {
    company: { name: { ko: companyKo, en: companyEn }, phone },
    sender: sender ?? phone,
    serviceNames: Object.fromEntries(service.map(serviceName)),
  });
  if (json === true) printJson(drafted);
  else printText(JSON.stringify(drafted, null, 2));
}

function serviceName(text: string): [string, { ko: string; en: string }] {
  const [id = '', ko = '', en = '', ...more] = text.split('=');
  if (id === '' || ko === '' || en === '' || more.length > 0) {
    throw new BreakwaterError(
      'usage.service',
      `${JSON.stringify(text)} names no service: write id=한국어=English, such as transfer=이체=Transfers`,
      '--service',
    );
  }
  return [id, { ko, en }];
}
