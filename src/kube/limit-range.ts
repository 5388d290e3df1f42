import type { ObjectRef } from '../model/object-ref.ts';
import type { Container } from './container.ts';
import { isObject, type JsonObject, type JsonValue, listAt, objectAt, textAt, valueAt } from './json.ts';
import { isKind, type KubeObject } from './object.ts';
import { parseQuantity } from './quantity.ts';

export const computeResources = ['cpu', 'memory', 'ephemeral-storage'] as const;
export type ComputeResource = (typeof computeResources)[number];

/** A written quantity and its amount in cores or bytes. */
export interface Quantity {
  readonly text: string;
  readonly amount: number;
}

type Quantities = ReadonlyMap<string, Quantity>;

/** One entry of a LimitRange after API defaulting. */
export interface LimitRangeItem {
  /** Container, Pod or PersistentVolumeClaim. */
  readonly type: string;
  readonly max: Quantities;
  readonly min: Quantities;
  /** Limit of containers that set none. */
  readonly defaultLimit: Quantities;
  readonly defaultRequest: Quantities;
}

export interface LimitRange {
  readonly ref: ObjectRef;
  readonly object: KubeObject;
  readonly namespace: string;
  readonly items: readonly LimitRangeItem[];
}

/** Reads a core/v1 LimitRange. Undefined for other kinds. */
export function readLimitRange(object: KubeObject): LimitRange | undefined {
  if (!isKind(object, '', 'LimitRange')) return undefined;
  const items = listAt(object.value, 'spec', 'limits').flatMap((item) => (isObject(item) ? [readItem(item)] : []));
  return { ref: object.ref, object, namespace: object.ref.namespace ?? 'default', items };
}

/**
 * Defaulting of kubernetes pkg/apis/core/v1 SetDefaults_LimitRangeItem, for containers only: the default limit is max where none is
 * given, the default request is the default limit, else min.
 */
function readItem(item: JsonObject): LimitRangeItem {
  const type = textAt(item, 'type') ?? '';
  const max = quantities(valueAt(item, 'max'));
  const min = quantities(valueAt(item, 'min'));
  const limit = quantities(valueAt(item, 'default'));
  const request = quantities(valueAt(item, 'defaultRequest'));
  if (type !== 'Container') return { type, max, min, defaultLimit: limit, defaultRequest: request };
  const defaultLimit = new Map([...max, ...limit]);
  return { type, max, min, defaultLimit, defaultRequest: new Map([...min, ...defaultLimit, ...request]) };
}

function quantities(value: JsonValue | undefined): Quantities {
  const read = new Map<string, Quantity>();
  for (const [name, written] of Object.entries(objectAt(value))) {
    const quantity = readQuantity(written);
    if (quantity !== undefined) read.set(name, quantity);
  }
  return read;
}

function readQuantity(written: JsonValue | undefined): Quantity | undefined {
  const amount = parseQuantity(written);
  return amount === undefined ? undefined : { text: typeof written === 'string' ? written : String(amount), amount };
}

/** A request or limit that takes effect, and who set it. */
export interface EffectiveQuantity extends Quantity {
  readonly from: 'container' | 'pod' | 'limit-range';
}

export type ResourceSettings = { readonly [R in ComputeResource]?: EffectiveQuantity };

/**
 * Requests and limits of a container once the API server has admitted it. In order: the container's own; a limit without a request
 * becomes the request; Pod-level `spec.resources` (CPU and memory, beta in 1.34); the namespace's LimitRanges, the first that has
 * a default (with several the API leaves open which one wins). A quantity of 0 means none and keeps defaults away, as in the API.
 */
export function effectiveResources(
  container: Container,
  limitRanges: readonly LimitRange[],
): { readonly requests: ResourceSettings; readonly limits: ResourceSettings } {
  const requests: { [R in ComputeResource]?: EffectiveQuantity } = {};
  const limits: { [R in ComputeResource]?: EffectiveQuantity } = {};
  for (const resource of computeResources) {
    const own = settingsOf(objectAt(container.value, 'resources'), resource, 'container');
    const pod = resource === 'ephemeral-storage' ? {} : settingsOf(objectAt(container.podSpec, 'resources'), resource, 'pod');
    const limit = own.limit ?? pod.limit ?? defaultFrom(limitRanges, 'defaultLimit', resource);
    const request = own.request ?? own.limit ?? pod.request ?? pod.limit ?? defaultFrom(limitRanges, 'defaultRequest', resource);
    if (limit !== undefined && limit.amount > 0) limits[resource] = limit;
    if (request !== undefined && request.amount > 0) requests[resource] = request;
  }
  return { requests, limits };
}

function settingsOf(
  resources: JsonObject,
  resource: ComputeResource,
  from: EffectiveQuantity['from'],
): { readonly limit?: EffectiveQuantity; readonly request?: EffectiveQuantity } {
  const limit = readQuantity(valueAt(resources, 'limits', resource));
  const request = readQuantity(valueAt(resources, 'requests', resource));
  return { ...(limit ? { limit: { ...limit, from } } : {}), ...(request ? { request: { ...request, from } } : {}) };
}

function defaultFrom(
  limitRanges: readonly LimitRange[],
  kind: 'defaultLimit' | 'defaultRequest',
  resource: ComputeResource,
): EffectiveQuantity | undefined {
  for (const { items } of limitRanges) {
    for (const item of items) {
      const found = item.type === 'Container' ? item[kind].get(resource) : undefined;
      if (found !== undefined) return { ...found, from: 'limit-range' };
    }
  }
  return undefined;
}
