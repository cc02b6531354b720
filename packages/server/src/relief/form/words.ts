/** The words of the claim form. */
import type { FormFault, FormField } from './filled-form.ts';

type Words = {
  title: string;
  intro: string;
  field: Readonly<Record<FormField, string>>;
  hint: Readonly<Partial<Record<FormField, string>>>;
  basis: Readonly<Record<'fee' | 'interest' | 'price-difference' | 'penalty' | 'other', string>>;
  alternative: Readonly<Record<'worked' | 'failed' | 'not-tried', string>>;
  fault: Readonly<Record<FormFault, string>>;
  faults: string;
  needed: string;
  choose: string;
  send: string;
  privacy: string;
  closed: string;
  filed: string;
  merged: string;
  number: string;
  code: string;
  keep: string;
  answer: string;
  look: string;
  lookUp: string;
  notFound: string;
  state: Readonly<Record<'open' | 'accepted' | 'refused' | 'paid', string>>;
  stands: string;
  again: string;
  tooFast: string;
  tooMany: string;
  tooManyToday: string;
  decidedFor: string;
  why: string;
  appeal: string;
  appealIntro: string;
  sendAppeal: string;
};

export const formWords: Readonly<Record<'ko' | 'en', Words>> = {
  ko: {
    title: '피해 신고',
    intro: '작업 중 서비스를 이용하지 못해 손해를 입으신 경우 신고하실 수 있습니다. 로그인이 필요하지 않습니다.',
    field: {
      service: '이용하지 못한 서비스',
      date: '발생 날짜',
      time: '발생 시각',
      reference: '거래번호',
      amount: '손해 금액(원)',
      basis: '손해의 종류',
      alternative: '안내해 드린 다른 방법을 이용해 보셨습니까',
      phone: '연락받으실 휴대전화번호',
    },
    hint: {
      date: '한국 시간 기준입니다.',
      reference: '거래번호가 없으면 비워 두십시오.',
      amount: '금액을 모르시면 비워 두십시오.',
      phone: '결과를 알려 드리는 데에만 사용하며 암호화하여 보관합니다.',
    },
    basis: {
      fee: '수수료',
      interest: '이자',
      'price-difference': '가격 차이',
      penalty: '제3자에게 낸 위약금 등',
      other: '기타',
    },
    alternative: {
      worked: '이용하였습니다',
      failed: '이용하려 했으나 되지 않았습니다',
      'not-tried': '이용하지 않았습니다',
    },
    fault: {
      missing: '입력해 주십시오.',
      unknown: '목록에서 골라 주십시오.',
      malformed: '형식이 맞지 않습니다. 예시를 확인해 주십시오.',
      future: '지난 시각을 입력해 주십시오.',
      'too-old': '너무 오래된 날짜입니다. 고객센터로 문의해 주십시오.',
      'too-much': '금액이 너무 큽니다. 고객센터로 문의해 주십시오.',
    },
    faults: '다시 확인해 주십시오',
    needed: '필수',
    choose: '선택해 주십시오',
    send: '신고하기',
    privacy: '주민등록번호, 계좌번호, 비밀번호는 받지 않습니다. 이 화면은 쿠키와 스크립트를 쓰지 않습니다.',
    closed: '지금은 신고를 받는 작업이 없습니다. 고객센터로 문의해 주십시오.',
    filed: '신고가 접수되었습니다',
    merged: '같은 거래에 대한 신고가 이미 접수되어 있어 그 신고에 합쳤습니다.',
    number: '접수번호',
    code: '조회번호',
    keep: '접수번호와 조회번호를 적어 두시기 바랍니다. 조회번호는 다시 보여 드리지 않습니다.',
    answer: '결과를 알려 드리는 기한',
    look: '처리 상태 조회',
    lookUp: '조회하기',
    notFound: '접수번호와 조회번호가 맞는 신고가 없습니다.',
    state: {
      open: '확인하고 있습니다',
      accepted: '보상하기로 결정하였습니다',
      refused: '보상하지 않기로 결정하였습니다',
      paid: '지급하였습니다',
    },
    stands: '처리 상태',
    again: '다른 건 신고하기',
    tooFast: '잠시 후 다시 보내 주십시오. 입력하신 내용은 아래에 그대로 있습니다.',
    tooMany: '접수가 많아 잠시 기다려 주셔야 합니다. 1분 뒤에 다시 보내 주십시오.',
    tooManyToday: '이 휴대전화번호로 오늘 접수할 수 있는 건수를 넘었습니다. 고객센터로 문의해 주십시오.',
    decidedFor: '보상 금액',
    why: '이유',
    appeal: '이의 신청',
    appealIntro:
      '결정에 동의하지 않으시면 다시 심사를 요청하실 수 있습니다. 금융감독원에 분쟁조정을 신청하실 수도 있습니다.',
    sendAppeal: '이의 신청하기',
  },
  en: {
    title: 'Report a loss',
    intro: 'If you could not use a service during our work and lost money by it, tell us. No sign-in is needed.',
    field: {
      service: 'Service you could not use',
      date: 'Date',
      time: 'Time',
      reference: 'Transaction number',
      amount: 'Loss in won',
      basis: 'Kind of loss',
      alternative: 'Did you try another way that we had announced?',
      phone: 'Mobile number for our answer',
    },
    hint: {
      date: 'Korean time.',
      reference: 'Leave it empty if there is none.',
      amount: 'Leave it empty if you do not know.',
      phone: 'Used for our answer only, and kept encrypted.',
    },
    basis: {
      fee: 'Fee',
      interest: 'Interest',
      'price-difference': 'Price difference',
      penalty: 'Penalty paid to somebody else',
      other: 'Other',
    },
    alternative: { worked: 'Yes, and it worked', failed: 'Yes, but it did not work', 'not-tried': 'No' },
    fault: {
      missing: 'Please fill this in.',
      unknown: 'Please choose from the list.',
      malformed: 'This has another form. Please look at the example.',
      future: 'Please give a time in the past.',
      'too-old': 'That is too long ago for this form. Please call us.',
      'too-much': 'The amount is too large for this form. Please call us.',
    },
    faults: 'Please check again',
    needed: 'required',
    choose: 'Please choose',
    send: 'Send the report',
    privacy: 'We never ask for resident registration numbers, account numbers or passwords. No cookies, no scripts.',
    closed: 'There is no work for which reports are taken now. Please call us.',
    filed: 'Your report has arrived',
    merged: 'There was a report of the same transaction already. Yours was added to it.',
    number: 'Report number',
    code: 'Look-up code',
    keep: 'Please write both down. The look-up code is not shown again.',
    answer: 'You have our answer by',
    look: 'Look up a report',
    lookUp: 'Look up',
    notFound: 'There is no report with this number and code.',
    state: {
      open: 'We are looking into it',
      accepted: 'We decided to pay',
      refused: 'We decided not to pay',
      paid: 'It was paid',
    },
    stands: 'Where it stands',
    again: 'Report another loss',
    tooFast: 'Please send it again in a moment. What you entered is still below.',
    tooMany: 'Many reports are arriving. Please send yours again in a minute.',
    tooManyToday: 'This number has sent as many reports as it can in a day. Please call us.',
    decidedFor: 'Amount',
    why: 'Reason',
    appeal: 'Ask us to look again',
    appealIntro:
      'If you do not agree with the decision, ask us to examine it again. You may also apply to the Financial Supervisory Service for mediation.',
    sendAppeal: 'Ask to look again',
  },
};
