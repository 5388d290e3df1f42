import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Makes the table of fields of the built-in kinds from the models of @kubernetes/client-node (Apache-2.0, generated from the OpenAPI
 * specification of Kubernetes 1.36). Format: kinds `group/version|Kind` -> model; models name -> `field:type,field:type`.
 * Types: s string, n number, b boolean, i IntOrString, d date, a anything, [T] list, {T} map, or the name of a model.
 */
export async function fieldTable(): Promise<string> {
  const gen = join(dirname(fileURLToPath(import.meta.resolve('@kubernetes/client-node'))), 'gen');
  const kinds = readKinds(join(gen, 'apis'));
  const models: Record<string, string> = {};
  const pending = [...new Set(Object.values(kinds))];
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (Object.hasOwn(models, name)) continue;
    const module = (await import(join(gen, 'models', `${name}.js`))) as Record<
      string,
      { attributeTypeMap: { baseName: string; type: string }[] }
    >;
    const fields = module[name]?.attributeTypeMap ?? [];
    const encoded = fields.map(({ baseName, type }) => `${baseName}:${encode(type)}`);
    models[name] = encoded.sort().join(',');
    for (const type of encoded) {
      const model = /\b(V\d\w+|\w+V\d\w+)\b/.exec(type.slice(type.indexOf(':') + 1))?.[1];
      if (model !== undefined) pending.push(model);
    }
  }
  return `${JSON.stringify({ kubernetes: '1.36', kinds: sorted(kinds), models: sorted(models) }, null, 1)}\n`;
}

/** Which model each group, version and kind has: from the create operations of the API classes. */
function readKinds(folder: string): Record<string, string> {
  const kinds: Record<string, string> = {};
  for (const file of readdirSync(folder)) {
    if (!file.endsWith('Api.js')) continue;
    const text = readFileSync(join(folder, file), 'utf8');
    for (const operation of text.split(/\n {4}async (?=create|replace)/).slice(1)) {
      const path =
        /localVarPath = '\/(?:api|apis)\/((?:[\w.-]+\/)?v\d\w*)\/(?:namespaces\/\{namespace\}\/)?[a-z]+(?:\/\{name\})?'/.exec(
          operation,
        )?.[1];
      const model = /ObjectSerializer\.serialize\(body, "(\w+)"/.exec(operation)?.[1];
      if (path === undefined || model === undefined) continue;
      const kind = model.replace(/^(?:[A-Z][a-z]+)*?V\d+(?:(?:alpha|beta)\d+)?/, '');
      kinds[`${path}|${kind}`] = model;
    }
  }
  return kinds;
}

function encode(type: string): string {
  const list = /^Array<(.+)>$/.exec(type) ?? /^Set<(.+)>$/.exec(type);
  if (list?.[1]) return `[${encode(list[1])}]`;
  const map = /^\{ \[key: string\]: (.+); \}$/.exec(type);
  if (map?.[1]) return `{${encode(map[1])}}`;
  const simple: Readonly<Record<string, string>> = {
    string: 's',
    number: 'n',
    boolean: 'b',
    IntOrString: 'i',
    Date: 'd',
    V1MicroTime: 'd',
    any: 'a',
    object: 'a',
  };
  return simple[type] ?? type;
}

const sorted = (record: Record<string, string>) =>
  Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
