/** Destinations that no scope opens: they are denied ahead of it. */

interface Never {
  readonly cidr: string;
  readonly why: { readonly ko: string; readonly en: string };
  /** Where the address is fixed. */
  readonly source: string;
}

const providers = 'documentation of the provider, as known on 2026-11-22';

/** Metadata services give credentials to whoever asks, and group addresses reach whoever listens. */
export const builtInNever: readonly Never[] = [
  {
    cidr: '169.254.0.0/16',
    why: {
      ko: '링크 로컬(대부분의 클라우드 메타데이터는 169.254.169.254)',
      en: 'link-local: metadata of most clouds is 169.254.169.254',
    },
    source: 'RFC 3927 (2005) 1',
  },
  {
    cidr: '100.100.100.200/32',
    why: { ko: 'Alibaba Cloud 메타데이터', en: 'metadata of Alibaba Cloud' },
    source: providers,
  },
  { cidr: '168.63.129.16/32', why: { ko: 'Azure 플랫폼 주소', en: 'platform address of Azure' }, source: providers },
  {
    cidr: '192.0.0.192/32',
    why: { ko: 'Oracle Cloud 메타데이터', en: 'metadata of Oracle Cloud classic' },
    source: providers,
  },
  {
    cidr: '169.254.169.254/32',
    why: {
      ko: '네이버클라우드, KT클라우드, AWS, Azure, Google Cloud 메타데이터',
      en: 'metadata of NAVER Cloud, KT Cloud, AWS, Azure and Google Cloud',
    },
    source: providers,
  },
  {
    cidr: 'fd00:ec2::/32',
    why: {
      ko: 'AWS의 IPv6 메타데이터·시각·이름·자격증명 서비스',
      en: 'metadata, time, names and credentials of AWS over IPv6',
    },
    source: providers,
  },
  {
    cidr: 'fd20:ce::254/128',
    why: { ko: 'Google Cloud의 IPv6 메타데이터', en: 'metadata of Google Cloud over IPv6' },
    source: providers,
  },
  {
    cidr: 'fd00:42::42/128',
    why: { ko: 'Scaleway의 IPv6 메타데이터', en: 'metadata of Scaleway over IPv6' },
    source: providers,
  },
  { cidr: '0.0.0.0/8', why: { ko: '"이 네트워크" 주소', en: 'this network' }, source: 'RFC 1122 (1989) 3.2.1.3' },
  { cidr: '224.0.0.0/4', why: { ko: '멀티캐스트', en: 'multicast' }, source: 'RFC 5771 (2010) 1' },
  {
    cidr: '240.0.0.0/4',
    why: { ko: '예약 주소와 브로드캐스트 주소', en: 'reserved, and the broadcast address' },
    source: 'RFC 1112 (1989) 4; RFC 919 (1984) 7',
  },
  { cidr: '::/128', why: { ko: '미지정 주소', en: 'unspecified' }, source: 'RFC 4291 (2006) 2.5.2' },
  {
    cidr: '::ffff:0:0/96',
    why: {
      ko: 'IPv6로 적은 IPv4 주소(IPv4 규칙을 비켜 감)',
      en: 'IPv4 written as IPv6, which would pass by the IPv4 rules',
    },
    source: 'RFC 4291 (2006) 2.5.5.2',
  },
  { cidr: 'fe80::/10', why: { ko: '링크 로컬', en: 'link-local' }, source: 'RFC 4291 (2006) 2.5.6' },
  { cidr: 'ff00::/8', why: { ko: '멀티캐스트', en: 'multicast' }, source: 'RFC 4291 (2006) 2.7' },
];
