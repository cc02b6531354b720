/** An authority that disseminates: it has an OpenPGP key of its own and signs advisories in CSAF. Of the demo, and says so. */
import { createMessage, generateKey, readKey, readPrivateKey, sign } from 'openpgp';

export type SampleAuthority = {
  /** What a bank pins after it compared the fingerprint. */
  publicKey: string;
  fingerprint: string;
  /** A detached armored signature. */
  sign(document: Uint8Array): Promise<string>;
};

/** Makes an authority with a new key. */
export async function makeAuthority(): Promise<SampleAuthority> {
  const { privateKey, publicKey } = await generateKey({
    userIDs: [{ name: 'Sample authority of the demo' }],
    format: 'armored',
  });
  const fingerprint = (await readKey({ armoredKey: publicKey })).getFingerprint().toUpperCase();
  return {
    publicKey,
    fingerprint,
    async sign(document) {
      return sign({
        message: await createMessage({ binary: document }),
        signingKeys: await readPrivateKey({ armoredKey: privateKey }),
        detached: true,
      });
    },
  };
}

/** What is wrong with the sample bank's transfers: the versions that are affected and the one that is fixed. */
export type SampleHole = { id: string; cve: string; component: string; affected: string; fixed: string };

/** The hole as an advisory in CSAF 2.0, as of `now`. */
export function advisoryOf({ id, cve, component, affected, fixed }: SampleHole, now: Date): Uint8Array {
  const at = now.toISOString();
  const product = (version: string): object => ({
    category: 'product_version',
    name: version,
    product: {
      product_id: `${component}-${version}`,
      name: `${component} ${version}`,
      product_identification_helper: { purl: `pkg:generic/${component}@${version}` },
    },
  });
  const document = {
    document: {
      category: 'csaf_security_advisory',
      csaf_version: '2.0',
      distribution: { tlp: { label: 'GREEN' } },
      lang: 'ko',
      notes: [{ category: 'summary', text: '시연용 권고입니다. 실제 기관이 발행한 것이 아닙니다.' }],
      publisher: {
        category: 'coordinator',
        name: 'Sample authority of the demo',
        namespace: 'https://authority.example',
      },
      title: `${component} ${affected} 이하의 원격 코드 실행`,
      tracking: {
        id,
        status: 'final',
        version: '1',
        initial_release_date: at,
        current_release_date: at,
        revision_history: [{ date: at, number: '1', summary: '최초 전파' }],
      },
    },
    product_tree: {
      branches: [
        {
          category: 'vendor',
          name: 'Sample vendor',
          branches: [
            {
              category: 'product_name',
              name: component,
              branches: [
                {
                  category: 'product_version_range',
                  name: `vers:generic/<${fixed}`,
                  product: {
                    product_id: `${component}-affected`,
                    name: `${component} before ${fixed}`,
                    product_identification_helper: { purl: `pkg:generic/${component}` },
                  },
                },
                product(fixed),
              ],
            },
          ],
        },
      ],
    },
    vulnerabilities: [
      {
        cve,
        notes: [{ category: 'description', text: `${affected} 이하에서 인증 없이 원격 코드를 실행할 수 있습니다.` }],
        product_status: { known_affected: [`${component}-affected`], fixed: [`${component}-${fixed}`] },
        remediations: [
          { category: 'vendor_fix', details: `${fixed}(으)로 올리십시오.`, product_ids: [`${component}-affected`] },
        ],
        scores: [
          {
            products: [`${component}-affected`],
            cvss_v3: {
              version: '3.1',
              vectorString: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H',
              baseScore: 9.8,
              baseSeverity: 'CRITICAL',
            },
          },
        ],
      },
    ],
  };
  return new TextEncoder().encode(`${JSON.stringify(document, null, 2)}\n`);
}
