import type { Path } from '../model/judgement.ts';
import type { Container } from './container.ts';
import { isObject, type JsonObject, type JsonValue, numberAt, textAt, valueAt } from './json.ts';

export type ProbePurpose = 'readiness' | 'liveness' | 'startup';

/** A probe after API defaulting. Times in seconds. */
export interface Probe {
  readonly purpose: ProbePurpose;
  /** `none`: the API server refuses a probe without a handler. */
  readonly handler: 'httpGet' | 'tcpSocket' | 'grpc' | 'exec' | 'none';
  /** As written: a number or the name of a port of this container. Undefined for exec. */
  readonly writtenPort?: number | string;
  /** The number; undefined for exec and for a name that the container's ports do not have. */
  readonly port?: number;
  readonly urlPath?: string;
  readonly scheme?: string;
  readonly initialDelay: number;
  readonly period: number;
  readonly timeout: number;
  readonly successThreshold: number;
  readonly failureThreshold: number;
  /** Path of the probe inside the workload object. */
  readonly path: Path;
}

const fields = { readiness: 'readinessProbe', liveness: 'livenessProbe', startup: 'startupProbe' } as const;
const handlers = ['httpGet', 'tcpSocket', 'grpc', 'exec'] as const;

/** Reads one probe of a container. Undefined when it has none. Defaults: core/v1 Probe (period 10, timeout 1, success 1, failure 3). */
export function readProbe(container: Container, purpose: ProbePurpose): Probe | undefined {
  const value = valueAt(container.value, fields[purpose]);
  if (!isObject(value)) return undefined;
  const handler = handlers.find((kind) => isObject(value[kind])) ?? 'none';
  const writtenPort = portOf(valueAt(value, handler, 'port'));
  const port = resolve(container, writtenPort);
  return {
    purpose,
    handler,
    ...(writtenPort === undefined ? {} : { writtenPort }),
    ...(port === undefined ? {} : { port }),
    ...(handler === 'httpGet'
      ? { urlPath: textAt(value, 'httpGet', 'path') || '/', scheme: textAt(value, 'httpGet', 'scheme') || 'HTTP' }
      : {}),
    initialDelay: numberAt(value, 'initialDelaySeconds') ?? 0,
    ...timesOf(value),
    path: [...container.path, fields[purpose]],
  };
}

/** Zero is the unset value of these fields, and their defaults are not zero. */
function timesOf(value: JsonObject) {
  return {
    period: numberAt(value, 'periodSeconds') || 10,
    timeout: numberAt(value, 'timeoutSeconds') || 1,
    successThreshold: numberAt(value, 'successThreshold') || 1,
    failureThreshold: numberAt(value, 'failureThreshold') || 3,
  };
}

const portOf = (value: JsonValue | undefined): number | string | undefined =>
  typeof value === 'number' || typeof value === 'string' ? value : undefined;

/** The kubelet looks a name up among the ports of the probed container only, whatever their protocol (pkg/kubelet/util ResolvePort). */
function resolve(container: Container, port: number | string | undefined): number | undefined {
  if (typeof port === 'number' || port === undefined) return port;
  const named = container.ports.find((entry) => entry.name === port)?.number;
  // A number in quotes is tried after the names.
  return named ?? (/^[0-9]{1,5}$/.test(port) ? Number(port) : undefined);
}

/** Two probes ask the same question in the same way: same handler, same address. */
export function asksTheSame(container: Container, a: ProbePurpose, b: ProbePurpose): boolean {
  const handlerOf = (purpose: ProbePurpose) => {
    const probe = readProbe(container, purpose);
    if (probe === undefined || probe.handler === 'none') return undefined;
    const written = valueAt(container.value, fields[purpose], probe.handler);
    // `http` and 8080 may be one port, and a path or scheme left out is the default.
    return JSON.stringify([
      probe.handler,
      probe.port ?? probe.writtenPort ?? null,
      probe.urlPath ?? null,
      probe.scheme ?? null,
      textAt(written, 'host') || null,
      textAt(written, 'service') || null,
      valueAt(written, 'command') ?? null,
      valueAt(written, 'httpHeaders') ?? null,
    ]);
  };
  const first = handlerOf(a);
  return first !== undefined && first === handlerOf(b);
}
