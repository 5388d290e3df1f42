import { createServer, type Server } from 'node:http';
import type { Metrics } from '../metrics.ts';

/** Prometheus' port, which no Service or Ingress shows to the outside. */
export function createMetricsServer(metrics: Metrics): Server {
  return createServer({ requestTimeout: 5_000 }, (request, response) => {
    if (request.url !== '/metrics' || (request.method !== 'GET' && request.method !== 'HEAD')) {
      response.writeHead(404).end();
      return;
    }
    metrics.text().then(
      (text) => response.writeHead(200, { 'content-type': metrics.contentType, 'cache-control': 'no-store' }).end(text),
      () => response.writeHead(500).end(),
    );
  });
}
