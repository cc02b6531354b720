/** Settings of the gateways that messages to customers leave by. */
import { z } from 'zod';

const file = (meaning: string, standard: string) =>
  z
    .string()
    .min(1)
    .max(4096)
    .default(standard)
    .describe(`${meaning} Relative to dataDir. Readable by the server only.`);
const rate = z
  .int()
  .min(1)
  .max(100_000)
  .optional()
  .describe('Messages a second by contract, of all workers together. Default: no limit.');
const doubtSeconds = z
  .number()
  .min(0)
  .max(3600)
  .default(60)
  .describe('Time for which a message whose answer was lost is left alone; then it is sent again, perhaps twice.');
const base = z
  .string()
  .regex(/^https?:\/\/[^\s/@]+(?:\/\S*[^\s/])?$/, 'http:// or https://, without user, password and a slash at the end')
  .optional();

/** The kinds of gateways for text messages. */
export const gatewayKinds = ['smpp', 'http', 'sens', 'token', 'table'] as const;

export const gatewaySettings = {
  gateways: z
    .array(z.enum(gatewayKinds))
    .max(5)
    .default([])
    .describe(
      'Gateways of text messages in their order: the first sends, and the next takes over those who are left when it takes nothing for a minute. Default: the one that is configured; of several the first of smpp, http, sens, token, table.',
    ),
  gatewayPerSecond: rate,
  token: z
    .strictObject({
      url: base.describe(
        "Address of the company's own messaging system, which holds the numbers: lists have tokens, and no number ever enters Breakwater.",
      ),
      keyFile: file('File with the bearer token of the messaging system.', 'keys/token-gateway.key'),
      perSecond: rate,
    })
    .prefault({})
    .describe('Token mode.'),
  sens: z
    .strictObject({
      url: base.default('https://sens.apigw.ntruss.com').describe('Address of Naver Cloud SENS.'),
      serviceId: z
        .string()
        .regex(/^[A-Za-z0-9:*_-]{1,128}$/, 'an id such as ncp:sms:kr:…')
        .optional()
        .describe('Id of the SMS service. Default: none, then SENS is not used.'),
      accessKeyFile: file('File with the access key.', 'keys/sens-access.key'),
      secretKeyFile: file('File with the secret key, which signs requests.', 'keys/sens-secret.key'),
      perSecond: rate,
      inDoubtSeconds: doubtSeconds,
    })
    .prefault({})
    .describe('Naver Cloud SENS.'),
  table: z
    .strictObject({
      layout: z
        .enum(['ums', 'sc-tran', 'kakao'])
        .optional()
        .describe(
          "Tables of the messaging agent: LG U+ message hub (UMS_MSG), LG U+ of before (SC_TRAN, MMS_MSG) or Kakao i Connect (K_MESSAGE). Default: none, then no agent's table is used.",
        ),
      layoutFile: z
        .string()
        .min(1)
        .max(4096)
        .optional()
        .describe(
          'File (YAML or JSON) with other names of tables and columns, where the agent is of another version. Relative to dataDir.',
        ),
      databaseFile: z
        .string()
        .min(1)
        .max(4096)
        .optional()
        .describe(
          "File with the URL of the agent's database (postgres:// or mysql://, with its password). Relative to dataDir. Default: none, then the tables are in Breakwater's own database, and a message is handed over in the commit that says so.",
        ),
      perSecond: rate,
    })
    .prefault({})
    .describe('A messaging agent that takes messages from a table.'),
  email: z
    .strictObject({
      host: z.string().min(1).max(255).optional().describe('Mail server. Default: none, then mail cannot be sent.'),
      port: z.int().min(1).max(65_535).default(587).describe('TCP port of the mail server.'),
      tls: z
        .enum(['starttls', 'implicit', 'none'])
        .default('starttls')
        .describe('How the connection is encrypted; none is for a relay on this host only.'),
      user: z.string().min(1).max(255).optional().describe('Account at the mail server. Default: none.'),
      passwordFile: file('File with its password.', 'keys/email.password'),
      from: z
        .string()
        .regex(/^[^\r\n]{0,200}@[A-Za-z0-9.-]+>?$/, 'an address of email, with or without a name before it')
        .default('notice@localhost')
        .describe('From whom mail is.'),
      perSecond: rate,
      inDoubtSeconds: doubtSeconds,
    })
    .prefault({})
    .describe('Mail, as a further channel beside text messages.'),
  keyCommand: z
    .array(z.string().min(1).max(4096))
    .max(32)
    .default([])
    .describe(
      'Program (and its arguments) that holds the key-encryption key of recipients, for PKCS#11 modules and key management services: started with wrap or unwrap as its last argument. Default: none, then keys/recipients.json holds it.',
    ),
  eraseDays: z
    .int()
    .min(0)
    .max(3650)
    .default(30)
    .describe('Days after a work after which the addresses of its recipients are made unreadable.'),
  forgetYears: z
    .int()
    .min(1)
    .max(30)
    .default(5)
    .describe('Years after a work for which it can be said whether a number was told; then the list is forgotten.'),
};
