/**
 * The readings of a path. Servers, proxies and frameworks decode, fold and cut a path differently, and each of them may
 * stand behind a target. So a path is not brought into one normal form: it is judged in every form that one of them may
 * see, closed under what they do. Source: RFC 3986 sections 5.2.4 and 6.2 for what they should do.
 */

/** Beyond this many readings a path is a riddle, and is refused. */
const mostReadings = 256;

/** Every reading of a path, the path as written first; null = it cannot be read, or can be in too many ways. */
export function readingsOf(path: string): readonly string[] | null {
  if (/%(?![0-9A-Fa-f]{2})/.test(path)) return null;
  const readings = new Set([path]);
  for (const reading of readings) {
    for (const read of manners) {
      const next = read(reading);
      if (next === null || /\p{Cc}/u.test(next)) return null;
      readings.add(next);
      if (readings.size > mostReadings) return null;
    }
  }
  return [...readings];
}

/** What a server may do to a path. Each may follow each. null = it cannot be done, so nobody knows what a server makes of it. */
const manners: readonly ((path: string) => string | null)[] = [
  decoded,
  (path) => path.replaceAll('\\', '/'),
  (path) => path.replace(/\/{2,}/g, '/'),
  withoutDots,
  // Parameters of segments, as Java servers cut them: `/admin;x=1/users`, `/..;/admin`.
  (path) => path.replace(/;[^/]*/g, ''),
  // Trailing dots and blanks of segments, as Windows cuts them; not of `.` and `..`.
  (path) => path.replace(/([^/.\s])[.\s]+(?=\/|$)/g, '$1'),
  // `//host/path` read as an address without a scheme.
  (path) => path.replace(/^\/{2,}[^/]*(?=\/)/, ''),
  // Full-width and other compatible forms folded into the letters and slashes that they look like.
  (path) => path.normalize('NFKC'),
];

/**
 * Percent-decoded once, as a lenient server does it: what is no escape stays. null when the bytes are no UTF-8, such as an
 * overlong slash, or when they are written in the manner of one maker (`%u002e`).
 */
function decoded(path: string): string | null {
  if (/%u[0-9A-Fa-f]{4}/.test(path)) return null;
  try {
    return path.replace(/(?:%[0-9A-Fa-f]{2})+/g, (escapes) => decodeURIComponent(escapes));
  } catch {
    return null;
  }
}

/** Without `.` and `..` segments; `..` at the root stays at the root. */
function withoutDots(path: string): string {
  const kept: string[] = [];
  const segments = path.split('/').slice(1);
  segments.forEach((segment, i) => {
    const isLast = i === segments.length - 1;
    if (segment === '..') kept.pop();
    if (segment === '.' || segment === '..') {
      if (isLast) kept.push('');
    } else kept.push(segment);
  });
  return `/${kept.join('/')}`;
}

/** The ways in which a prefix of a scope is held against readings: as it is written, and decoded. */
function formsOf(prefix: string): string[] {
  return [prefix, decoded(prefix) ?? prefix];
}

/** True when a reading is at the prefix or below it. A prefix ends at a slash: `/public` holds `/public/a`, not `/publicity`. */
export function isUnder(reading: string, prefix: string): boolean {
  return formsOf(prefix).some((form) => reading === form || reading.startsWith(form.endsWith('/') ? form : `${form}/`));
}

/** True when a reading begins like the prefix in any case of its letters: `/admin` meets `/ADMIN` and `/administration`. */
export function beginsLike(reading: string, prefix: string): boolean {
  return formsOf(prefix).some((form) => {
    const start = form.length > 1 ? form.replace(/\/$/, '') : form;
    return reading.toLowerCase().startsWith(start.toLowerCase());
  });
}
