/**
 * A server that freezes once: `node stall-server.ts RATE SERVICE_MS STALL_AT_MS STALL_MS`. A process of its own, so that nothing else freezes
 * with it. Tells its parent the port, and when asked what it really did: the exact stall, in ms from the beginning of the load (requests for
 * `/N` say which start they are, and the one that came earliest for its number shows where start 0 was), and the median time it took over
 * a request, since a timer on a busy machine is late.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const [rate = 1, serviceMs = 0, stallAtMs = 0, stallMs = 0] = process.argv.slice(2).map(Number);
const now = () => Number(process.hrtime.bigint()) / 1e6;
const stall = { fromMs: 0, toMs: 0 };
/** When each of the first requests after the stall was taken up, in ms from its end. */
const takenUp: number[] = [];
const mostTakenUp = 300;
let beginMs = Number.POSITIVE_INFINITY;
let seen = false;
const taken: number[] = [];

function freeze(): void {
  stall.fromMs = now();
  // The thread sleeps and reads nothing; it leaves the processor to whoever measures.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, stallMs);
  stall.toMs = now();
}

const server = createServer((request, response) => {
  if (stall.toMs > 0 && takenUp.length < mostTakenUp) takenUp.push(now() - stall.toMs);
  const start = Number((request.url ?? '').slice(1));
  if (Number.isInteger(start)) beginMs = Math.min(beginMs, now() - (start / rate) * 1000);
  if (!seen && stallMs > 0) setTimeout(freeze, stallAtMs);
  seen = true;
  if (serviceMs === 0) response.end('ok');
  else {
    const from = now();
    setTimeout(() => {
      taken.push(now() - from);
      response.end('ok');
    }, serviceMs);
  }
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));
process.on('message', () => {
  const median = taken.sort((a, b) => a - b)[Math.floor(taken.length / 2)] ?? 0;
  process.send?.({ fromMs: stall.fromMs - beginMs, toMs: stall.toMs - beginMs, serviceMs: median, takenUp });
});
process.on('disconnect', () => process.exit());
