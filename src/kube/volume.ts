import type { Path } from '../model/judgement.ts';
import { booleanAt, isObject, type JsonObject, listAt, objectAt, textAt } from './json.ts';

/** One volume of a Pod, or one source of a projected volume. */
export interface Volume {
  readonly name: string;
  /** Path of the volume, or of the projected source, inside the workload object. */
  readonly path: Path;
  /** The field that says what it is: `secret`, `configMap`, `emptyDir`, `persistentVolumeClaim`, `serviceAccountToken`, ... */
  readonly type: string;
  readonly source: JsonObject;
  /** A source of a projected volume. */
  readonly projected: boolean;
  readonly secret?: string;
  readonly configMap?: string;
  readonly claim?: string;
  /** Keys that `items` picks; absent: all keys. */
  readonly keys?: readonly string[];
  /** Whether the Pod starts without the Secret or ConfigMap. */
  readonly optional: boolean;
}

/** Reads `spec.volumes`. A projected volume becomes one entry a source. */
export function readVolumes(podSpec: JsonObject, podPath: Path): readonly Volume[] {
  return listAt(podSpec, 'volumes').flatMap((value, index): readonly Volume[] => {
    if (!isObject(value)) return [];
    const path = [...podPath, 'volumes', index];
    const name = textAt(value, 'name') ?? '';
    const type = volumeType(value);
    const source = objectAt(value, type);
    const sources = listAt(source, 'sources');
    if (type !== 'projected' || sources.length === 0) return [volumeOf(name, path, type, source, false)];
    return sources.flatMap((item, at) => {
      if (!isObject(item)) return [];
      const part = volumeType(item);
      return [volumeOf(name, [...path, 'projected', 'sources', at], part, objectAt(item, part), true)];
    });
  });
}

/** The field that names the volume's type. A volume without one is an emptyDir (API defaulting). */
export function volumeType(volume: JsonObject): string {
  return Object.keys(volume).find((key) => key !== 'name' && isObject(volume[key])) ?? 'emptyDir';
}

function volumeOf(name: string, path: Path, type: string, source: JsonObject, projected: boolean): Volume {
  const secret = type === 'secret' ? textAt(source, projected ? 'name' : 'secretName') : undefined;
  const configMap = type === 'configMap' ? textAt(source, 'name') : undefined;
  const claim = type === 'persistentVolumeClaim' ? textAt(source, 'claimName') : undefined;
  const items = listAt(source, 'items').flatMap((item) => textAt(item, 'key') ?? []);
  return {
    name,
    path,
    type,
    source,
    projected,
    ...(secret ? { secret } : {}),
    ...(configMap ? { configMap } : {}),
    ...(claim ? { claim } : {}),
    ...(items.length > 0 && (secret || configMap) ? { keys: items } : {}),
    optional: booleanAt(source, 'optional') === true,
  };
}
