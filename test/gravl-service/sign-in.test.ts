import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoPassword } from '../../examples/gravl/service/src/demo/data.ts';
import { databaseKinds, startLimitMs } from './databases.ts';
import { dana, type Gravl, ride, startGravl } from './gravl.ts';
import { key } from './running.ts';
import { signed, tokenPart as part } from './tokens.ts';

describe.each(databaseKinds)('sign-in of the Gravl service on $name', (kind) => {
  let gravl: Gravl;

  beforeAll(async () => {
    gravl = await startGravl(kind);
  }, startLimitMs);

  afterAll(() => gravl.stop(), startLimitMs);

  describe('sign-in', () => {
    it('gives a token for an hour, whatever the case of the address', async () => {
      const { status, json } = await gravl.signIn(dana.email.toUpperCase());
      expect(status).toBe(201);
      expect(json.name).toBe(dana.name);
      const left = Date.parse(json.expiresAt ?? '') - Date.now();
      expect(left).toBeGreaterThan(3_540_000);
      expect(left).toBeLessThanOrEqual(3_600_000);
    });

    it('says the same to a wrong password and to an unknown address', async () => {
      const wrong = await gravl.signIn(dana.email, 'not-the-password');
      const unknown = await gravl.signIn('nobody@gravl.example', 'not-the-password');
      expect(wrong.status).toBe(401);
      expect([unknown.status, unknown.text]).toEqual([wrong.status, wrong.text]);
    });

    it('works as long for an unknown address as for a wrong password', async () => {
      const fastest = async (email: string) => {
        const times: number[] = [];
        for (let index = 0; index < 4; index += 1) {
          const startedAt = performance.now();
          await gravl.signIn(email, 'not-the-password');
          times.push(performance.now() - startedAt);
        }
        return Math.min(...times);
      };
      const [unknown, wrong] = [await fastest('nobody@gravl.example'), await fastest(dana.email)];
      // Without the work an unknown address takes about a hundredth.
      expect(unknown).toBeGreaterThan(wrong / 3);
      expect(wrong).toBeGreaterThan(unknown / 3);
    });

    it('leaves the event loop free: other requests are answered meanwhile', async () => {
      const endOf = async (answer: Promise<unknown>) => answer.then(() => performance.now());
      const signedIn = endOf(gravl.signIn(dana.email));
      const others: number[] = [];
      for (let index = 0; index < 20; index += 1) others.push(await endOf(gravl.list(gravl.danas)));
      const end = await signedIn;
      // Answered while the hash is computed: if that blocked, all would come after it.
      expect(others.filter((moment) => moment < end).length).toBeGreaterThan(3);
    });

    it.each([
      ["' OR '1'='1", 'x'],
      [`${dana.email}' --`, demoPassword],
      [`${dana.email}`, "' OR 1=1; DROP TABLE users; --"],
      [`"'; DROP TABLE users; --"@gravl.example`, 'x'],
      ['%@gravl.example', demoPassword],
    ])('takes SQL for text: %s', async (email, password) => {
      const { status } = await gravl.signIn(email, password);
      expect([400, 401]).toContain(status);
      expect((await gravl.signIn(dana.email)).status).toBe(201);
    });

    it.each([
      ['no body', undefined],
      ['no password', { email: dana.email }],
      ['an empty password', { email: dana.email, password: '' }],
      ['a password of another type', { email: dana.email, password: { length: 12 } }],
      ['a further field', { email: dana.email, password: demoPassword, admin: true }],
      ['an address with NUL', { email: `a\u0000@gravl.example`, password: 'x' }],
      ['an address without @', { email: 'dana', password: 'x' }],
      ['a password too long to hash', { email: dana.email, password: 'x'.repeat(257) }],
      ['no JSON', '{"email":'],
      ['a prototype key', '{"email":"a@b","password":"x","__proto__":{"admin":true}}'],
    ])('refuses %s with 400', async (_what, body) => {
      const answer = await gravl.running.call('POST', '/api/v1/sessions', { body });
      expect(answer.status).toBe(400);
      expect(answer.json.error?.code).toMatch(/^[a-z-]+$/);
      expect(answer.text).not.toMatch(/node_modules|at .*:\d+|stack/);
    });

    it('refuses a body over 16 kB with 413, and another type with 415', async () => {
      const large = await gravl.running.call('POST', '/api/v1/sessions', {
        body: { email: 'a@b', password: 'x'.repeat(20_000) },
      });
      expect(large.status).toBe(413);
      const form = await gravl.running.call('POST', '/api/v1/sessions', {
        body: 'email=a@b',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      });
      expect(form.status).toBe(415);
    });
  });

  describe('a token', () => {
    const now = Math.floor(Date.now() / 1_000);
    const claims = { iss: 'gravl', aud: 'gravl-api', sub: '1', iat: now, exp: now + 3_600 };

    it('made as the service makes it is taken', async () => {
      expect((await gravl.list(signed(claims, key))).status).toBe(200);
    });

    it.each([
      ['none at all', () => undefined],
      ['an expired one', () => signed({ ...claims, exp: now - 1 }, key)],
      ['one signed with another key', () => signed(claims, Buffer.alloc(32, 7))],
      ['one of another algorithm', () => signed(claims, key, 'HS512')],
      ['one for another audience', () => signed({ ...claims, aud: 'other' }, key)],
      ['one of another issuer', () => signed({ ...claims, iss: 'other' }, key)],
      ['one without a user', () => signed({ ...claims, sub: undefined }, key)],
      ['one whose user is SQL', () => signed({ ...claims, sub: '1 OR 1=1' }, key)],
      ['one that never ends', () => signed({ ...claims, exp: undefined }, key)],
      ['alg none without a signature', () => `${part({ alg: 'none' })}.${part(claims)}.`],
      ['alg none with a signature', () => `${part({ alg: 'none' })}.${part(claims)}.AAAA`],
      [
        'a real one with another user',
        () => {
          const [header, , signature] = gravl.danas.split('.');
          return `${header}.${part({ ...claims, sub: '2' })}.${signature}`;
        },
      ],
      ['garbage', () => 'a.b.c'],
    ])('is refused: %s', async (_what, make) => {
      const token = make();
      const answer = await gravl.list(token);
      expect(answer.status).toBe(401);
      expect(answer.headers.get('www-authenticate')).toBe('Bearer');
      expect((await gravl.create(token, ride)).status).toBe(401);
    });

    it('of a user who is gone creates nothing', async () => {
      expect((await gravl.create(signed({ ...claims, sub: '999999' }, key), ride)).status).toBe(401);
    });
  });
});
