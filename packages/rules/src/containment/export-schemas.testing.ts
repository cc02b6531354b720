/**
 * The parts of two published formats that our exports use, written from their specifications and closed: a member that is not
 * named here is refused. SARIF 2.1.0 with errata 01 (sections 3.13, 3.14, 3.18, 3.19, 3.27 to 3.29, 3.49); OCSF 1.3 (class
 * 2002).
 */
const closed = (required: string[], properties: object): object => ({
  type: 'object',
  additionalProperties: false,
  required,
  properties,
});
const text = { type: 'string' };
const list = (items: object, more: object = {}): object => ({ type: 'array', items, ...more });
const bag = { type: 'object' };

const result = closed(['message'], {
  ruleId: text,
  ruleIndex: { type: 'integer', minimum: -1 },
  kind: { enum: ['notApplicable', 'pass', 'fail', 'review', 'open', 'informational'] },
  level: { enum: ['none', 'note', 'warning', 'error'] },
  message: closed(['text'], { text }),
  locations: list(
    closed([], {
      physicalLocation: closed([], {
        artifactLocation: closed([], {
          // RFC 3986: the characters of a URI reference, with percent signs only before two hex digits.
          uri: { type: 'string', pattern: "^(?:[A-Za-z0-9._~:/?#\\[\\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*$" },
        }),
      }),
    }),
  ),
  partialFingerprints: { type: 'object', additionalProperties: text },
  baselineState: { enum: ['new', 'unchanged', 'updated', 'absent'] },
  properties: bag,
});

export const sarifSubset = closed(['version', 'runs'], {
  $schema: text,
  version: { enum: ['2.1.0'] },
  runs: list(
    closed(['tool'], {
      tool: closed(['driver'], {
        driver: closed(['name'], { name: text, rules: list(closed(['id'], { id: text }), { uniqueItems: true }) }),
      }),
      columnKind: { enum: ['utf16CodeUnits', 'unicodeCodePoints'] },
      results: list(result),
    }),
  ),
});

const time = { type: 'integer', minimum: 0 };
const vulnerability = {
  type: 'object',
  additionalProperties: false,
  anyOf: [{ required: ['cve'] }, { required: ['cwe'] }, { required: ['advisory'] }],
  properties: {
    title: text,
    severity: text,
    first_seen_time: time,
    last_seen_time: time,
    cve: closed(['uid'], { uid: { type: 'string', pattern: '^CVE-\\d{4}-\\d{4,}$' } }),
    cwe: closed(['uid'], { uid: text }),
    advisory: closed(['uid'], { uid: { type: 'string', minLength: 1 } }),
  },
};

export const ocsfSubset = closed(
  [
    'activity_id',
    'category_uid',
    'class_uid',
    'finding_info',
    'metadata',
    'severity_id',
    'time',
    'type_uid',
    'vulnerabilities',
  ],
  {
    category_uid: { enum: [2] },
    class_uid: { enum: [2002] },
    activity_id: { enum: [0, 1, 2, 3, 99] },
    type_uid: { enum: [200_200, 200_201, 200_202, 200_203, 200_299] },
    time,
    severity_id: { enum: [0, 1, 2, 3, 4, 5, 6, 99] },
    status_id: { enum: [0, 1, 2, 3, 4, 5, 6, 99] },
    metadata: closed(['version', 'product'], {
      version: { type: 'string', pattern: '^\\d+\\.\\d+\\.\\d+$' },
      product: closed(['vendor_name'], { name: text, vendor_name: text }),
    }),
    finding_info: closed(['uid', 'title'], {
      uid: text,
      title: text,
      first_seen_time: time,
      last_seen_time: time,
      data_sources: list(text),
    }),
    vulnerabilities: list(vulnerability, { minItems: 1 }),
    resources: list(closed([], { uid: text, name: text, type: text, data: bag })),
  },
);
