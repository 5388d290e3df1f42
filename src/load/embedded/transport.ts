import { subscribe } from 'node:diagnostics_channel';
import { connect as connectPlain, isIP, type Socket } from 'node:net';
import { connect as connectTls, createSecureContext, getCACertificates, type SecureContext } from 'node:tls';
import { buildConnector, Client, Pool, type Dispatcher } from 'undici';
import { watchErrors } from './connections.ts';
import type { WorkerTask } from './messages.ts';

export interface Transport {
  readonly pool: Pool;
  /** Sends one exchange on a connection of its own, which ends with it: for what is sent again. */
  sendFresh(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): void;
  close(): Promise<void>;
}

/** Streams of one HTTP/2 connection: what servers allow at least (RFC 9113, 6.5.2). More would wait on the client. */
const streams = 100;

/**
 * Opens nothing yet. Time limits of undici are off, since an exchange has one of its own that runs from its intended start; the one of
 * connecting stays, so that an address that never answers gives its place back.
 */
export function openTransport(task: Pick<WorkerTask, 'target' | 'scenario' | 'ca' | 'connections'>): Transport {
  const { protocol, tls, timeoutMs } = task.scenario;
  const origin = new URL(task.target).origin;
  const secure = task.ca === undefined ? undefined : createSecureContext({ ca: [...getCACertificates('default'), task.ca] });
  // Said outright: NODE_TLS_REJECT_UNAUTHORIZED must not decide.
  const security = { rejectUnauthorized: tls.verify, ...(secure === undefined ? {} : { secureContext: secure }) };
  const h2 = protocol === 'h2';
  const options = {
    pipelining: h2 ? streams : 1,
    allowH2: h2,
    connect: watched(h2 ? http2Connector(security, timeoutMs) : buildConnector({ ...security, timeout: timeoutMs })),
    headersTimeout: 0,
    bodyTimeout: 0,
  };
  const pool = new Pool(origin, { ...options, connections: task.connections });
  return {
    pool,
    sendFresh: (sent, handler) => {
      const client = new Client(origin, options);
      client.dispatch(sent, handler);
      // Closing lets what was dispatched end first.
      void client.close();
    },
    close: () => pool.destroy(),
  };
}

const watched =
  (connect: buildConnector.connector): buildConnector.connector =>
  (options, callback) =>
    connect(options, (...result) => {
      // After an error there is none, and undici does not even say null.
      const socket: Socket | null | undefined = result[1];
      if (socket !== null && socket !== undefined) watchErrors(socket);
      callback(...result);
    });

interface Security {
  readonly rejectUnauthorized: boolean;
  readonly secureContext?: SecureContext;
}

/** Offers HTTP/2 alone. A server that answered HTTP/1.1 would get its requests down one line, each waiting for the one before. */
function http2Connector(security: Security, timeoutMs: number): buildConnector.connector {
  return ({ hostname, protocol, port, servername }, callback) => {
    const secure = protocol === 'https:';
    const socket: Socket & { alpnProtocol?: string | false | null } = secure
      ? connectTls({
          ...security,
          host: hostname,
          port: Number(port || 443),
          ALPNProtocols: ['h2'],
          ...(isIP(hostname) === 0 ? { servername: servername ?? hostname } : {}),
        })
      : connectPlain({ host: hostname, port: Number(port || 80) });
    // Without TLS there is nothing to negotiate: the scenario says that the server speaks it.
    if (!secure) socket.alpnProtocol = 'h2';
    let told = false;
    const tell = (error: Error | null) => {
      if (told) return;
      told = true;
      clearTimeout(timer);
      if (error === null) callback(null, socket);
      else {
        socket.on('error', () => {});
        socket.destroy();
        callback(error, null);
      }
    };
    const timer = setTimeout(() => tell(failure('UND_ERR_CONNECT_TIMEOUT')), timeoutMs);
    socket.setNoDelay(true);
    socket.once(secure ? 'secureConnect' : 'connect', () =>
      tell(socket.alpnProtocol === 'h2' ? null : failure('SEAWORTHY_NO_H2')),
    );
    socket.once('error', tell);
  };
}

const failure = (code: string) => Object.assign(new Error(code), { code });

/**
 * Tells on which socket an exchange is written. undici hands it to nobody but its diagnostics channel, which speaks right after
 * `onRequestStart` of the same exchange; so whoever was named last is meant.
 */
export function watchSockets(): (next: { sentOn(socket: Socket): void }) => void {
  let current: { sentOn(socket: Socket): void } | undefined;
  subscribe('undici:client:sendHeaders', (message) => {
    current?.sentOn((message as { socket: Socket }).socket);
    current = undefined;
  });
  return (next) => {
    current = next;
  };
}
