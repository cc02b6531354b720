/** What `plan new` needs to know to write a plan: the questions, as data. */
import { BreakwaterError } from '@breakwater/rules';
import { koreanInstant, quietNight } from '@breakwater/rules/plan';

/** Answers by question; a list for what may be given several times. */
export type Answers = Readonly<Record<string, string | readonly string[]>>;

export interface Question {
  /** The option is `--<name>`. */
  readonly name: string;
  readonly value: string;
  readonly ask: string;
  readonly several?: true;
  /** Used when nothing is said. */
  readonly usual?: string;
  /** Stands in with `--example`. */
  readonly example: (now: Date, kind: string) => string;
  /** Only asked for plans of this kind. */
  readonly kind?: 'emergency-patch' | 'security-test';
  /** Left out of the plan when nothing is said. */
  readonly optional?: true;
}

const always = (text: string) => (): string => text;
const hour = 3_600_000;

export const questions: readonly Question[] = [
  {
    name: 'kind',
    value: 'kind',
    ask: 'emergency-patch or security-test',
    usual: 'emergency-patch',
    example: always('emergency-patch'),
  },
  {
    name: 'id',
    value: 'id',
    ask: 'Id of the plan (letters, digits, dot, dash)',
    example: (_, kind) => (kind === 'security-test' ? 'transfer-test-example' : 'transfer-openssl-example'),
  },
  { name: 'institution', value: 'id', ask: 'Id of the company', example: always('hanbit-bank') },
  {
    name: 'title-ko',
    value: 'text',
    ask: 'Title in Korean',
    example: (_, kind) => (kind === 'security-test' ? '이체 서비스 보안 점검' : '이체 서비스 보안 패치'),
  },
  {
    name: 'title-en',
    value: 'text',
    ask: 'Title in English',
    example: (_, kind) =>
      kind === 'security-test' ? 'Security test of the transfer service' : 'Security patch of the transfer service',
  },
  { name: 'author', value: 'person', ask: 'Your pseudonym (p-03)', example: always('p-03') },
  {
    name: 'activity',
    value: 'activity',
    ask: 'os-patch, software-patch or equipment-change; for a test vulnerability-scan, port-scan or automated-pentest',
    example: (_, kind) => (kind === 'security-test' ? 'automated-pentest' : 'software-patch'),
  },
  {
    name: 'advisory',
    value: 'id',
    ask: 'Advisory of FSC, FSS or FSI',
    several: true,
    kind: 'emergency-patch',
    example: always('FSI-2026-0142'),
  },
  {
    name: 'fix',
    value: 'id',
    ask: 'Vulnerability that is fixed',
    several: true,
    kind: 'emergency-patch',
    optional: true,
    example: always('CVE-2026-1234'),
  },
  { name: 'service', value: 'id', ask: 'Service that the work touches', several: true, example: always('transfer') },
  {
    name: 'start',
    value: 'time',
    ask: 'Start of the window (RFC 3339 with offset)',
    example: (now) => koreanInstant(quietNight(now.getTime())),
  },
  {
    name: 'end',
    value: 'time',
    ask: 'End of the window',
    example: (now) => koreanInstant(quietNight(now.getTime()) + 3 * hour),
  },
  {
    name: 'authority',
    value: 'file',
    ask: 'File with the written authority for the work (only its SHA-256 goes into the plan)',
    example: always(''),
  },
  { name: 'signer', value: 'person', ask: 'Who signed the authority (p-17)', example: always('p-17') },
  { name: 'host', value: 'id', ask: 'Execution host', usual: 'local', example: always('local') },
  {
    name: 'rehearse-host',
    value: 'id',
    ask: 'Host of the rehearsals, with stand-in targets',
    usual: 'staging',
    example: always('staging'),
  },
  {
    name: 'check',
    value: 'command',
    ask: 'Command that exits 0 when the change is done already',
    kind: 'emergency-patch',
    example: always('./bankctl is transfer v2'),
  },
  {
    name: 'do',
    value: 'command',
    ask: 'Command that makes the change',
    kind: 'emergency-patch',
    example: always('./bankctl switch transfer v2'),
  },
  {
    name: 'undo',
    value: 'command',
    ask: 'Command that takes it back',
    kind: 'emergency-patch',
    example: always('./bankctl switch transfer v1'),
  },
  {
    name: 'target',
    value: 'cidr=ports',
    ask: 'Target of the test (10.66.0.10/32=tcp/8080,tcp/8443)',
    several: true,
    kind: 'security-test',
    example: always('10.66.0.0/28=tcp/8080'),
  },
  {
    name: 'never',
    value: 'cidr',
    ask: 'Network that the test must never touch',
    several: true,
    kind: 'security-test',
    optional: true,
    example: always('10.66.0.1/32'),
  },
  {
    name: 'run',
    value: 'command',
    ask: 'Command of the testing tool',
    kind: 'security-test',
    example: always('nmap -sV 10.66.0.10'),
  },
  {
    name: 'ai',
    value: 'yes|no',
    ask: 'Does the test use AI (yes or no)',
    kind: 'security-test',
    example: always('yes'),
  },
  {
    name: 'probe',
    value: 'service=url',
    ask: 'Address that tells whether a service is up (transfer=http://10.77.0.2:8081/selftest)',
    several: true,
    example: always('transfer=http://10.77.0.2:8081/transfer/selftest'),
  },
  {
    name: 'damage-meter',
    value: 'url',
    ask: 'Address that tells the damage so far as {"krw": n}',
    optional: true,
    example: always('http://10.77.0.2:8090/failed-amount'),
  },
  {
    name: 'attested-by',
    value: 'person',
    ask: 'Who attests what no meter measures',
    usual: '',
    example: always('p-17'),
  },
  { name: 'outage', value: 'duration', ask: 'Outage limit', usual: 'PT1H', example: always('PT1H') },
  { name: 'damage', value: 'won', ask: 'Damage limit in won', usual: '30000000', example: always('30000000') },
  {
    name: 'isolate',
    value: 'command',
    ask: 'Command that isolates the service module',
    optional: true,
    example: always('./bankctl isolate transfer'),
  },
  {
    name: 'rejoin',
    value: 'command',
    ask: 'Command that ends the isolation',
    optional: true,
    example: always('./bankctl rejoin transfer'),
  },
  {
    name: 'alternative',
    value: 'name=service=hours',
    ask: 'Other channel for customers (ATM=atm=00:00-24:00)',
    several: true,
    example: always('ATM=atm=00:00-24:00'),
  },
  {
    name: 'lead-time',
    value: 'duration',
    ask: 'How long before the start customers are told',
    usual: 'PT24H',
    example: always('PT24H'),
  },
  { name: 'contact', value: 'phone', ask: 'Telephone number for claims', example: always('15881234') },
  { name: 'approvals', value: 'n', ask: 'Persons who approve', usual: '2', example: always('2') },
];

/** Words of a command without a shell: split at spaces, or a JSON list. Throws BreakwaterError `answer.not-a-command`. */
export function argvOf(name: string, text: string): string[] {
  const trimmed = text.trim();
  if (trimmed.startsWith('[')) {
    try {
      const list: unknown = JSON.parse(trimmed);
      if (Array.isArray(list) && list.length > 0 && list.every((word) => typeof word === 'string')) return list;
    } catch {
      // Falls through to the refusal, which shows how to write it.
    }
  } else if (trimmed !== '' && !/["'`$|&;<>()*?\\]/.test(trimmed)) {
    return trimmed.split(/\s+/);
  }
  throw new BreakwaterError(
    'answer.not-a-command',
    `--${name} is run without a shell: write plain words, or a JSON list such as ["./bankctl", "switch", "v 2"]`,
    `--${name}`,
  );
}

/** The parts of an answer such as `ATM=atm=00:00-24:00`. Throws BreakwaterError `answer.malformed`. */
export function partsOf(name: string, text: string, pattern: RegExp, form: string): string[] {
  const match = pattern.exec(text);
  if (match === null)
    throw new BreakwaterError(
      'answer.malformed',
      `--${name} ${JSON.stringify(text)} is not of the form ${form}`,
      `--${name}`,
    );
  return match.slice(1);
}
