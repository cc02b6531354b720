import { defineWords } from '#words';

export const nowWords = defineWords({
  ko: { now: '지금' },
  en: { now: 'Now' },
});
