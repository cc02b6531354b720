import { describe, expect, test } from 'vitest';
import { readCages } from './foreground.ts';

describe('what a host has for tests', () => {
  test('is nothing when nothing is said: the strongest level is found', () => {
    expect(readCages(undefined, [], [])).toEqual({});
  });

  test('is a level, and endpoints of models with the files of their keys', () => {
    const models = ['hosted=https://models.example/v1', 'local=http://127.0.0.1:8000/v1'];
    expect(readCages('cooperative', models, ['hosted=/etc/breakwater/hosted.key'])).toEqual({
      level: 'cooperative',
      models: {
        hosted: { url: 'https://models.example/v1', keyFile: '/etc/breakwater/hosted.key' },
        local: { url: 'http://127.0.0.1:8000/v1', keyFile: null },
      },
    });
  });

  test.each<[string, Parameters<typeof readCages>, RegExp]>([
    ['a level that there is not', ['strong', [], []], /"strong" is no level: kernel, rootless/],
    ['an endpoint without a name', [undefined, ['https://models.example/v1'], []], /as NAME=VALUE/],
    ['an endpoint that is no address', [undefined, ['hosted=models.example'], []], /no address such as/],
    ['an endpoint of another protocol', [undefined, ['hosted=file:///etc/passwd'], []], /no address such as/],
    ['a key without its endpoint', [undefined, [], ['hosted=/k']], /there is no --model hosted/],
  ])('is refused with %s', (_, words, message) => {
    expect(() => readCages(...words)).toThrow(message);
  });
});
