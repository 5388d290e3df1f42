import { describe, expect, it } from 'vitest';
import { chooseRequest, prepareRequest } from './requests.ts';

const task = { target: 'http://h/', runId: 'r', userAgent: 'seaworthy/1' };
const request = (parts: { path?: string; body?: string; headers?: Record<string, string>; method?: string }) => ({
  name: 'read',
  method: 'GET',
  path: '/',
  weight: 1,
  headers: {},
  success: [[200, 399]] as const,
  ...parts,
});
const known = { variables: { TOKEN: 't' }, setup: {} };

describe('prepareRequest', () => {
  it('makes one object for the whole run where nothing changes from start to start', () => {
    const prepare = prepareRequest(request({ path: '/${TOKEN}/${run.id}', body: '${TOKEN}' }), task, known);
    const first = prepare({ row: { a: '1' }, iteration: 1 });
    expect(prepare({ row: { a: '2' }, iteration: 2 })).toBe(first);
    expect(first).toMatchObject({ path: '/t/r', body: Buffer.from('t') });
  });

  it('fills in what changes', () => {
    const prepare = prepareRequest(request({ path: '/${data.a}', headers: { 'X-N': '${run.iteration}' } }), task, known);
    expect(prepare({ row: { a: '1' }, iteration: 7 })).toMatchObject({
      path: '/1',
      headers: ['user-agent', 'seaworthy/1', 'x-seaworthy-run', 'r', 'x-n', '7'],
      body: null,
    });
  });

  it.each([
    ['http://h/', '/a', '/a'],
    ['http://h/', 'a', '/a'],
    ['http://h/base/', '/a', '/base/a'],
    ['http://h/base', '/a?b=c&d', '/base/a?b=c&d'],
    ['http://h', '/ä \u0000\ud800', '/%C3%A4%20%00%EF%BF%BD'],
    ['http://h', '/%20', '/%20'],
    ['http://h', '/a\r\nHost: evil', '/a%0D%0AHost:%20evil'],
  ])('%s and %j make %s', (target, path, whole) => {
    expect(prepareRequest(request({ path }), { ...task, target }, known)({ row: {}, iteration: 0 }).path).toBe(whole);
  });

  it.each([
    ['GET', true],
    ['DELETE', true],
    ['POST', false],
    ['PATCH', false],
    ['LOCK', false],
  ])('%s may be repeated: %s', (method, repeatable) => {
    expect(prepareRequest(request({ method }), task, known)({ row: {}, iteration: 0 }).repeatable).toBe(repeatable);
  });

  it.each([{ 'a b': 'x' }, { a: 'x\ny' }, { a: 'ł' }, { 'Transfer-Encoding': 'chunked' }, { Upgrade: 'h2c' }])(
    'refuses the headers %j',
    (headers) => {
      expect(() => prepareRequest(request({ headers }), task, known)).toThrow(expect.objectContaining({ code: 'SW_LOAD_PLAN' }));
    },
  );
});

describe('chooseRequest', () => {
  const shares = (weights: readonly number[], starts: readonly number[]) => {
    const choose = chooseRequest(weights);
    const counts = weights.map(() => 0);
    for (const start of starts) {
      const index = choose(start);
      counts[index] = (counts[index] ?? 0) + 1;
    }
    return counts.map((count) => count / starts.length);
  };
  const numbers = Array.from({ length: 1_000 }, (_, index) => index);

  it('gives each request its share, also within one worker and far into a run', () => {
    const weights = [70, 20, 9.5, 0.5];
    for (const starts of [numbers, numbers.map((n) => n * 4 + 1), numbers.map((n) => 7_000_000 + n)])
      for (const [index, share] of shares(weights, starts).entries())
        expect(Math.abs(share - (weights[index] ?? 0) / 100)).toBeLessThan(0.01);
  });

  it('is the same in every run', () => {
    expect(numbers.map(chooseRequest([1, 1]))).toEqual(numbers.map(chooseRequest([1, 1])));
  });

  it('one request is always chosen', () => {
    expect(shares([0.3], numbers)).toEqual([1]);
  });
});
