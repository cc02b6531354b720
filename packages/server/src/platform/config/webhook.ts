/** What the settings say of every webhook. */
import { z } from 'zod';

export const webhook = {
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'small letters, digits and hyphens')
    .describe('Name of it, in the log of deliveries and in the evidence.'),
  url: z
    .string()
    .regex(
      /^(?:https:\/\/[^\s/@]+|http:\/\/(?:127\.0\.0\.1|\[::1\])(?::\d{1,5})?)(?:\/\S*)?$/,
      'https://…, or http:// to 127.0.0.1 or [::1]; no user and password',
    )
    .describe('Where it is told. Nothing else is ever called, and no redirect is followed.'),
  secretFile: z
    .string()
    .min(1)
    .max(4096)
    .regex(/^[^\0]*$/, 'no NUL byte')
    .describe(
      'File with the secret that signs what is told (HMAC-SHA-256). Relative to dataDir. Readable by the server only.',
    ),
};
