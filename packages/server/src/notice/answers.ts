/** Shapes that several routes of notices take and give. */
import { z } from 'zod';

export const noticeId = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,255}$/);
/** A pseudonym. */
export const personName = z.string().regex(/^[\p{L}\p{N}][\p{L}\p{N}._:@/-]{0,127}$/u);

export const publishedNotice = z.object({
  at: z.string(),
  /** Of this version, and of the work: that one always shows the newest. */
  url: z.string(),
  page: z.string(),
  content: z.string(),
  version: z.int(),
  hash: z.string(),
});
