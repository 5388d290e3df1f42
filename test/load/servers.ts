import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer as createHttp, type RequestListener, type Server as HttpServer } from 'node:http';
import { createServer as createNet, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** Listens on loopback until the test ends, and returns the port. */
export async function listen(server: Server, host = '127.0.0.1'): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
  });
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  await new Promise<void>((resolve) => void server.listen(0, host, resolve));
  return (server.address() as AddressInfo).port;
}

export async function serveHttp(listener: RequestListener, configure: (server: HttpServer) => void = () => {}): Promise<string> {
  const server = createHttp(listener);
  configure(server);
  return `http://127.0.0.1:${await listen(server)}/`;
}

/** A server that does with a request whatever it likes: `onRequest` gets the socket once the head of a request is there. */
export async function serveRaw(onRequest: (socket: Socket) => void): Promise<string> {
  const server = createNet((socket) => socket.on('data', (data) => void (data.includes('\r\n\r\n') && onRequest(socket))));
  return `http://127.0.0.1:${await listen(server)}/`;
}

/** A port on which nothing listens. */
export async function closedPort(): Promise<number> {
  const server = createNet();
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => void server.close(() => resolve()));
  return port;
}

/** A self-signed certificate for 127.0.0.1 and localhost, made now by openssl. */
export function selfSigned(): { readonly key: string; readonly cert: string } {
  const folder = mkdtempSync(join(tmpdir(), 'seaworthy-tls-'));
  try {
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
    const made = [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-nodes',
      '-days',
      '2',
      '-keyout',
      key,
    ];
    execFileSync('openssl', [...made, '-out', cert, ...subject], { stdio: 'pipe', timeout: 10_000 });
    return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
