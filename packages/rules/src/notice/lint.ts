/**
 * The lint of a notice: what keeps it from announcing what the measure asks for (FSC decision of 2026-06-30: on website and
 * by text message, with timing, scope, details and alternative channels) and from being read as fraud or advertising.
 */
import { instant } from '#evidence/record';
import { conform } from '../shape.ts';
import { isOpenThroughout } from './alternative-channel.ts';
import { isBlank, readNotice, windowsOf, type Notice } from './document.ts';
import { finding, type Lint, type NoticeFinding, type NoticeText } from './finding.ts';
import { lintText } from './lint-text.ts';
import { messageBytes, messageType } from './message.ts';
import { weekdayName, wrongWeekdays } from './weekday.ts';
import { spellInstant } from './wording.ts';

type Rule = (notice: Notice, now: number) => NoticeFinding[];

/**
 * Judges a notice at `now` (RFC 3339). Throws BreakwaterError `notice.*` with the path when it is no
 * `breakwater.notice/1`, and `now.*` when `now` is no time.
 */
export function lintNotice(value: unknown, now: string, place?: (pointer: string) => string): Lint {
  const notice = readNotice(value, place);
  const at = Date.parse(conform(instant, now, { name: 'now' }));
  const findings = rules.flatMap((rule) => rule(notice, at));
  const sms = notice.texts.sms ?? '';
  return {
    schema: 'breakwater.lint/1',
    ok: !findings.some(({ severity }) => severity === 'error'),
    sms: { type: messageType(sms), bytes: messageBytes(sms) },
    findings,
  };
}

const missing: Rule = ({ fields, texts, services }) => {
  const korean = (path: string, what: { ko: string; en: string }): NoticeFinding =>
    finding(
      'field.missing',
      'error',
      path,
      `${what.ko}이(가) 비어 있습니다. 작성하십시오.`,
      `${what.en} is missing: write it`,
    );
  const parts: [string | null | undefined, string, { ko: string; en: string }][] = [
    [fields.timing, '/fields/timing', { ko: '일시', en: 'the timing' }],
    [fields.scope, '/fields/scope', { ko: '범위', en: 'the scope' }],
    [fields.details, '/fields/details', { ko: '내용', en: 'what is done' }],
    [texts.website?.ko, '/texts/website/ko', { ko: '홈페이지 안내문', en: 'the Korean text of the website' }],
    [texts.sms, '/texts/sms', { ko: '문자 안내문', en: 'the text message' }],
  ];
  const out = parts.filter(([text]) => isBlank(text)).map(([, path, what]) => korean(path, what));
  if (services.length === 0) out.push(korean('/services', { ko: '대상 서비스', en: 'the list of services' }));
  const channels = fields.alternativeChannels ?? [];
  if (channels.length === 0)
    out.push(korean('/fields/alternativeChannels', { ko: '대체 이용 수단', en: 'an alternative channel' }));
  channels.forEach(({ name }, i) => {
    if (isBlank(name))
      out.push(
        korean(`/fields/alternativeChannels/${i}/name`, {
          ko: '대체 이용 수단의 이름',
          en: 'the name of an alternative channel',
        }),
      );
  });
  if (isBlank(texts.website?.en)) {
    out.push(
      finding(
        'field.missing',
        'warning',
        '/texts/website/en',
        '영문 안내문이 없습니다.',
        'there is no English text for the website',
      ),
    );
  }
  return out;
};

const whole =
  /^(?:tb[dac]|todo|n\/?a|none|null|undefined|placeholder|미정|추후.{0,20}|.{0,20}입력하(?:세요|십시오)\.?|(?:작성|확인)\s?(?:예정|중)|없음|해당\s?없음|test|테스트|예정|[<[{(]?(?:내용|일시|시간|날짜|범위|대상|서비스(?:명|\s?이름)?)[>\]})]?|[-.…~_*?xXoO0○◯ㅇ\s]+)$/iu;
const within =
  /\$?\{{1,2}[^{}]{0,60}\}|<(?:서비스|일시|시간|날짜|범위|내용|입력|name|date|time|service|scope)[^<>]*>|\[[^\]]{0,40}(?:입력|작성|기재|기입)[^\]]{0,40}\]|[○◯]{2,}|\bO{3,}\b|\bX{3,}\b|_{3,}|\bTB[DAC]\b|\bTODO\b|\bto be (?:determined|announced|confirmed|decided)\b|lorem ipsum|여기에.{0,20}(?:입력|작성)|추후\s?(?:공지|안내|통보|확정)|미정/iu;

const placeholders: Rule = (notice) => {
  const named = (notice.fields.alternativeChannels ?? []).map(({ name }, i) => ({
    path: `/fields/alternativeChannels/${i}/name`,
    text: name,
  }));
  return [...textsOf(notice), ...named].flatMap(({ path, text }) => {
    const found = whole.exec(text.trim())?.[0] ?? within.exec(text)?.[0];
    return found === undefined
      ? []
      : [
          finding(
            'field.placeholder',
            'error',
            path,
            `"${found}"은(는) 채워지지 않은 자리입니다. 확정된 내용을 쓰십시오.`,
            `"${found}" stands for something not written yet: write what is decided`,
          ),
        ];
  });
};

const order: Rule = ({ window, windows }) => {
  const late = (path: string): NoticeFinding =>
    finding(
      'window.order',
      'error',
      path,
      '종료 시각이 시작 시각보다 늦어야 합니다.',
      'the window must end after it starts',
    );
  const isForward = ({ start, end }: Notice['window']): boolean => Date.parse(start) < Date.parse(end);
  const out = isForward(window) ? [] : [late('/window/end')];
  return windows === null || windows === undefined ? out : [...out, ...orderOfSeries(window, windows, late)];
};

/** The windows of a series follow one another, and `window` spans them: a reader of either learns the same. */
function orderOfSeries(
  window: Notice['window'],
  windows: readonly Notice['window'][],
  late: (path: string) => NoticeFinding,
): NoticeFinding[] {
  const out = windows.flatMap(({ start, end }, i): NoticeFinding[] => {
    const before = windows[i - 1];
    if (Date.parse(start) >= Date.parse(end)) return [late(`/windows/${i}/end`)];
    if (before === undefined || Date.parse(before.end) <= Date.parse(start)) return [];
    return [
      finding(
        'window.order',
        'error',
        `/windows/${i}/start`,
        '앞 회차가 끝나기 전에 시작합니다. 회차를 시간 순서로, 겹치지 않게 쓰십시오.',
        'it starts before the window before it ends: list the windows in order, without overlap',
      ),
    ];
  });
  const isSpanned =
    Date.parse(windows[0]?.start ?? '') === Date.parse(window.start) &&
    Date.parse(windows.at(-1)?.end ?? '') === Date.parse(window.end);
  if (!isSpanned) {
    out.push(
      finding(
        'window.order',
        'error',
        '/window',
        '전체 기간(window)은 첫 회차의 시작부터 마지막 회차의 종료까지여야 합니다.',
        'window must reach from the start of the first to the end of the last of windows',
      ),
    );
  }
  return out;
}

/** Until when a notice of a kind is of use; a cancelled, ended or reported work may lie in the past. */
const usefulUntil: Readonly<Record<Notice['kind'], 'start' | 'end' | null>> = {
  advance: 'start',
  reminder: 'start',
  change: 'end',
  extension: 'end',
  postponement: 'start',
  start: 'end',
  disruption: null,
  cancel: null,
  end: null,
  result: null,
};

const past: Rule = ({ kind, window }, now) => {
  const edge = usefulUntil[kind];
  if (edge === null || Date.parse(window[edge]) > now) return [];
  const at = spellInstant(Date.parse(window[edge]));
  const said = edge === 'start' ? { ko: '시작', en: 'start' } : { ko: '종료', en: 'end' };
  return [
    finding(
      'window.past',
      'error',
      `/window/${edge}`,
      `${said.ko} 시각(${at.ko})이 이미 지났습니다.`,
      `the ${said.en} (${at.en}) is past`,
    ),
  ];
};

const weekdays: Rule = (notice) =>
  textsOf(notice).flatMap(({ path, text }) =>
    wrongWeekdays(text, Date.parse(notice.window.start)).map(({ written, is }) =>
      is === null
        ? finding(
            'window.weekday',
            'error',
            path,
            `"${written}": 없는 날짜입니다.`,
            `"${written}": there is no such date`,
          )
        : finding(
            'window.weekday',
            'error',
            path,
            `"${written}": 이 날은 ${weekdayName(is).ko}요일입니다.`,
            `"${written}": that day is a ${weekdayName(is).en}`,
          ),
    ),
  );

const scope: Rule = ({ services, planServices }) => {
  if (planServices === null || planServices === undefined) return [];
  const unannounced = planServices.filter((service) => !services.includes(service));
  const unplanned = services.filter((service) => !planServices.includes(service));
  const out: NoticeFinding[] = [];
  if (unannounced.length > 0) {
    out.push(
      finding(
        'scope.mismatch',
        'error',
        '/services',
        `작업계획서의 서비스가 빠졌습니다: ${unannounced.join(', ')}`,
        `services of the plan are not announced: ${unannounced.join(', ')}`,
      ),
    );
  }
  if (unplanned.length > 0) {
    out.push(
      finding(
        'scope.mismatch',
        'error',
        '/services',
        `작업계획서에 없는 서비스입니다: ${unplanned.join(', ')}`,
        `services are announced that the plan does not touch: ${unplanned.join(', ')}`,
      ),
    );
  }
  return out;
};

const channels: Rule = (notice) => {
  const { fields, services, planServices } = notice;
  const affected = new Set([...services, ...(planServices ?? [])]);
  const windows = windowsOf(notice).map(({ start, end }) => [Date.parse(start), Date.parse(end)] as const);
  const listed = (fields.alternativeChannels ?? []).map((channel, i) => ({
    ...channel,
    path: `/fields/alternativeChannels/${i}`,
    isHit: affected.has(channel.service),
    isOpen: windows.every(
      ([start, end]) => start >= end || (channel.opens !== channel.closes && isOpenThroughout(channel, start, end)),
    ),
  }));
  const someHolds = listed.some(({ isHit, isOpen }) => !isHit && isOpen);
  return listed.flatMap(({ name, path, service, opens, closes, isHit, isOpen }) => {
    if (isHit) {
      return [
        finding(
          'channel.in-scope',
          'error',
          `${path}/service`,
          `${name}(${service})은(는) 이번 작업의 대상이므로 대체 수단이 될 수 없습니다.`,
          `${name} (${service}) is hit by this work and is no alternative`,
        ),
      ];
    }
    if (isOpen) return [];
    const severity = someHolds ? 'warning' : 'error';
    return [
      finding(
        'channel.closed',
        severity,
        path,
        `${name}은(는) ${opens}~${closes}에만 이용할 수 있어 작업 시간 전체를 대신하지 못합니다.`,
        `${name} is open ${opens}-${closes} only, not throughout the window`,
      ),
    ];
  });
};

const words: Rule = (notice) => textsOf(notice).flatMap(lintText);

const digits = (text: string | null | undefined): string => (text ?? '').replace(/\D/g, '');

const sender: Rule = ({ sender: number, registeredSenders }) => {
  if (registeredSenders === null || registeredSenders === undefined) return [];
  const registered = registeredSenders.map(digits).includes(digits(number));
  return registered && digits(number) !== ''
    ? []
    : [
        finding(
          'sender.unregistered',
          'error',
          '/sender',
          '사전 등록된 발신번호가 아닙니다. 등록된 번호로 바꾸십시오.',
          'the sender is not among the registered numbers: use a registered one',
        ),
      ];
};

const phone: Rule = ({ company, texts }) => {
  const number = digits(company?.phone);
  if (number === '') {
    return [
      finding(
        'phone.missing',
        'error',
        '/company/phone',
        '회사 대표번호가 없습니다.',
        "the company's telephone number is missing",
      ),
    ];
  }
  return isBlank(texts.sms) || digits(texts.sms).includes(number)
    ? []
    : [
        finding(
          'phone.missing',
          'warning',
          '/texts/sms',
          '문자에 회사 대표번호가 없습니다.',
          "the text message does not hold the company's telephone number",
        ),
      ];
};

const rules: readonly Rule[] = [missing, placeholders, order, past, weekdays, scope, channels, words, sender, phone];

/** Every text of the notice that customers read and that is not blank. */
function textsOf({ fields, texts, title }: Notice): NoticeText[] {
  const all: [string, string | null | undefined][] = [
    ['/title/ko', title?.ko],
    ['/title/en', title?.en],
    ['/fields/timing', fields.timing],
    ['/fields/scope', fields.scope],
    ['/fields/details', fields.details],
    ['/texts/website/ko', texts.website?.ko],
    ['/texts/website/en', texts.website?.en],
    ['/texts/sms', texts.sms],
  ];
  return all.flatMap(([path, text]) =>
    isBlank(text) ? [] : [{ path, text: text ?? '', isMessage: path === '/texts/sms' }],
  );
}
