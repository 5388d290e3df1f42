import { createServer, type Server, type ServerResponse } from 'node:http';
import type { Metrics } from '../metrics.ts';
import { cpuProfile } from './cpu-profile.ts';

/** The port for Prometheus, and for a CPU profile when a Pod is slow. No Ingress shows it to the outside. */
export function createMetricsServer(metrics: Metrics): Server {
  return createServer({ requestTimeout: 5_000 }, (request, response) => {
    const url = URL.parse(request.url ?? '/', 'http://localhost');
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    if (isRead && url?.pathname === '/metrics') answer(response, sendMetrics(metrics, response));
    else if (isRead && url?.pathname === '/debug/cpu-profile') answer(response, sendProfile(url, response));
    else response.writeHead(404).end();
  });
}

function answer(response: ServerResponse, work: Promise<void>): void {
  work.catch(() => response.writeHead(500).end());
}

async function sendMetrics(metrics: Metrics, response: ServerResponse): Promise<void> {
  const text = await metrics.text();
  response.writeHead(200, { 'content-type': metrics.contentType, 'cache-control': 'no-store' }).end(text);
}

async function sendProfile(url: URL, response: ServerResponse): Promise<void> {
  const result = await cpuProfile(Number(url.searchParams.get('seconds') ?? 10));
  if ('refused' in result) {
    response.writeHead(result.refused === 'busy' ? 409 : 400).end();
    return;
  }
  response.writeHead(200, { 'content-type': 'application/json', 'content-disposition': 'attachment; filename="backend.cpuprofile"' });
  response.end(result.profile);
}
