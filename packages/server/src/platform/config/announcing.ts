/** Settings of how notices are approved, timed, priced, watched and told to others. */
import { z } from 'zod';
import { webhook } from './webhook.ts';

const path = z
  .string()
  .min(1)
  .max(4096)
  .regex(/^[^\0]*$/, 'no NUL byte');

export const announcing = {
  approvals: z
    .strictObject({
      needed: z
        .int()
        .min(0)
        .max(10)
        .default(1)
        .describe(
          'Persons whose signatures a notice needs before it is published or sent, its author not among them; 0 = none. What lies prefilled after a trip and the word that results are ready go out unedited without one.',
        ),
      roles: z
        .array(z.string().min(1).max(64))
        .max(20)
        .default([])
        .describe('Roles of which one must be among those who approve. Default: any will do.'),
    })
    .prefault({})
    .describe('Approvals of notices.'),
  quietHours: z
    .enum(['yes', 'no'])
    .default('yes')
    .describe(
      'Whether text messages are refused from 21:00 to 08:00, Korean time, unless somebody says why they must go out.',
    ),
  customers: z
    .array(
      z.strictObject({
        service: z.string().min(1).max(128).describe('The service, as plans name it.'),
        file: path.describe('Mobile numbers of its customers, one a line in the first column. Relative to dataDir.'),
      }),
    )
    .max(1000)
    .default([])
    .describe(
      'In the settings file: who is told of a work on a service when no list is given. Default: none given, then a list must be.',
    ),
  price: z
    .strictObject({
      sms: z.int().min(0).max(10_000).optional().describe('Won for a short message. Default: not known.'),
      lms: z.int().min(0).max(10_000).optional().describe('Won for a long message. Default: not known.'),
    })
    .prefault({})
    .describe('What messages cost by contract, for the estimate before an approval.'),
  lookMinutes: z
    .int()
    .min(1)
    .max(30)
    .default(10)
    .describe('How often the public page of an open work is fetched, as evidence that it could be read, in minutes.'),
  webhooks: z
    .array(z.strictObject(webhook))
    .max(16)
    .default([])
    .describe('In the settings file: programs that are told of each new public notice. Default: none.'),
  objectStore: z
    .strictObject({
      endpoint: z
        .string()
        .regex(/^https?:\/\/[^\s/@]+$/, 'http:// or https:// and a host, without a path')
        .optional()
        .describe(
          'Object store that speaks the S3 protocol, which the public site is written to as well. Default: none.',
        ),
      bucket: z.string().min(1).max(63).default('notices').describe('Its bucket.'),
      prefix: z
        .string()
        .regex(/^(?:[^\s/]+(?:\/[^\s/]+)*)?$/, 'without slashes at its ends')
        .default('')
        .describe('Folder in the bucket. Default: the bucket itself.'),
      region: z
        .string()
        .min(1)
        .max(64)
        .default('ap-northeast-2')
        .describe('Its region, which requests are signed for.'),
      accessKeyId: z.string().max(128).default('').describe('Id of the access key that may write there.'),
      secretKeyFile: path
        .default('keys/object-store.secret')
        .describe('File with the secret of the access key. Relative to dataDir. Readable by the server only.'),
    })
    .prefault({})
    .describe('A copy of the public site that outlives every machine of ours.'),
};
