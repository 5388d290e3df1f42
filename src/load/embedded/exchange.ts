import type { Socket } from 'node:net';
import type { Dispatcher } from 'undici';
import { brokeAfterUse, isUsed, markUsed } from './connections.ts';
import { codeOf, failureName, isSentAway } from './failures.ts';
import type { Prepared } from './requests.ts';

/** What an exchange needs of the worker that it belongs to. */
export interface ExchangeOwner {
  now(): number;
  /** Is told each exchange that is about to be written, and tells it the socket. */
  watchSocket(exchange: Exchange): void;
  sendAgain(exchange: Exchange): void;
  /** Once for each exchange. `error`: a name of `failures.ts`, where no whole answer came. */
  ended(exchange: Exchange, end: { readonly at: number; readonly error?: string }): void;
}

/** One planned start and what became of it. Hands itself to undici as the handler, so that a start costs few objects. */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly owner: ExchangeOwner;
  readonly request: Prepared;
  /** Number of the start, and its moments on the shared clock. */
  readonly start: number;
  readonly intendedAt: number;
  /** When it went on the wire. Absent while it waits for a connection. */
  writtenAt: number | undefined;
  status = 0;
  retried = false;
  over = false;
  #controller: Dispatcher.DispatchController | undefined;
  #socket: Socket | undefined;
  #bytesBefore = 0;
  #reused = false;

  constructor(owner: ExchangeOwner, request: Prepared, start: number, intendedAt: number) {
    this.owner = owner;
    this.request = request;
    this.start = start;
    this.intendedAt = intendedAt;
  }

  /** The answer did not come in time: it ends here, and nothing that comes later counts. */
  expire(at: number): void {
    if (this.over) return;
    const controller = this.#controller;
    this.#end({ at, error: 'timeout' });
    controller?.abort(expired);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // It ran out of time in the queue. Thrown here it is never sent; aborted, it would take the connection with it.
    if (this.over) throw expired;
    this.#controller = controller;
    this.writtenAt = this.owner.now();
    this.owner.watchSocket(this);
  }

  sentOn(socket: Socket): void {
    this.#reused = isUsed(socket);
    markUsed(socket);
    this.#socket = socket;
    this.#bytesBefore = socket.bytesRead;
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number): void {
    // 1xx are announcements; the answer follows.
    if (status >= 200) this.status = status;
  }

  onResponseEnd(): void {
    if (!this.over) this.#end({ at: this.owner.now() });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (this.over) return;
    if (this.#lostTheRace(error)) {
      this.retried = true;
      this.status = 0;
      this.#socket = undefined;
      this.#controller = undefined;
      this.owner.sendAgain(this);
      return;
    }
    this.#end({ at: this.owner.now(), error: failureName(error) });
  }

  /**
   * The server closed an idle connection while the request was on its way (RFC 9112, 9.3.1 lets a client send it again). Only on a
   * connection that had served before, before any byte of an answer, and once: a server that ends every connection is still seen. What was
   * not written yet, because the connection broke just before, may be sent whatever its method is.
   */
  #lostTheRace(error: Error): boolean {
    if (this.retried || !closingCodes.has(codeOf(error) ?? '')) return false;
    if (isSentAway(error)) return this.request.repeatable;
    if (this.#socket === undefined) return this.writtenAt === undefined && brokeAfterUse(error);
    const isSilent = this.status === 0 && (this.#socket.bytesRead === this.#bytesBefore || isHttp2(this.#socket));
    return this.request.repeatable && this.#reused && isSilent;
  }

  #end(end: { readonly at: number; readonly error?: string }): void {
    this.over = true;
    // It stays in the list of open ones until older ones have ended, and must not keep the connection's objects alive.
    this.#socket = undefined;
    this.#controller = undefined;
    this.owner.ended(this, end);
  }
}

const closingCodes: ReadonlySet<string> = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE']);
const expired = new Error('expired');

/** Bytes on a connection of many streams say nothing about one of them. */
const isHttp2 = (socket: Socket): boolean => (socket as { alpnProtocol?: unknown }).alpnProtocol === 'h2';
