/** Fields of the form: where each stands in the document, and how it is written. */
import type { Path } from './draft.ts';
import type { planWords } from './words.ts';

type Word = keyof (typeof planWords)['ko'] & `f-${string}`;

export interface FormField {
  readonly word: Word;
  readonly path: Path;
  /** `list`: separated by commas. */
  readonly is: 'text' | 'number' | 'list' | readonly string[];
  readonly wide?: true;
}

export interface FormGroup {
  readonly word: 'g-what' | 'g-when' | 'g-limits' | 'g-prepare';
  readonly fields: readonly FormField[];
}

const activities = [
  'os-patch',
  'software-patch',
  'equipment-change',
  'vulnerability-scan',
  'port-scan',
  'automated-pentest',
  'other',
] as const;

export const formGroups: readonly FormGroup[] = [
  {
    word: 'g-what',
    fields: [
      { word: 'f-id', path: ['id'], is: 'text' },
      { word: 'f-kind', path: ['kind'], is: ['emergency-patch', 'security-test'] },
      { word: 'f-activity', path: ['activity'], is: activities },
      { word: 'f-urgency', path: ['urgency'], is: ['planned', 'emergency'] },
      { word: 'f-titleKo', path: ['title', 'ko'], is: 'text', wide: true },
      { word: 'f-titleEn', path: ['title', 'en'], is: 'text', wide: true },
      { word: 'f-author', path: ['author'], is: 'text' },
      { word: 'f-host', path: ['host'], is: 'text' },
      { word: 'f-advisories', path: ['advisories'], is: 'list' },
      { word: 'f-fixes', path: ['fixes'], is: 'list' },
      { word: 'f-services', path: ['services'], is: 'list', wide: true },
    ],
  },
  {
    word: 'g-when',
    fields: [
      { word: 'f-start', path: ['window', 'start'], is: 'text' },
      { word: 'f-end', path: ['window', 'end'], is: 'text' },
      { word: 'f-observe', path: ['window', 'observe'], is: 'text' },
    ],
  },
  {
    word: 'g-limits',
    fields: [
      { word: 'f-outage', path: ['limits', 'outage'], is: 'text' },
      { word: 'f-damage', path: ['limits', 'damage'], is: 'number' },
      { word: 'f-records', path: ['limits', 'records'], is: 'number' },
      { word: 'f-credit', path: ['limits', 'personalCredit'], is: 'number' },
    ],
  },
  {
    word: 'g-prepare',
    fields: [
      { word: 'f-rehearseHost', path: ['rehearse', 'host'], is: 'text' },
      { word: 'f-atLeast', path: ['rehearse', 'atLeast'], is: 'number' },
      { word: 'f-leadTime', path: ['notice', 'leadTime'], is: 'text' },
      { word: 'f-channels', path: ['notice', 'channels'], is: 'list' },
      { word: 'f-claims', path: ['relief', 'claimsUntil'], is: 'text' },
      { word: 'f-contact', path: ['relief', 'contact'], is: 'text' },
      { word: 'f-needed', path: ['approvals', 'needed'], is: 'number' },
    ],
  },
];
