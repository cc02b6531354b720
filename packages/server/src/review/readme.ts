/** `README.txt` of a dossier: the same in every dossier, so that it says nothing that would have to be proved. */
export const readme = `소명자료 (breakwater dossier)

무엇이 들어 있는가
  dossier.pdf        사람이 읽는 문서. 목록과 봉인을 뺀 모든 구성 파일이 첨부되어 있습니다.
  manifest.json      모든 구성 파일의 SHA-256, 로그의 이름, 기록 구간.
  seal/              manifest.json에 대한 로그의 서명(C2SP signed note).
  records/           기록. 번호에 빠짐이 없으며, 내용을 가린 기록은 해시만 있습니다.
  log/               체크포인트와 해시 타일(C2SP tlog-tiles). 기록이 로그에 있음을 보입니다.
  facts.json         기록에서 나온 사실관계.
  assessment.json    사실관계와 기준(packs/)에서 나온 평가.
  approvals/         서명된 승인.
  timestamps/        시점확인 토큰(있을 때만).

어떻게 확인하는가
  breakwater verify dossier.zip --policy policy.txt --keys keys.json
  정책 파일과 키 파일은 이 자료가 아닌 다른 경로로 받으십시오. 인터넷이나 데이터베이스는 필요하지 않습니다.
  종료 코드: 0 모두 통과, 1 실패 있음, 3 확인하지 못한 것이 있음.

What this is
  A dossier about one work on live systems: a document for people (dossier.pdf), the records it rests on, and proofs
  that the records stand in an append-only log in this order with none left out. Facts and assessment can be derived
  again from the records. It makes no judgement about sanctions; that is for the review committee.

How to verify
  breakwater verify dossier.zip --policy policy.txt --keys keys.json
  Obtain the policy and the keys elsewhere than from this dossier. Neither network nor database is needed.
  Exit code: 0 all passed, 1 something failed, 3 something could not be checked.
`;

const editionVerify = `How to verify
  breakwater verify dossier.zip --policy policy.txt
  Obtain the policy elsewhere than from this file. Neither network nor database is needed.
  Exit code: 0 all passed, 1 something failed, 3 something could not be checked.
`;

/** `README.txt` of an edition. */
export const editionReadme = {
  en: `English edition of a dossier, redacted for transfer abroad (breakwater dossier)

What this is
  The same records under the same numbers as the dossier that edition.json names. A record that names a person stands in
  records/ as its bare leaf hash, which proves that it is there and where; redacted/ holds a copy of it in which persons are
  numbered. Facts and assessment can be derived again from records and copies. Signatures of persons are in the dossier itself.
  It makes no judgement about sanctions; that is for the review committee.

${editionVerify}`,
  personal: `개인에 관한 사본 (breakwater dossier)

무엇이 들어 있는가
  본인의 행위에 관한 기록, 그리고 본인의 고의·과실에 관한 진술과 사실입니다. 다른 사람은 번호로 적었습니다(person-1).
  다른 사람이 나오는 기록은 records/에 해시로만 있고, 사람을 번호로 바꾼 사본이 redacted/에 있습니다.
  나머지 기록은 있다는 것과 자리만 해시로 증명됩니다. 제재에 관한 판단은 담지 않습니다.

${editionVerify}`,
} as const;
