import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BreakwaterError } from '../error.ts';
import { readCmdb, cmdbMappingSchema } from './asset/cmdb.ts';
import { readInventory } from './asset/own.ts';
import { diffInventory, isUnchanged, mergeRecord } from './diff.ts';
import { readCollected } from './listing/collected.ts';
import { readProcNet, readSs } from './listing/listeners.ts';
import { readListing } from './listing/packages.ts';
import { readCycloneDxJson } from './sbom/cyclonedx.ts';
import { readSpdxJson, readSpdxTagValue } from './sbom/spdx.ts';
import { readSpdx3 } from './sbom/spdx3.ts';
import { sniffFormat } from './sniff.ts';
import { cpeProduct, type InventorySnapshot } from './snapshot.ts';

const identities = ({ components }: InventorySnapshot) =>
  components.flatMap((component) =>
    component.identities.map(
      ({ role, identity: { name, distro, version } }) => `${role} ${name} ${version} ${distro ?? '-'}`,
    ),
  );
const bom = (components: object[], more: object = {}) =>
  JSON.stringify({ bomFormat: 'CycloneDX', specVersion: '1.7', components, ...more });

describe('CycloneDX', () => {
  test('gives each component once, nested ones too, with the release of the system and the source package', () => {
    const text = bom([
      { type: 'operating-system', name: 'debian', version: '12' },
      {
        name: 'libssl3',
        version: '3.0.11-1~deb12u2',
        purl: 'pkg:deb/debian/libssl3@3.0.11-1~deb12u2?arch=amd64&upstream=openssl',
        components: [{ name: 'Flask_Login', purl: 'pkg:pypi/Flask.Login@0.6.3' }],
      },
      { name: 'thing', version: '1', cpe: 'cpe:2.3:a:acme:thing:1:*:*:*:*:*:*:*' },
    ]);
    expect(identities(readCycloneDxJson(text))).toEqual([
      'itself deb/debian/libssl3 3.0.11-1~deb12u2 debian-12',
      'source deb/debian/openssl 3.0.11-1~deb12u2 debian-12',
      'itself pypi/flask-login 0.6.3 -',
      'cpe cpe/a:acme:thing 1 -',
    ]);
  });

  test('says why a component cannot be matched: no version, no name, or only a range from outside', () => {
    const { components } = readCycloneDxJson(
      bom([
        { name: 'a', purl: 'pkg:npm/a' },
        { name: 'b', version: '1' },
        { name: 'c', purl: 'pkg:npm/c', isExternal: true, versionRange: 'vers:npm/>=1.0.0|<2.0.0' },
        { name: 'd', version: '1', purl: 'npm/d@1' },
      ]),
    );
    expect(components.map(({ why }) => why)).toEqual(['no-version', 'no-name', 'external-range', 'unreadable-name']);
  });

  test.each([
    ['{"bomFormat":"CycloneDX","specVersion":"1.3"}', 'sbom.not-allowed'],
    ['{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{"name":7}]}', 'sbom.wrong-type'],
    ['{"bomFormat":"CycloneDX","bomFormat":"CycloneDX"}', 'sbom.duplicate-key'],
    [`{"bomFormat":"CycloneDX","specVersion":"1.6","x":${'['.repeat(70)}${']'.repeat(70)}}`, 'sbom.too-deep'],
    ['{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{"na', 'sbom.not-json'],
  ])('%.60s is refused as %s', (text, code) => {
    expect(() => readCycloneDxJson(text)).toThrow(expect.objectContaining({ code }));
  });
});

describe('SPDX', () => {
  test('2.3 in JSON, 2.3 in tags and 3.0.1 give the same components', () => {
    const json = JSON.stringify({
      spdxVersion: 'SPDX-2.3',
      name: 'app',
      packages: [
        {
          SPDXID: 'SPDXRef-1',
          name: 'left',
          versionInfo: '1.0.0',
          externalRefs: [
            { referenceCategory: 'PACKAGE-MANAGER', referenceType: 'purl', referenceLocator: 'pkg:npm/left@1.0.0' },
          ],
        },
        { SPDXID: 'SPDXRef-2', name: 'none', versionInfo: 'NOASSERTION' },
      ],
    });
    const tags = [
      'SPDXVersion: SPDX-2.3',
      'DocumentName: app',
      'PackageName: left',
      'SPDXID: SPDXRef-1',
      'PackageVersion: 1.0.0',
      'PackageComment: <text>two\nPackageVersion: 9</text>',
      'ExternalRef: PACKAGE-MANAGER purl pkg:npm/left@1.0.0',
      'PackageName: none',
      'SPDXID: SPDXRef-2',
      'PackageVersion: NOASSERTION',
    ].join('\n');
    const three = JSON.stringify({
      '@context': 'https://spdx.org/rdf/3.0.1/spdx-context.jsonld',
      '@graph': [
        { type: 'SpdxDocument', spdxId: 'urn:d', name: 'app' },
        {
          type: 'software_Package',
          spdxId: 'SPDXRef-1',
          name: 'left',
          software_packageVersion: '1.0.0',
          software_packageUrl: 'pkg:npm/left@1.0.0',
        },
        { type: 'software_Package', spdxId: 'SPDXRef-2', name: 'none' },
      ],
    });
    const [a, b, c] = [readSpdxJson(json), readSpdxTagValue(tags), readSpdx3(three)];
    expect(identities(a)).toEqual(['itself npm/left 1.0.0 -']);
    expect(b).toEqual({ ...a, format: 'spdx-tag-value' });
    expect(c).toEqual({ ...a, format: 'spdx3-json' });
  });

  test('with a context of somebody else is refused: it could mean anything', () => {
    expect(() => readSpdx3('{"@context":"https://evil.example/context","@graph":[]}')).toThrow(
      expect.objectContaining({ code: 'sbom.wrong-format', path: '/@context' }),
    );
  });
});

describe('a list of installed packages', () => {
  test.each([
    [
      'dpkg',
      'libssl3:amd64\t3.0.11-1\tamd64\topenssl\t3.0.11-1\tinstalled\ngone\t1\tamd64\tgone\t1\tconfig-files',
      'debian-12',
      ['itself deb/debian/libssl3 3.0.11-1 debian-12', 'source deb/debian/openssl 3.0.11-1 debian-12'],
    ],
    [
      'dpkg',
      '||/ Name Version\n+++-====\nii  zlib1g:amd64  1:1.2.13  amd64  compression\nrc  old  1  all  removed',
      null,
      ['itself deb/debian/zlib1g 1:1.2.13 -'],
    ],
    [
      'rpm',
      'openssl-libs\t1\t3.0.7\t25.el9\tx86_64\topenssl-3.0.7-25.el9.src.rpm\ngpg-pubkey\t(none)\t1\t2\t(none)\t(none)',
      'redhat-9',
      ['itself rpm/redhat/openssl-libs 1:3.0.7-25.el9 redhat-9', 'source rpm/redhat/openssl 1:3.0.7-25.el9 redhat-9'],
    ],
    ['rpm', 'bash-5.1.8-6.el9.x86_64', 'rocky-9', ['itself rpm/rocky/bash 5.1.8-6.el9 rocky-9']],
    [
      'apk',
      'C:Q1x\nP:libcrypto3\nV:3.1.4-r5\nA:x86_64\no:openssl\n\nP:musl\nV:1.2.4-r2\n',
      'alpine-3.18',
      [
        'itself apk/alpine/libcrypto3 3.1.4-r5 alpine-3.18',
        'source apk/alpine/openssl 3.1.4-r5 alpine-3.18',
        'itself apk/alpine/musl 1.2.4-r2 alpine-3.18',
      ],
    ],
    [
      'apk',
      'busybox-1.36.1-r5\nlib-x11-1.0-r0 installed',
      null,
      ['itself apk/alpine/busybox 1.36.1-r5 -', 'itself apk/alpine/lib-x11 1.0-r0 -'],
    ],
  ] as const)('of %s: %.30j', (listing, text, distro, wanted) => {
    expect(identities(readListing(listing, text, distro))).toEqual(wanted);
  });

  test('with a line that is none of it is refused at that line', () => {
    expect(() => readListing('rpm', 'bash-5.1.8-6.el9.x86_64\n<html>', null)).toThrow(
      expect.objectContaining({ code: 'listing.syntax', path: '2:1' }),
    );
  });

  test('and of ports, from ss and from /proc', () => {
    const ss =
      'tcp   LISTEN 0 128 127.0.0.1:631 0.0.0.0:* users:(("cupsd",pid=1,fd=7))\nudp UNCONN 0 0 [::]%eth0:123 [::]:*\ntcp ESTAB 0 0 1.2.3.4:5 6.7.8.9:10';
    expect(readSs(ss).map(({ protocol, address, port, service }) => [protocol, address, port, service])).toEqual([
      ['tcp', '127.0.0.1', 631, 'cupsd'],
      ['udp', '::', 123, null],
    ]);
    const proc = [
      '  sl  local_address rem_address   st',
      '   0: 0100007F:0277 00000000:0000 0A 0',
      '   1: 0100007F:0278 0100007F:0277 01 0',
      '  sl  local_address',
      '   0: 00000000000000000000000001000000:0050 00000000000000000000000000000000:0000 0A',
      '  sl  local_address',
      '   0: 00000000:007B 00000000:0000 07',
    ].join('\n');
    expect(readProcNet(proc).map(({ protocol, address, port }) => `${protocol} ${address} ${port}`)).toEqual([
      'tcp 127.0.0.1 631',
      'tcp 0:0:0:0:0:0:0:1 80',
      'udp 0.0.0.0 123',
    ]);
  });
});

describe('a table of assets', () => {
  const mapping = cmdbMappingSchema.parse({
    schema: 'breakwater.cmdb-mapping/1',
    asset: {
      id: '자산번호',
      addresses: 'IP',
      criticality: { column: '등급', values: { '1': 'critical', '2': 'high' } },
      internetFacing: { column: '공개', values: { Y: true }, otherwise: false },
      endOfLife: '단종일',
    },
  });
  const head = '자산번호,IP,등급,공개,단종일';

  test('is read by its mapping', () => {
    const { assets } = readCmdb(`${head}\r\nA-1,"10.0.0.1; 10.0.0.2",1,Y,2027.03.31\r\nA-2,,2,,\r\n`, mapping);
    expect(assets).toMatchObject([
      {
        id: 'A-1',
        addresses: ['10.0.0.1', '10.0.0.2'],
        criticality: 'critical',
        internetFacing: true,
        endOfLife: '2027-03-31',
      },
      { id: 'A-2', addresses: [], criticality: 'high', internetFacing: false, endOfLife: null },
    ]);
  });

  test.each([
    ['', 'cmdb.empty', '1:1'],
    ['자산번호,IP', 'cmdb.column', '1:1'],
    [`${head}\nA-1,10.0.0.1`, 'cmdb.row', '2:1'],
    [`${head}\nA-1,,9,,`, 'cmdb.value', '2:1'],
    [`${head}\nA-1,,1,,\nA-1,,1,,`, 'cmdb.duplicate', '3:1'],
    [`${head}\nA-1,,1,,soon`, 'cmdb.invalid', '2:1'],
    [`${head}\n"A-1`, 'csv.syntax', '2:1'],
  ])('%j is refused as %s', (text, code, path) => {
    expect(() => readCmdb(text, mapping)).toThrow(expect.objectContaining({ code, path }));
  });
});

describe('what an import changes', () => {
  const nothing = { components: [], services: [], modules: [], assets: [], listeners: [] };

  test('is added, changed or gone, by package and not by what a source calls it', () => {
    const before = {
      ...nothing,
      components: [
        { name: 'npm/a', version: '1' },
        { name: 'npm/b', version: '1' },
        { name: 'npm/d', version: '1' },
      ],
    };
    const after = {
      ...nothing,
      components: [
        { name: 'npm/a', version: '2' },
        { name: 'npm/c', version: '1' },
        { name: 'npm/d', version: '1' },
      ],
    };
    expect(diffInventory(before, after).components).toEqual({
      added: [{ name: 'npm/c', version: '1' }],
      changed: [{ name: 'npm/a', before: ['1'], after: ['2'] }],
      gone: [{ name: 'npm/b', version: '1' }],
      same: 1,
    });
  });

  test('is nothing when the same is said again, and what is not stated stays', () => {
    const { assets } = readInventory(
      'schema: breakwater.inventory/1\nassets: [{ id: a, zone: dmz, addresses: [10.0.0.1] }]',
    );
    const [asset] = assets;
    if (asset === undefined) throw new Error('no asset');
    expect(isUnchanged(diffInventory({ ...nothing, assets }, { ...nothing, assets }))).toBe(true);
    const less = { ...asset, zone: null, addresses: [], owner: 'team-a' };
    expect(mergeRecord(asset, less)).toEqual({ ...asset, owner: 'team-a' });
    expect(
      diffInventory({ ...nothing, assets }, { ...nothing, assets: [mergeRecord(asset, less)] }).assets.changed,
    ).toEqual([{ id: 'a', fields: ['owner'] }]);
  });
});

test.each([
  ['cpe:2.3:a:openssl:openssl:3.0.1:*:*:*:*:*:*:*', { name: 'cpe/a:openssl:openssl', version: '3.0.1' }],
  ['cpe:2.3:o:acme:os\\:x:*:*:*:*:*:*:*:*', { name: 'cpe/o:acme:os:x', version: null }],
  ['cpe:/a:acme:thing:1.0:rc1', { name: 'cpe/a:acme:thing', version: '1.0-rc1' }],
  ['cpe:2.3:a:*:thing:1', null],
  ['openssl', null],
])('%s names %j', (cpe, product) => {
  expect(cpeProduct(cpe)).toEqual(product);
});

test('every reader reads or refuses whatever it is given', () => {
  const readers = [
    readCycloneDxJson,
    readSpdxJson,
    readSpdxTagValue,
    readSpdx3,
    readCollected,
    readInventory,
    sniffFormat,
    (text: string) => readListing('dpkg', text, 'debian-12'),
    (text: string) => readListing('rpm', text, null),
    (text: string) => readListing('apk', text, null),
    (text: string) =>
      readCmdb(text, cmdbMappingSchema.parse({ schema: 'breakwater.cmdb-mapping/1', asset: { id: 'a' } })),
    readSs,
    readProcNet,
  ];
  const valid = bom([{ name: 'a', purl: 'pkg:npm/a@1', components: [{ name: 'b' }] }]);
  const cut = fc
    .tuple(fc.nat(valid.length), fc.string({ maxLength: 5 }))
    .map(([at, text]) => valid.slice(0, at) + text + valid.slice(at + 2));
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        cut,
        fc.json(),
        fc.string().map((text) => `SPDXVersion: SPDX-2.3\n${text}`),
      ),
      (text) => {
        for (const read of readers) {
          try {
            read(text);
          } catch (error) {
            if (!(error instanceof BreakwaterError)) throw error;
          }
        }
      },
    ),
    { numRuns: 500 },
  );
});
