import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BreakwaterError } from '@breakwater/rules';
import { readFindings, type FindingFormat } from './read-findings.ts';

const options = { seenAt: '2026-11-30T00:00:00.000Z' };
const read = (text: string, format: FindingFormat) => readFindings(Buffer.from(text), format, options);

const nmap = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE nmaprun>
<nmaprun scanner="nmap" args="nmap -oX - 10.66.0.10" start="1795914000">
<host starttime="1795914000" endtime="1795914060"><status state="up" reason="syn-ack"/>
<address addr="10.66.0.10" addrtype="ipv4"/><address addr="02:00:00:00:00:01" addrtype="mac"/>
<hostnames><hostname name="bank.example" type="PTR"/></hostnames>
<ports>
<port protocol="tcp" portid="8443"><state state="open" reason="syn-ack"/><service name="https" product="nginx" version="1.2"/>
<script id="ssl-poodle" output="..."><table key="CVE-2014-3566"><elem key="title">SSL POODLE &lt;leak&gt;</elem>
<elem key="state">VULNERABLE</elem><table key="ids"><elem>BID:70574</elem><elem>CVE:CVE-2014-3566</elem></table></table></script>
<script id="vulners" output="..."><table key="cpe:/a:nginx:nginx:1.2"><table><elem key="id">CVE-2026-1234</elem><elem key="cvss">9.8</elem><elem key="type">cve</elem></table>
<table><elem key="id">EXPLOIT-1</elem><elem key="cvss">1.0</elem></table></table></script>
<script id="http-title" output="Welcome"><elem key="title">Welcome</elem></script>
</port>
<port protocol="tcp" portid="22"><state state="filtered" reason="admin-prohibited" reason_ip="10.200.0.1"/></port>
</ports></host>
<host><status state="down"/></host>
</nmaprun>`;

const openvas = `<report id="1" format_id="2"><report id="1"><results start="1" max="3">
<result id="a"><name>OpenSSH &amp; friends</name><host>10.66.0.10<asset asset_id="x"/><hostname>bank.example</hostname></host>
<port>22/tcp</port><nvt oid="1.3.6.1.4.1.25623.1.0.1"><type>nvt</type><name>other name</name><refs><ref type="cve" id="CVE-2026-1234"/><ref type="url" id="https://x"/></refs></nvt>
<threat>High</threat><severity>7.5</severity><creation_time>2026-11-29T01:00:00Z</creation_time><description>long</description></result>
<result id="b"><name>Log</name><host>10.66.0.10</host><port>general/tcp</port><nvt oid="1.3.6.1.4.1.25623.1.0.2"/><threat>Log</threat><severity>0.0</severity></result>
<result id="c"><name>FP</name><host>10.66.0.10</host><port>80/tcp</port><nvt oid="1"/><threat>False Positive</threat><severity>-1.0</severity></result>
</results></report></report>`;

describe('XML of nmap', () => {
  test('gives open ports and what scripts say is vulnerable, and nothing of filtered ports', async () => {
    const { findings, ignored, digest } = await read(nmap, 'nmap');
    expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(ignored).toBe(2);
    expect(findings.map(({ rule, port, cves, title, severity }) => ({ rule, port, cves, title, severity }))).toEqual([
      {
        rule: 'ssl-poodle',
        port: 8443,
        cves: ['CVE-2014-3566'],
        title: 'SSL POODLE <leak>',
        severity: { level: null, given: null },
      },
      {
        rule: 'vulners:CVE-2026-1234',
        port: 8443,
        cves: ['CVE-2026-1234'],
        title: 'CVE-2026-1234 by the version of the service',
        severity: { level: 'critical', given: '9.8' },
      },
      {
        rule: 'open-port',
        port: 8443,
        cves: [],
        title: 'open port 8443/tcp (https nginx 1.2)',
        severity: { level: 'info', given: null },
      },
    ]);
    for (const finding of findings) {
      expect(finding).toMatchObject({
        asset: '10.66.0.10',
        protocol: 'tcp',
        tool: 'nmap',
        evidence: digest,
        seenAt: new Date(1_795_914_060_000).toISOString(),
      });
    }
  });
});

describe('XML of OpenVAS', () => {
  test('gives results with their scores, without what it takes back itself', async () => {
    const { findings, ignored } = await read(openvas, 'openvas');
    expect(ignored).toBe(1);
    expect(findings).toMatchObject([
      {
        rule: '1.3.6.1.4.1.25623.1.0.1',
        title: 'OpenSSH & friends',
        asset: '10.66.0.10',
        protocol: 'tcp',
        port: 22,
        cves: ['CVE-2026-1234'],
        severity: { level: 'high', given: '7.5' },
        seenAt: '2026-11-29T01:00:00.000Z',
      },
      { port: null, severity: { level: 'info', given: '0.0' }, seenAt: options.seenAt },
    ]);
  });
});

describe('a bad document is refused whole, with its line and column', () => {
  const laughs = `<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>\n<nmaprun>&b;</nmaprun>`;
  test.each<[string, string, FindingFormat, string, RegExp]>([
    ['entities of its own', laughs, 'nmap', 'xml.declaration', /^1:\d+$/],
    [
      'an outside entity',
      '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><nmaprun/>',
      'nmap',
      'xml.declaration',
      /^1:/,
    ],
    ['an unknown entity', '<nmaprun>\n&boom;</nmaprun>', 'nmap', 'xml.syntax', /^2:/],
    ['a tag that is not closed', '<nmaprun>\n<host>\n</nmaprun>', 'nmap', 'xml.syntax', /^3:/],
    ['nothing in it', '', 'nmap', 'xml.syntax', /^1:/],
    ['too many levels', `<nmaprun>${'<a>'.repeat(80)}`, 'nmap', 'xml.too-deep', /^1:/],
    ['another tool’s tags', openvas, 'nmap', 'import.wrong-format', /^1:/],
    ['a hostile asset', nmap.replace('10.66.0.10" addrtype', '&#x1b;[2J" addrtype'), 'nmap', 'xml.syntax', /^\d+:/],
    ['an asset that is none', nmap.replace('addr="10.66.0.10"', 'addr="a b"'), 'nmap', 'finding.asset', /^\d+:\d+$/],
    ['a port that is none', nmap.replace('portid="8443"', 'portid="99999"'), 'nmap', 'import.invalid', /^\d+:\d+$/],
    ['a host that is none', openvas.replaceAll('10.66.0.10', '-'), 'openvas', 'finding.asset', /^\d+:\d+$/],
    ['bytes that are not UTF-8', '\ud800', 'sarif', 'sarif.not-json', /^1:1$/],
  ])('%s', async (_, text, format, code, path) => {
    await expect(read(text, format)).rejects.toMatchObject({ code, path: expect.stringMatching(path) as unknown });
  });

  test('bytes that are no UTF-8, in every format', async () => {
    for (const format of ['nmap', 'openvas', 'nuclei', 'sarif', 'tester'] as const) {
      await expect(readFindings(Buffer.from([0x3c, 0xff, 0xfe]), format, options)).rejects.toMatchObject({
        code: expect.stringMatching(/encoding$/) as unknown,
      });
    }
  });
});

test('any bytes, and good files with a few bytes changed, are read or refused with their place', async () => {
  const formats = fc.constantFrom<FindingFormat>('nmap', 'openvas', 'nuclei', 'sarif', 'tester');
  const changed = fc
    .tuple(fc.constantFrom(nmap, openvas), fc.nat(), fc.nat({ max: 20 }), fc.string({ unit: 'binary', maxLength: 8 }))
    .map(([text, at, cut, put]) => {
      const from = at % text.length;
      return Buffer.from(text.slice(0, from) + put + text.slice(from + cut));
    });
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.uint8Array({ maxLength: 300 }), changed), formats, async (bytes, format) => {
      try {
        const { findings } = await readFindings(bytes, format, options);
        expect(Array.isArray(findings)).toBe(true);
      } catch (error) {
        expect(error).toBeInstanceOf(BreakwaterError);
        expect((error as BreakwaterError).path).toMatch(/^\d+:\d+$|^\//);
      }
    }),
    { numRuns: 300 },
  );
});
