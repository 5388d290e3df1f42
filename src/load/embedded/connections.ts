import type { Socket } from 'node:net';

const used = new WeakSet<Socket>();
const broken = new WeakSet<Error>();

/** Whether an exchange was written on a connection before. */
export const isUsed = (socket: Socket): boolean => used.has(socket);

export const markUsed = (socket: Socket): void => void used.add(socket);

/** Remembers the error of a connection that had served. undici gives it to an exchange that waited for it and was not written yet. */
export function watchErrors(socket: Socket): void {
  socket.prependListener('error', (error: Error) => {
    if (used.has(socket)) broken.add(error);
  });
}

export const brokeAfterUse = (error: Error): boolean => broken.has(error);
