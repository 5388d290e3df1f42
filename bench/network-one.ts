import { readFileSync } from 'node:fs';
import { argv, resourceUsage, stdout } from 'node:process';
import { admittedPorts } from '../src/facts/network/admitted-ports.ts';
import { engineOf } from '../src/facts/network/engine/engine.ts';
import { countPairs } from '../src/facts/network/engine/statistics.ts';
import { buildNetwork, type NetworkModel } from '../src/facts/network/network.ts';
import { workloadId } from '../src/facts/network/peers.ts';
import { isEmptyPorts } from '../src/facts/network/ports.ts';
import { isNamespaced } from '../src/kube/gvk.ts';
import { isObject, type JsonValue } from '../src/kube/json.ts';
import { identify, type KubeObject } from '../src/kube/object.ts';
import { readWorkload } from '../src/kube/workload.ts';
import { groupOf } from '../src/model/object-ref.ts';

/** Analyses one file of objects (one JSON text a line) and prints what it took as JSON. `brute`: also pair by pair. */
const [, , path = '', mode] = argv;
const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
const started = performance.now();
const values = lines.map((line) => JSON.parse(line) as JsonValue);
const parsed = performance.now();
const network = modelOf(values);
const modelled = performance.now();
const engine = engineOf(network);
const built = performance.now();
const counts = countPairs(engine);
const counted = performance.now();
const peak = resourceUsage().maxRSS / 1024;
const brute = mode === 'brute' ? byPair(network) : undefined;
stdout.write(
  JSON.stringify({
    pods: network.endpoints.length,
    policies: network.policies.length,
    classes: engine.classes.pods.length,
    rows: engine.egress.rows.length + engine.ingress.rows.length,
    counts,
    parse: (parsed - started) / 1000,
    model: (modelled - parsed) / 1000,
    engine: (built - modelled) / 1000,
    count: (counted - built) / 1000,
    peak,
    ...brute,
  }),
);

function modelOf(all: readonly JsonValue[]): NetworkModel {
  const objects = all.flatMap((value, index): readonly KubeObject[] => {
    const identity = isObject(value) ? identify(value, isNamespaced, 'default') : undefined;
    if (!isObject(value) || identity?.ok !== true) return [];
    const source = {
      slot: 'bench',
      file: path,
      document: index,
      path: [],
      rendered: false,
      live: true,
      environment: 'production',
      role: 'system',
    } as const;
    return [{ ref: identity.ref, group: groupOf(identity.ref.apiVersion), value, source, masks: {} }];
  });
  const workloads = objects.flatMap((object) => readWorkload(object) ?? []);
  return buildNetwork({
    objects,
    workloads,
    underReview: new Set(workloads.map(workloadId)),
    reviewed: [],
    provided: [],
    profile: {},
    completeness: () => ({ complete: true }),
    unexpanded: [],
  });
}

/** The evaluator that explains its answers, for every pair: what the engine is there to avoid. */
function byPair(model: NetworkModel): { readonly brute: number; readonly same: boolean } {
  const begun = performance.now();
  let allowed = 0;
  let depends = 0;
  for (const from of model.endpoints)
    for (const to of model.endpoints) {
      if (from === to) continue;
      const ports = admittedPorts(model, from, to);
      if (!isEmptyPorts(ports.allowed)) allowed++;
      else if (!isEmptyPorts(ports.depends)) depends++;
    }
  const same = allowed === counts.allowed && depends === counts.depends;
  return { brute: (performance.now() - begun) / 1000, same };
}
