import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CORE_SCHEMA, load, mergeTag } from 'js-yaml';
import { expect, test } from 'vitest';
import type { Profile } from '../../src/facts/network/assumptions.ts';
import { type Endpoint, externalEndpoint } from '../../src/facts/network/peers.ts';
import type { Protocol } from '../../src/facts/network/ports.ts';
import { reaches } from '../../src/facts/network/reach.ts';
import { parseRange } from '../../src/kube/address.ts';
import type { JsonObject, JsonValue } from '../../src/kube/json.ts';
import { namespaceObject, networkFrom, policy } from './arbitrary.ts';

type Verb = 'allow' | 'deny' | 'open';
type Step = Readonly<Record<string, unknown>> & {
  readonly policies: Readonly<Record<string, JsonValue>>;
  /** Labels that a namespace or Pod has beside its own. */
  readonly labels?: Readonly<Record<string, JsonObject>>;
  readonly addresses?: readonly string[];
};
interface Situation {
  readonly situation: string;
  readonly profile?: Profile;
  readonly steps: readonly Step[];
}

const situations = load(readFileSync(join(import.meta.dirname, 'kubernetes-e2e.yaml'), 'utf8'), {
  schema: CORE_SCHEMA.withTags(mergeTag),
}) as readonly Situation[];

const places = ['x', 'y', 'z'];
const pods = places.flatMap((place) => ['a', 'b', 'c'].map((name) => `${place}/${name}`));
const ports = [80, 81].flatMap((containerPort) =>
  ['TCP', 'UDP', 'SCTP'].map((protocol) => ({
    name: `serve-${containerPort}-${protocol.toLowerCase()}`,
    containerPort,
    protocol,
  })),
);

function objectsOf({ policies, labels = {} }: Step): readonly JsonObject[] {
  const split = (id: string) => id.split('/') as [string, string];
  return [
    ...places.map((name) => namespaceObject(name, labels[name])),
    ...pods.map((id) => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: split(id)[1], namespace: split(id)[0], labels: { pod: split(id)[1], ...labels[id] } },
      spec: { containers: [{ name: 'serve', image: 'agnhost', ports }] },
    })),
    ...Object.entries(policies).map(([id, spec]) => policy(split(id)[1], split(id)[0], spec)),
  ];
}

const answers = { allow: 'allowed', deny: 'denied', open: 'depends' } as const satisfies Record<Verb, string>;

/** Lines such as `deny * -> x/*`, over all ordered pairs, of which none is a Pod with itself. */
function expected(ends: readonly string[], lines: readonly string[]): Record<string, string> {
  const cells = new Map<string, string>();
  const matches = (pattern: string, end: string) =>
    pattern === '*' || pattern === end || (pattern.endsWith('/*') && end.startsWith(pattern.slice(0, -1)));
  for (const from of ends)
    for (const to of ends) if (from !== to && (from.includes('/') || to.includes('/'))) cells.set(`${from} -> ${to}`, 'allowed');
  for (const line of lines) {
    const parts = /^(allow|deny|open) (\S+) -> (\S+)$/.exec(line);
    if (!parts) throw new Error(`not a line: ${line}`);
    const [, verb = '', source = '', destination = ''] = parts;
    let found = 0;
    for (const cell of cells.keys()) {
      const [from = '', to = ''] = cell.split(' -> ');
      if (!matches(source, from) || !matches(destination, to)) continue;
      cells.set(cell, answers[verb as Verb]);
      found += 1;
    }
    if (found === 0) throw new Error(`a line that means nobody: ${line}`);
  }
  return Object.fromEntries(cells);
}

const rows = situations.flatMap(({ situation, profile = {}, steps }) =>
  steps.flatMap((step, index) =>
    Object.entries(step)
      .filter(([key]) => /^(TCP|UDP|SCTP) /.test(key))
      .map(([port, lines]) => ({
        name: `${situation}, step ${index + 1}, ${port}`,
        profile,
        step,
        port,
        lines: lines as string[],
      })),
  ),
);

test('all of the situations are there', () => {
  expect(situations.length).toBe(50);
  expect(new Set(situations.map(({ situation }) => situation)).size).toBe(50);
});

test.each(rows)('$name', ({ profile, step, port, lines }) => {
  const network = networkFrom(objectsOf(step), profile);
  const ends = [...pods, ...(step.addresses ?? [])];
  const endOf = (end: string): Endpoint => {
    const range = parseRange(end);
    const found = range ? externalEndpoint(range) : network.byId.get(end.replace('/', '/Pod/'));
    if (found === undefined) throw new Error(`no ${end}`);
    return found;
  };
  const [protocol, number] = port.split(' ') as [Protocol, string];
  const wanted = expected(ends, lines);
  const found = Object.keys(wanted).map((cell) => {
    const [from = '', to = ''] = cell.split(' -> ');
    return [cell, reaches(network, endOf(from), endOf(to), { protocol, port: Number(number) }).answer];
  });
  expect(Object.fromEntries(found)).toEqual(wanted);
});
