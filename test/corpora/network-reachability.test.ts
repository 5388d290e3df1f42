import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { type AddressRange, everyAddress, formatRange, overlaps, parseAddress, splitRange } from '../../src/kube/address.ts';
import { entryFlows } from '../../src/facts/network/entry-flows.ts';
import { presentedOf } from '../../src/facts/network/presented.ts';
import { networkRows, parseExternalId, parsePorts } from '../../src/facts/network/rows.ts';
import { buildNetwork, type NetworkModel } from '../../src/facts/network/network.ts';
import { unseenEndpoint, workloadId } from '../../src/facts/network/peers.ts';
import {
  allPorts,
  formatPorts,
  isEmptyPorts,
  noPorts,
  normalRanges,
  type PortSet,
  portSet,
  type Protocol,
  unitePorts,
} from '../../src/facts/network/ports.ts';
import { reaches } from '../../src/facts/network/reach.ts';
import { readTierPolicy } from '../../src/kube/admin-network-policy.ts';
import { isNamespaced } from '../../src/kube/gvk.ts';
import { isObject, type JsonObject, type JsonValue, listAt, textAt } from '../../src/kube/json.ts';
import { identify, type KubeObject } from '../../src/kube/object.ts';
import { hasEnded, readWorkload } from '../../src/kube/workload.ts';
import { parseText } from '../../src/kube/yaml/parse.ts';
import { groupOf } from '../../src/model/object-ref.ts';

/** A collection of clusters with the flows that another analyser found in them; beside the checkout where it is present at all. */
const corpus = join(import.meta.dirname, '../../../shared/corpora/network-reachability');
const cases = existsSync(corpus)
  ? readdirSync(corpus)
      .filter((name) => existsSync(join(corpus, name, 'expected.txt')))
      .sort()
  : [];

/** Cases that differ on purpose, each with the reason. */
const divergences: Readonly<Record<string, string>> = {
  minikube_resources: 'Pods of two Jobs have succeeded: their addresses are free again, so they are no endpoints here',
  // 1.7.49: both selectors are required inside `pods` (apis/v1alpha1 NamespacedPod), so that the API server refuses the policies.
  anp_demo: 'Peers of its AdminNetworkPolicies lack the podSelector, and it is not known whether they are in force',
};

/** The same cases without what the API server refuses: then the answers agree. */
const mended: Readonly<Record<string, (value: JsonValue) => JsonValue>> = {
  anp_demo: (value) => withPodSelectors(value),
};

/** Every `pods` peer that lacks a podSelector gets the empty one, as the other analyser reads it. */
function withPodSelectors(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return (value as readonly JsonValue[]).map(withPodSelectors);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      key === 'pods' && isObject(item) ? { podSelector: {}, ...item } : withPodSelectors(item),
    ]),
  );
}

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => /\.(ya?ml|json)$/.test(path) && statSync(path).isFile())
    .sort();
}

/** Objects of lists; items of a typed list such as PodList carry no kind of their own. */
function* unwrap(value: JsonValue): Generator<JsonValue> {
  if (!isObject(value)) return;
  const kind = textAt(value, 'kind') ?? '';
  if (!kind.endsWith('List')) yield value;
  else
    for (const item of listAt(value, 'items')) {
      const typed = kind !== 'List' && isObject(item) && item['kind'] === undefined;
      yield* unwrap(typed ? { ...item, apiVersion: value['apiVersion'] ?? null, kind: kind.slice(0, -4) } : item);
    }
}

function objectsOf(name: string): readonly KubeObject[] {
  return filesIn(join(corpus, name, 'input')).flatMap((file) =>
    parseText(readFileSync(file, 'utf8')).documents.flatMap((document) =>
      [...unwrap(document.value)].flatMap((value): readonly KubeObject[] => {
        if (!isObject(value)) return [];
        const identity = identify(value, isNamespaced, 'default');
        if (!identity.ok) return [];
        const source = {
          slot: name,
          file,
          document: document.index,
          path: [],
          rendered: false,
          live: false,
          environment: 'production',
          role: 'system',
        } as const;
        return [{ ref: identity.ref, group: groupOf(identity.ref.apiVersion), value, source, masks: {} }];
      }),
    ),
  );
}

function networkOf(objects: readonly KubeObject[]): NetworkModel {
  const known = new Set(objects.map(({ ref }) => `${ref.kind}/${ref.namespace}/${ref.name}`));
  const workloads = objects
    .flatMap((object) => (hasEnded(object) ? [] : (readWorkload(object) ?? [])))
    .filter(({ controller, namespace }) => controller === undefined || !known.has(controller.replace('/', `/${namespace}/`)));
  return buildNetwork({
    objects,
    workloads,
    underReview: new Set(workloads.map(workloadId)),
    reviewed: [...new Set(workloads.map(({ namespace }) => namespace))],
    provided: [],
    // How the other analyser settles what Kubernetes leaves open.
    profile: { 'ipblock-matches-pods': 'no', 'host-network': 'yes', 'namespace-labels-assumed': 'yes' },
    completeness: () => ({ complete: true }),
    unexpanded: [],
  });
}

type Flows = Map<string, PortSet>;
const add = (flows: Flows, key: string, ports: PortSet) => {
  if (!isEmptyPorts(ports)) flows.set(key, unitePorts(flows.get(key) ?? noPorts, ports));
};

/** `namespace/Kind/name` as the other analyser writes it; ranges of addresses as they are. */
function theirName(id: string): string {
  const match = /^([^/]+)\/([A-Z][^/]*)\/(.+)$/.exec(id);
  return match ? `${match[1]}/${match[3]}[${match[2]}]` : id;
}

/** The rows that the program prints, with its ranges of IPv4 addresses cut into these parts. */
function computed(network: NetworkModel, atoms: readonly AddressRange[]): Flows {
  const flows: Flows = new Map();
  const parts = (id: string) => {
    const range = parseExternalId(id);
    return range ? atoms.filter((atom) => overlaps(atom, range)).map(formatRange) : [theirName(id)];
  };
  for (const { source, destination, protocol, ports, verdict, assumptions } of networkRows(network)) {
    // Replicas of one workload are not compared with each other there, and a controller is asked about below.
    if (source === destination || source.startsWith('{')) continue;
    const suffix = verdict === 'depends' ? ` depends on ${assumptions.join(', ')}` : '';
    for (const from of parts(source))
      for (const to of parts(destination)) add(flows, `${from} => ${to}${suffix}`, { ...noPorts, [protocol]: parsePorts(ports) });
  }
  const controller = unseenEndpoint(network.namespace('ingress-controller-ns'), 'ingress-controller');
  for (const { to, protocol, port } of entryFlows(network)) {
    if (reaches(network, controller, to, { protocol, port }).answer === 'allowed')
      add(flows, `{ingress-controller} => ${theirName(presentedOf(network).idOf(to.id))}`, portSet(protocol, port));
  }
  return flows;
}

interface Line {
  readonly from: string;
  readonly to: string;
  readonly ports: PortSet;
}

function readExpected(name: string): readonly Line[] {
  return readFileSync(join(corpus, name, 'expected.txt'), 'utf8')
    .split('\n')
    .flatMap((line) => {
      const match = /^(.+) => (.+) : (.+)$/.exec(line.trim());
      return match ? [{ from: match[1] ?? '', to: match[2] ?? '', ports: readPorts(match[3] ?? '') }] : [];
    });
}

/** `All Connections`, `TCP 80,443-445,UDP 53`. */
function readPorts(text: string): PortSet {
  if (text === 'All Connections') return allPorts;
  let ports = noPorts;
  let protocol: Protocol = 'TCP';
  for (const part of text.split(',')) {
    const match = /^(?:(TCP|UDP|SCTP) )?(\d+)(?:-(\d+))?$/.exec(part.trim());
    if (!match) continue;
    protocol = (match[1] as Protocol | undefined) ?? protocol;
    const first = Number(match[2]);
    ports = unitePorts(ports, { ...noPorts, [protocol]: normalRanges([{ first, last: Number(match[3] ?? first) }]) });
  }
  return ports;
}

function readRange(text: string): AddressRange | undefined {
  const match = /^([\d.]+)(?:-([\d.]+))?\[External\]$/.exec(text);
  const first = match && parseAddress(match[1] ?? '');
  const last = match && parseAddress(match[2] ?? match[1] ?? '');
  return first && last ? { family: 4, first: first.value, last: last.value } : undefined;
}

/** The expected flows, with ranges of addresses cut into the same parts as ours. */
function refine(lines: readonly Line[], atoms: readonly AddressRange[]): Flows {
  const flows: Flows = new Map();
  const parts = (text: string) => {
    const range = readRange(text);
    return range ? atoms.filter((atom) => overlaps(atom, range)).map(formatRange) : [text];
  };
  for (const { from, to, ports } of lines)
    for (const source of parts(from)) for (const destination of parts(to)) add(flows, `${source} => ${destination}`, ports);
  return flows;
}

const show = (flows: Flows) => [...flows].map(([key, ports]) => `${key} : ${formatPorts(ports)}`).sort();

interface Comparison {
  readonly same: number;
  readonly more: readonly string[];
  readonly less: readonly string[];
}

function compare(name: string, mend: (value: JsonValue) => JsonValue = (value) => value): Comparison {
  const objects = objectsOf(name).map((object) => ({ ...object, value: mend(object.value) as JsonObject }));
  const network = networkOf(objects);
  const lines = readExpected(name);
  const cuts = [
    ...network.blocks,
    ...lines.flatMap(({ from, to }) => [readRange(from), readRange(to)]).flatMap((range) => range ?? []),
  ];
  const atoms = splitRange(everyAddress[4], cuts);
  const [ours, theirs] = [show(computed(network, atoms)), show(refine(lines, atoms))];
  const [own, other] = [new Set(ours), new Set(theirs)];
  return {
    same: ours.filter((line) => other.has(line)).length,
    more: ours.filter((line) => !other.has(line)),
    less: theirs.filter((line) => !own.has(line)),
  };
}

if (cases.length === 0) describe.skip('network reachability corpus: not beside this checkout', () => test('absent', () => {}));

describe.skipIf(cases.length === 0)('network reachability corpus', () => {
  test('agreement', () => {
    const tiered = cases.filter((name) => objectsOf(name).some((object) => readTierPolicy(object) !== undefined));
    expect({ compared: cases.length, tiers: tiered.length, divergent: Object.keys(divergences) }).toEqual({
      compared: 41,
      tiers: 8,
      divergent: ['minikube_resources', 'anp_demo'],
    });
  });

  const agreement: string[] = [];

  test.each(cases)('%s', (name) => {
    const { same, more, less } = compare(name);
    const verdict = more.length + less.length === 0 ? 'agrees' : (divergences[name] ?? 'DIFFERS');
    agreement.push(`| ${name} | ${same} | ${more.length} | ${less.length} | ${verdict} |`);
    const difference = { more: more.slice(0, 20), less: less.slice(0, 20) };
    if (Object.hasOwn(divergences, name)) expect(difference).not.toEqual({ more: [], less: [] });
    else expect(difference).toEqual({ more: [], less: [] });
  });

  test.each(Object.entries(mended))('%s, mended', (name, mend) => {
    expect(compare(name, mend)).toMatchObject({ more: [], less: [] });
  });

  afterAll(() => {
    console.log(['| case | same | too many | too few | |', '| --- | --- | --- | --- | --- |', ...agreement].join('\n'));
  });
});
