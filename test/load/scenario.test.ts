import { describe, expect, it } from 'vitest';
import type { LoadSetup } from '../../src/evidence/declared.ts';
import { version } from '../../src/model/version.ts';
import { aPlan, aRequest, measure } from './plans.ts';
import { closedPort, serveHttp, serveRaw } from './servers.ts';

interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** A server that remembers what it was asked, and answers sign-ins with a token. */
async function remember(answer = '{"session":{"token":"s3cret-token","parts":["a/b"]}}'): Promise<{ url: string; seen: Seen[] }> {
  const seen: Seen[] = [];
  const url = await serveHttp((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      seen.push({
        method: request.method ?? '',
        url: request.url ?? '',
        headers: request.headers,
        body: Buffer.concat(chunks).toString(),
      });
      response.end(request.url?.startsWith('/sign-in') === true ? answer : 'ok');
    });
  });
  return { url, seen };
}

const signIn = (setup: Partial<LoadSetup> = {}): LoadSetup => ({
  name: 'sign-in',
  method: 'POST',
  path: '/sign-in',
  headers: { 'content-type': 'application/json' },
  body: '{"password":"${PASSWORD}"}',
  success: [[200, 299]],
  capture: { token: '/session/token' },
  ...setup,
});
const variables = { PASSWORD: 'pa55word' };

describe('what is sent', () => {
  it('signs in once, and every worker uses what was captured', async () => {
    const { url, seen } = await remember();
    const requests = [aRequest({ path: '/me', headers: { Authorization: 'Bearer ${setup.token}' } })];
    const measurement = await measure(aPlan(url, { workers: 2, variables, scenario: { setup: [signIn()], requests } }));
    expect(seen.filter(({ url }) => url === '/sign-in')).toEqual([
      expect.objectContaining({ method: 'POST', body: '{"password":"pa55word"}' }),
    ]);
    const rest = seen.filter(({ url }) => url === '/me');
    expect(rest).toHaveLength(100);
    expect(rest.every(({ headers }) => headers['authorization'] === 'Bearer s3cret-token')).toBe(true);
    expect(JSON.stringify(measurement)).not.toMatch(/s3cret|pa55/);
  });

  it('a later setup request uses what an earlier one captured', async () => {
    const { url, seen } = await remember();
    const second = signIn({
      name: 'enter',
      path: '/sign-in/enter',
      body: '${setup.token}',
      capture: { part: '/session/parts/0' },
    });
    const requests = [aRequest({ path: '/${setup.part}' })];
    await measure(aPlan(url, { variables, rate: 5, scenario: { setup: [signIn(), second], requests } }));
    expect(seen[1]).toMatchObject({ url: '/sign-in/enter', body: 's3cret-token' });
    expect(seen[2]).toMatchObject({ url: '/a/b' });
  });

  it('names itself and the run, unless the scenario does', async () => {
    const { url, seen } = await remember();
    await measure(aPlan(url, { rate: 2 }));
    await measure(aPlan(url, { rate: 2, scenario: { requests: [aRequest({ headers: { 'User-Agent': 'mine' } })] } }));
    expect(seen[0]?.headers).toMatchObject({ 'user-agent': `seaworthy/${version}`, 'x-seaworthy-run': 'run-1' });
    expect(seen[2]?.headers).toMatchObject({ 'user-agent': 'mine', 'x-seaworthy-run': 'run-1' });
  });

  it('takes the rows of the data file in their order, over all workers, and numbers the starts', async () => {
    const { url, seen } = await remember();
    const rows = [{ user: 'ann' }, { user: 'bob' }, { user: 'eve' }];
    const requests = [aRequest({ method: 'PUT', path: '/${data.user}/${run.iteration}', body: '${run.id} ${data.user}' })];
    await measure(aPlan(url, { rows, rate: 30, workers: 2, scenario: { requests } }));
    const wanted = Array.from({ length: 30 }, (_, start) => `/${['ann', 'bob', 'eve'][start % 3]}/${start}`);
    expect(seen.map(({ url }) => url).sort()).toEqual(wanted.sort());
    expect(seen.every(({ url, body }) => body === `run-1 ${url.split('/')[1]}`)).toBe(true);
  });

  it('shares starts by weight', async () => {
    const { url, seen } = await remember();
    const requests = [aRequest({ path: '/often', weight: 9 }), aRequest({ path: '/seldom', weight: 1 })];
    await measure(aPlan(url, { rate: 200, workers: 2, scenario: { requests } }));
    expect(seen.filter(({ url }) => url === '/seldom').length).toBeGreaterThanOrEqual(19);
    expect(seen.filter(({ url }) => url === '/seldom').length).toBeLessThanOrEqual(21);
  });

  it('appends paths to the path of the target', async () => {
    const { url, seen } = await remember();
    const requests = [aRequest({ path: '/a b?q=ä#x' })];
    await measure(aPlan(`${url}base/`, { rate: 1, scenario: { requests } }));
    expect(seen[0]?.url).toBe('/base/a%20b?q=%C3%A4%23x');
  });
});

describe('a setup that fails ends the run before it begins', () => {
  const run = (url: string, setup: LoadSetup) => measure(aPlan(url, { variables, scenario: { timeoutMs: 500, setup: [setup] } }));

  it.each([
    [
      'another status',
      '/sign-in',
      { success: [[201, 201]] as const },
      'The setup request "sign-in" was answered with status 200.',
    ],
    ['nothing at the pointer', '/', { capture: { token: '/session/none' } }, 'without a text or number at "/session/none"'],
    ['an object at the pointer', '/', { capture: { token: '/session' } }, 'without a text or number at "/session"'],
    ['what every object inherits', '/', { capture: { token: '/constructor/name' } }, 'without a text or number'],
  ])('%s', async (_, __, setup, message) => {
    const { url } = await remember();
    await expect(run(url, signIn(setup))).rejects.toMatchObject({
      code: 'SW_LOAD_ENGINE',
      message: expect.stringContaining(message),
    });
  });

  it('an answer that is no JSON', async () => {
    const { url } = await remember('<s3cret>');
    const failed = run(url, signIn());
    await expect(failed).rejects.toMatchObject({ code: 'SW_LOAD_ENGINE', message: expect.stringContaining('is not JSON') });
    await expect(failed).rejects.not.toMatchObject({ message: expect.stringContaining('s3cret') });
  });

  it('an answer that is too long', async () => {
    const { url } = await remember('x'.repeat(1_100_000));
    await expect(run(url, signIn())).rejects.toMatchObject({ message: expect.stringContaining('more than 1 MiB') });
  });

  it('no answer, and no connection', async () => {
    await expect(run(await serveRaw(() => {}), signIn())).rejects.toMatchObject({
      message: expect.stringContaining('no answer after 0.5 s'),
    });
    const refused = run(`http://127.0.0.1:${await closedPort()}/`, signIn());
    await expect(refused).rejects.toMatchObject({ message: expect.stringContaining('failed (ECONNREFUSED)') });
  });
});

describe('a request that HTTP forbids is refused before the run', () => {
  it('a token that ends in a line feed', async () => {
    const requests = [aRequest({ headers: { authorization: '${TOKEN}' } })];
    const failed = measure(aPlan('http://127.0.0.1:1/', { variables: { TOKEN: 's3cret\n' }, scenario: { requests } }));
    await expect(failed).rejects.toMatchObject({ code: 'SW_LOAD_PLAN', message: expect.stringContaining('such as a line feed') });
    await expect(failed).rejects.not.toMatchObject({ message: expect.stringContaining('s3cret') });
  });

  it('a header of the connection', async () => {
    const requests = [aRequest({ headers: { Connection: 'close' } })];
    await expect(measure(aPlan('http://127.0.0.1:1/', { scenario: { requests } }))).rejects.toMatchObject({
      code: 'SW_LOAD_PLAN',
    });
  });
});
