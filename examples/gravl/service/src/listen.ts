import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { SetupError } from './setup-error.ts';

/** Where to listen, and the variable that says so. */
export interface Listening {
  readonly host: string;
  readonly port: number;
  readonly what: string;
  readonly variable: string;
}

/** The port that the server got. */
export async function listen(server: Server | FastifyInstance, at: Listening): Promise<number> {
  try {
    if ('listen' in server && 'ready' in server) {
      await server.listen({ host: at.host, port: at.port });
      return (server.server.address() as AddressInfo).port;
    }
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(at.port, at.host, () => resolve());
    });
    return (server.address() as AddressInfo).port;
  } catch (error) {
    throw explained(error as NodeJS.ErrnoException, at);
  }
}

/** Finds out early, before the slow part of a start. */
export async function requireFree(at: Listening): Promise<void> {
  const probe = createServer();
  await listen(probe, at);
  await new Promise((resolve) => probe.close(resolve));
}

function explained(error: NodeJS.ErrnoException, { port, what, variable, host }: Listening): Error {
  if (error.code === 'EADDRINUSE') {
    return new SetupError(
      `Port ${port} for the ${what} is taken. Choose another: ${variable}=${port < 60_000 ? port + 100 : port - 100}`,
    );
  }
  if (error.code === 'EACCES')
    return new SetupError(`Port ${port} for the ${what} needs more rights. Choose one above 1023 in ${variable}.`);
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND')
    return new SetupError(`This machine has no address ${host}; see HOST.`);
  return error;
}
