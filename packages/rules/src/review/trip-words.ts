/** Trips in words: the only place where the reason of a stop becomes text. */
import type { Trip } from '#guard/record';
import { counted, countedEn, grouped, seconds, type Words } from './say.ts';

/** Why the guard stopped a run, with its numbers. */
export function tripWords(trip: Trip): Words {
  switch (trip.reason) {
    case 'outage-limit':
      return {
        ko: `장애 한도 도달(${trip.service}, ${seconds(trip.observedMs)}초 / 한도 ${seconds(trip.limitMs)}초)`,
        en: `outage limit (${trip.service}, ${seconds(trip.observedMs)} s of ${seconds(trip.limitMs)} s)`,
      };
    case 'service-down':
      return {
        ko: `서비스 중단(${trip.service}, ${seconds(trip.observedMs)}초 / 한도 ${seconds(trip.limitMs)}초)`,
        en: `service down (${trip.service}, ${seconds(trip.observedMs)} s of ${seconds(trip.limitMs)} s)`,
      };
    case 'damage-limit':
      return {
        ko: `손해 한도 도달(${counted(trip.observedWon, '원')} / 한도 ${grouped(trip.limitWon)}원)`,
        en: `damage limit (KRW ${countedEn(trip.observedWon)} of ${grouped(trip.limitWon)})`,
      };
    case 'records-limit':
      return {
        ko: `유출 건수 한도 도달(${counted(trip.observed, '건')} / 한도 ${grouped(trip.limit)}건)`,
        en: `records limit (${countedEn(trip.observed)} of ${grouped(trip.limit)})`,
      };
    case 'personal-credit':
      return {
        ko: `개인신용정보 감지선(${counted(trip.observed, '건')} / 한도 ${grouped(trip.limit)}건)`,
        en: `personal credit tripwire (${countedEn(trip.observed)} of ${grouped(trip.limit)})`,
      };
    case 'point-of-no-return':
      return {
        ko: `원복 결정 시한(${seconds(trip.remainingMs)}초 남음)`,
        en: `point of no return (${seconds(trip.remainingMs)} s left)`,
      };
    case 'lease-lost':
      return {
        ko: `임대 상실(${seconds(trip.silentMs)}초 무응답)`,
        en: `lease lost (${seconds(trip.silentMs)} s of silence)`,
      };
    case 'lever':
      return { ko: `레버(${trip.lever}, ${trip.by})`, en: `lever (${trip.lever}, by ${trip.by})` };
    case 'window-end':
      return { ko: '작업 시간 종료', en: 'end of the window' };
    case 'probe-blind':
      return {
        ko: `탐침 ${trip.probe} 미확인 ${seconds(trip.observedMs)}초`,
        en: `probe ${trip.probe} blind for ${seconds(trip.observedMs)} s`,
      };
    case 'meter-blind':
      return {
        ko: `계량 ${trip.meter} 미확인 ${seconds(trip.observedMs)}초`,
        en: `meter ${trip.meter} blind for ${seconds(trip.observedMs)} s`,
      };
    case 'step-failed':
      return { ko: `단계 ${trip.step} 실패(${trip.outcome})`, en: `step ${trip.step} failed (${trip.outcome})` };
    case 'scope-attempts':
      return {
        ko: `범위 밖 접근 시도(${counted(trip.observed, '회')} / 한도 ${grouped(trip.limit)}회)`,
        en: `attempts outside the scope (${countedEn(trip.observed)} packets, ${grouped(trip.limit)} allowed)`,
      };
    case 'slower':
      return {
        ko: `응답 지연(${trip.service}, 평상시 ${trip.baselineMs} ms보다 ${grouped(trip.observedPercent)} % 느림 / 한도 ${grouped(trip.limitPercent)} %)`,
        en: `slower answers (${trip.service}, ${grouped(trip.observedPercent)} % over its ${trip.baselineMs} ms, ${grouped(trip.limitPercent)} % allowed)`,
      };
    case 'cage-broken':
      return {
        ko: `격리 자체 점검 실패(${trip.canary === 'outside' ? '범위 밖이 차단되지 않음' : '범위 안이 응답하지 않음'})`,
        en: `the cage failed its self-test (${trip.canary === 'outside' ? 'what is outside was not blocked' : 'what is inside did not answer'}: ${trip.detail})`,
      };
    case 'journal-unwritable':
      return { ko: `저널 기록 불가(${trip.code})`, en: `journal cannot be written (${trip.code})` };
  }
}
