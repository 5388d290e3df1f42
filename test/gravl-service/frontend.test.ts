import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFrontend } from '../../examples/gravl/service/src/http/frontend.ts';
import { logging } from '../../examples/gravl/service/src/logging.ts';
import { call } from './running.ts';

const api = 'http://127.0.0.1:3000';

describe('the frontend', () => {
  let app: ReturnType<typeof createFrontend>;
  let base: string;
  beforeAll(async () => {
    app = createFrontend(api, logging({ LOG_LEVEL: 'silent' }));
    base = await app.listen({ host: '127.0.0.1', port: 0 });
  });
  afterAll(() => app.close());
  const get = (path: string) => call(`${base}${path}`, 'GET', {});

  it.each([
    ['/', 'text/html; charset=utf-8'],
    ['/index.html', 'text/html; charset=utf-8'],
    ['/app.js', 'text/javascript; charset=utf-8'],
    ['/style.css', 'text/css; charset=utf-8'],
    ['/icon.svg', 'image/svg+xml'],
    ['/healthz', 'application/json; charset=utf-8'],
  ])('serves %s', async (path, type) => {
    const { status, headers } = await get(path);
    expect([status, headers.get('content-type')]).toEqual([200, type]);
  });

  it.each(['/', '/app.js', '/nothing', '/../package.json', '/%2e%2e/package.json', '/%c0'])(
    'answers %s under a strict policy',
    async (path) => {
      const { headers, text } = await get(path);
      const policy = headers.get('content-security-policy') ?? '';
      for (const rule of [
        "default-src 'none'",
        "script-src 'self'",
        `connect-src ${api}`,
        "frame-ancestors 'none'",
        "form-action 'none'",
      ]) {
        expect(policy.split('; ')).toContain(rule);
      }
      expect(policy).not.toContain('unsafe');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(text).not.toContain('gravl-service');
    },
  );

  it('serves nothing but its files, and says 404', async () => {
    for (const path of ['/nothing', '/%2e%2e/package.json', '/src/main.ts', '/api/v1/workouts', '/metrics']) {
      expect((await get(path)).status, path).toBe(404);
    }
  });

  it('tells the page where the backend is, and loads nothing from elsewhere', async () => {
    const { text } = await get('/');
    expect(text).toContain(`<meta name="gravl-api" content="${api}">`);
    expect([...text.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, address]) => address)).toEqual([
      '/icon.svg',
      '/style.css',
      '/app.js',
    ]);
    expect(text).not.toMatch(/<style|style=|onclick|<script>/);
  });

  it('has a label for each field', async () => {
    const { text } = await get('/');
    const fields = [...text.matchAll(/<(?:input|select|textarea) id="([^"]+)"/g)].map(([, id]) => id);
    expect(fields).toHaveLength(8);
    for (const id of fields) expect(text, id).toContain(`<label for="${id}">`);
  });

  it('puts what the backend says into the page as text only', () => {
    const script = readFileSync(join(import.meta.dirname, '../../examples/gravl/service/public/app.js'), 'utf8');
    expect(script).not.toMatch(/innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(/);
  });

  it('counts for the exporter beside it as nginx does', async () => {
    const { text } = await get('/stub_status');
    expect(text).toMatch(
      /^Active connections: \d+ \nserver accepts handled requests\n \d+ \d+ \d+ \nReading: \d+ Writing: \d+ Waiting: \d+ \n$/,
    );
  });
});
