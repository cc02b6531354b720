/** Records of persons, their roles and their sign-ins. A person is a pseudonym; no address, name or secret is in one. */
import { z } from 'zod';
import { instant, recordKind, sha256Digest } from '#evidence/record';

const role = z.string();
const by = z.string();
/** Public id of a session or link; whoever knows it can do nothing with it. */
const id = z.uuid();

export const personRegistered = recordKind('auth.person-registered', z.strictObject({ person: z.string(), by }));

/** `disabled`: signs in no more, and every session ended in the same commit. */
export const personDisabled = recordKind(
  'auth.person-disabled',
  z.strictObject({ person: z.string(), disabled: z.boolean(), by }),
);

export const roleGranted = recordKind('auth.role-granted', z.strictObject({ person: z.string(), role, by }));

export const roleRevoked = recordKind('auth.role-revoked', z.strictObject({ person: z.string(), role, by }));

/** A single-use link was made for a person. */
export const linkIssued = recordKind(
  'auth.link-issued',
  z.strictObject({ link: id, person: z.string(), expires: instant, by }),
);

/** How a person showed who they are. */
export const signInMethods = ['link', 'passkey', 'oidc', 'break-glass'] as const;

export const signedIn = recordKind(
  'auth.signed-in',
  z.strictObject({ session: id, person: z.string(), method: z.enum(signInMethods) }),
);

/** A session ended before its limits: by its person, by an administrator, or because the person was disabled. */
export const signedOut = recordKind('auth.signed-out', z.strictObject({ session: id, person: z.string(), by }));

/** An account at an identity provider signs a person in. What it is called there is personal data, and not here. */
export const identityLinked = recordKind(
  'auth.identity-linked',
  z.strictObject({ person: z.string(), issuer: z.string(), by }),
);

export const identityUnlinked = recordKind(
  'auth.identity-unlinked',
  z.strictObject({ person: z.string(), issuer: z.string(), by }),
);

/** A code of the break-glass account was made and put into an envelope. */
export const breakGlassSealed = recordKind('auth.break-glass-sealed', z.strictObject({ seal: id, by }));

/** The break-glass account was opened: everybody who answers for the company wants to know. `reason` names no person. */
export const breakGlassUsed = recordKind(
  'auth.break-glass-used',
  z.strictObject({ seal: id, reason: z.string().min(10).max(2000) }),
);

/** A passkey signs its person in. `synced`: its key leaves its device, so it decides nothing. */
export const passkeyRegistered = recordKind(
  'auth.passkey-registered',
  z.strictObject({
    key: sha256Digest,
    person: z.string(),
    /** Model of the authenticator, and how it attested it. */
    aaguid: z.string(),
    attestation: z.string(),
    synced: z.boolean(),
  }),
);

export const passkeyRemoved = recordKind(
  'auth.passkey-removed',
  z.strictObject({ key: sha256Digest, person: z.string() }),
);

/** A machine was given a token. `scope`: actions that it may do. */
export const tokenIssued = recordKind(
  'auth.token-issued',
  z.strictObject({ token: id, scope: z.array(z.string()), expires: instant, by }),
);

export const tokenRevoked = recordKind('auth.token-revoked', z.strictObject({ token: id, by }));
