/** What a log shows instead of a secret or of personal data. */
export const redacted = '[redacted]';

/** Names of fields whose values never reach a log, compared without case, `-` and `_`. */
const hiddenFields: ReadonlySet<string> = new Set(
  [
    [
      'password',
      'passwd',
      'passphrase',
      'secret',
      'token',
      'authorization',
      'cookie',
      'set-cookie',
      'api-key',
      'private-key',
    ],
    [
      'phone',
      'phone-number',
      'mobile',
      'msisdn',
      'recipient',
      'recipients',
      'email',
      'address',
      'birth-date',
      'birthday',
    ],
    [
      'full-name',
      'person-name',
      'customer',
      'customer-name',
      'customer-id',
      'account',
      'account-number',
      'card-number',
    ],
    ['resident-number', 'resident-registration-number', 'rrn', 'passport-number', 'driver-licence'],
    ['database-url', 'connection-string', 'salt', 'payload', 'detail', 'body'],
  ]
    .flat()
    .map(plainName),
);

/** Shapes of personal data and secrets inside any text: the second net, for what was put into a message by mistake. */
const hiddenShapes: readonly RegExp[] = [
  /\b\d{6}-?[1-8]\d{6}\b/g, // resident registration number
  /(?:\+?82[- ]?|\b0)1[016789][- ]?\d{3,4}[- ]?\d{4}\b/g, // Korean mobile number
  /[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}/g, // e-mail address
  /\b\d{4}[- ]\d{4}[- ]\d{4}[- ]\d{4}\b/g, // card number
  /\b[a-z][a-z0-9+]{1,20}:\/\/[^\s/@]{1,256}@/gi, // credentials in a URL
];

const deepest = 8;
const longest = 8192;

function plainName(name: string): string {
  return name.toLowerCase().replace(/[-_]/g, '');
}

/** Text with everything that has the shape of personal data or of a credential taken out, cut to 8,192 characters. */
export function redactText(text: string): string {
  return hiddenShapes.reduce((rest, shape) => rest.replace(shape, redacted), text.slice(0, longest));
}

/** A copy of a log entry with hidden fields and shapes taken out, at any depth; beyond eight levels nothing is shown. */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Date) return value;
  if (value instanceof Error) return redactError(value);
  if (depth >= deepest) return redacted;
  if (Array.isArray(value)) return value.map((item) => redact(item, depth + 1));
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [
      name,
      hiddenFields.has(plainName(name)) ? redacted : redact(field, depth + 1),
    ]),
  );
}

/**
 * An error as a log may show it. Only known fields are taken: PostgreSQL puts rows into `detail` and `where`, and quotes
 * the offending value in messages about bad data (SQLSTATE class 22), so those messages are dropped as well.
 */
export function redactError(error: Error): Record<string, unknown> {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  const quotesData = code !== undefined && /^22[0-9A-Z]{3}$/.test(code);
  return {
    type: error.name,
    ...(code === undefined ? {} : { code }),
    message: quotesData ? `bad data for PostgreSQL (SQLSTATE ${code})` : redactText(error.message),
    ...(error.stack === undefined ? {} : { stack: redactText(stackFrames(error.stack)) }),
    ...(error.cause instanceof Error ? { cause: redactError(error.cause) } : {}),
  };
}

/** The frames alone: the first lines of a stack repeat the message. */
function stackFrames(stack: string): string {
  return stack
    .split('\n')
    .filter((line) => line.startsWith('    at '))
    .join('\n');
}
