import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createLoki } from '../../examples/gravl/service/src/loki.ts';

interface Push {
  readonly streams: readonly { readonly stream: Record<string, string>; readonly values: readonly [string, string][] }[];
}

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function receiver(status: number, pushes: Push[]): Promise<string> {
  const made = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on('end', () => {
      if (request.url === '/loki/api/v1/push') pushes.push(JSON.parse(body) as Push);
      response.writeHead(status).end();
    });
  });
  server = made;
  await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(made.address() as AddressInfo).port}`;
}

describe('log lines for Loki', () => {
  it('go in batches, with a moment in nanoseconds and the label of the runbooks', async () => {
    const pushes: Push[] = [];
    const loki = createLoki(await receiver(204, pushes), { app: 'backend' });
    loki.write('{"status":200}\n');
    loki.write('{"status":500}\n');
    await loki.close();
    expect(pushes).toHaveLength(1);
    const [stream] = pushes[0]?.streams ?? [];
    expect(stream?.stream).toEqual({ app: 'backend' });
    expect(stream?.values.map(([, line]) => line)).toEqual(['{"status":200}', '{"status":500}']);
    expect(Math.abs(Number(stream?.values[0]?.[0]) / 1e6 - Date.now())).toBeLessThan(60_000);
  });

  it('are dropped, oldest first, when too many wait', async () => {
    const pushes: Push[] = [];
    const loki = createLoki(await receiver(204, pushes), { app: 'backend' });
    for (let index = 0; index < 6_000; index += 1) loki.write(`${index}\n`);
    await loki.close();
    const lines = pushes.flatMap(({ streams }) => streams.flatMap(({ values }) => values.map(([, line]) => line)));
    expect(lines.length).toBeLessThanOrEqual(5_000);
    expect(lines.at(-1)).toBe('5999');
  });

  it.each([
    ['refuses', () => receiver(500, [])],
    ['is not there', async () => 'http://127.0.0.1:9'],
  ])('do not disturb when Loki %s', async (_what, make) => {
    const loki = createLoki(await make(), { app: 'backend' });
    loki.write('line\n');
    await expect(loki.close()).resolves.toBeUndefined();
  });
});
