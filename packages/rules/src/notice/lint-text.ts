/** Rules about the words of a notice. */
import { finding, type NoticeFinding, type NoticeText } from './finding.ts';
import { charsetFixes, longestMessage, messageBytes, unshownCharacters, webOriginBytes } from './message.ts';

/**
 * Text messages with links are what fraud looks like: FSS and FSC tell the public that messages of banks, cards and
 * authorities hold none. So no address, no short link, no wording that asks for an installation.
 */
const links: readonly RegExp[] = [
  /\b[a-z][a-z0-9+.-]{1,20}:\/\/\S+/i,
  /\bwww\.\S+/i,
  /(?<![@\w.-])(?:[a-z0-9](?:[a-z0-9-]{0,62})\.){1,6}(?:com|net|org|kr|me|ly|gl|io|do|to|cc|co|info|biz|app|link|page|site|shop|store|xyz|top|club|online|asia|dev|ai)(?![\w-])(?:[/:?#]\S*)?/i,
  /(?<![@\w가-힣.-])[가-힣a-z0-9-]{1,63}\.(?:한국|닷컴|닷넷|kr|com|net|org|bank)(?![\w-])(?:\/\S*)?/i,
  /\b(?:\d{1,3}\.){3}\d{1,3}[:/]\S+/,
];
const installs =
  /(?:앱|어플|어플리케이션|애플리케이션|프로그램|app)\s?(?:을|를)?\s?(?:새로\s?)?(?:설치|다운로드|다운|내려\s?받)|(?:링크|주소)\s?(?:를|을)?\s?(?:클릭|누르|눌러|접속)|\b(?:install|download)\b[^.\n]{0,20}\bapp|\bclick (?:the )?link/i;

/** One promotional phrase makes a service notice an advertisement (Network Act art. 50: consent, (광고), no sending at night). */
const adverts =
  /\(광고\)|혜택|이벤트|할인|쿠폰|경품|사은품|특가|추첨|캐시백|프로모션|포인트\s?적립|적립금|우대\s?금리|무료\s?(?:제공|증정|수신\s?거부|체험)|지금\s?(?:바로\s?)?가입|가입하세요|\b(?:discount|coupon|cash ?back|promotion(?:al)?|free gift|giveaway|special offer|sign up now)\b/i;

/** What tells an attacker where to look until the patch is in: identifiers, products with versions, kinds of holes. */
const details: readonly RegExp[] = [
  /\bC(?:VE|WE)-\d{1,4}(?:-\d{1,7})?/i,
  /\b(?:KVE|GHSA|FSI|KISA|RHSA|USN)-[0-9A-Za-z]{2,8}-[0-9A-Za-z-]{2,14}/i,
  /\b(?:OpenSSL|OpenSSH|Apache|Tomcat|Log4[jJ]|Nginx|WebLogic|WebtoB|JEUS|Spring|Struts|Oracle|MySQL|PostgreSQL|Tibero|Redis|Kafka|Kubernetes|Docker|Linux|Windows(?: Server)?|Exchange|Citrix|Fortinet|FortiOS|Ivanti|VMware|Cisco|Juniper|Jenkins|GitLab|WordPress|PHP|Node\.js|Java|JDK)\b/i,
  /\b[A-Za-z][A-Za-z0-9_-]{1,30}[ /_-]v?\d{1,4}\.\d{1,4}(?:\.\d{1,6}){0,3}[a-z]?\b/,
  /원격\s?코드\s?실행|권한\s?상승|버퍼\s?오버플로|제로\s?데이|인증\s?우회|(?:SQL|명령어?|커맨드)\s?(?:인젝션|삽입)|\b(?:remote code execution|RCE|privilege escalation|buffer overflow|zero-?day|SQL injection|XSS|SSRF|authentication bypass)\b/i,
];

/** Judges one text. */
export function lintText({ path, text, isMessage }: NoticeText): NoticeFinding[] {
  const plain = text.normalize('NFKC');
  const found = (patterns: readonly RegExp[]): string | null =>
    patterns.map((pattern) => pattern.exec(plain)?.[0] ?? null).find((match) => match !== null) ?? null;
  const out: NoticeFinding[] = [];

  const detail = found(details);
  if (detail !== null) {
    out.push(
      finding(
        'text.vulnerability-detail',
        'warning',
        path,
        `"${detail}"은(는) 공격자에게 단서가 됩니다. "보안 강화 작업"과 같이 쓰십시오.`,
        `"${detail}" helps an attacker: say "work to strengthen security" instead`,
      ),
    );
  }
  const advert = found([adverts]);
  if (advert !== null) {
    out.push(
      finding(
        'text.advert',
        isMessage ? 'error' : 'warning',
        path,
        `"${advert}"은(는) 광고 표현입니다. 한 구절만 있어도 광고성 정보가 되므로 삭제하십시오.`,
        `"${advert}" is promotional: one such phrase turns a notice into an advertisement; remove it`,
      ),
    );
  }
  return isMessage ? [...out, ...lintMessage(path, text, found([...links, installs]))] : out;
}

function lintMessage(path: string, text: string, link: string | null): NoticeFinding[] {
  const out: NoticeFinding[] = [];
  if (link !== null) {
    out.push(
      finding(
        'text.url',
        'error',
        path,
        `"${link}": 문자에는 인터넷 주소나 앱 설치 안내를 넣지 않습니다. "홈페이지 공지사항"과 대표번호로 안내하십시오.`,
        `"${link}": a text message holds no link and asks for no installation; refer to the website's notices and the main number`,
      ),
    );
  }
  const unshown = unshownCharacters(text);
  if (unshown.length > 0) {
    const fix = (character: string): string => {
      const instead = charsetFixes[character];
      return instead === undefined ? '' : ` → ${instead === '' ? '(삭제)' : JSON.stringify(instead)}`;
    };
    const shown = unshown
      .slice(0, 10)
      .map(
        (character) =>
          `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}${/\p{C}|\p{Z}/u.test(character) ? '' : ` ${character}`}${fix(character)}`,
      );
    out.push(
      finding(
        'text.charset',
        'error',
        path,
        `휴대전화에서 표시되지 않을 수 있는 문자(KS X 1001에 없음)입니다: ${shown.join(', ')}`,
        `characters a handset may not show (not in KS X 1001): ${shown.join(', ').replaceAll('(삭제)', '(remove)')}`,
      ),
    );
  }
  const bytes = messageBytes(text) + webOriginBytes;
  if (bytes > longestMessage.LMS) {
    out.push(
      finding(
        'text.too-long',
        'error',
        path,
        `[Web발신]을 포함하여 ${bytes}바이트입니다. ${longestMessage.LMS}바이트 이하로 줄이십시오.`,
        `${bytes} bytes with [Web발신]: shorten it to ${longestMessage.LMS} at most`,
      ),
    );
  }
  return out;
}
