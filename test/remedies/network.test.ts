import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { say } from '../../src/checks/define-check.ts';
import { dnsEgress } from '../../src/checks/network/dns-egress.ts';
import { createFacts } from '../../src/facts/fact.ts';
import { dnsAccess } from '../../src/facts/network/dns.ts';
import { intendedFlows } from '../../src/facts/network/intended.ts';
import { defaultDeny } from '../../src/facts/network/isolation.ts';
import { network, withObjects } from '../../src/facts/network/network.ts';
import { denyIngressManifests, dnsEgressManifests } from '../../src/facts/network/remedy-manifests.ts';
import type { JsonObject } from '../../src/kube/json.ts';
import { manifestsOf } from '../../src/review/manifests.ts';
import { asOf, gravlBundle } from '../gravl.ts';

const facts = createFacts(await gravlBundle('staging'));
const staging = facts(network).at(asOf);
const statuses = (model: typeof staging) =>
  intendedFlows(model)?.map(({ flow, status }) => `${flow.from} -> ${flow.to}: ${status}`);

describe('the remedy for DNS on Gravl staging', () => {
  it('before, no workload has a rule for DNS, and every intended flow is satisfied', () => {
    expect(new Set(staging.reviewed.map((endpoint) => dnsAccess(staging, endpoint).answer))).toEqual(new Set(['implicit']));
    expect(new Set(intendedFlows(staging)?.map(({ status }) => status))).toEqual(new Set(['satisfied']));
  });

  it('after, every workload has one, and every intended flow that was satisfied still is', () => {
    const after = withObjects(staging, dnsEgressManifests(staging));
    const judged = after.reviewed.flatMap((endpoint) => {
      const target = { ref: endpoint.workload.ref, object: endpoint.workload.object, id: endpoint.id };
      return dnsEgress.assess(target, { network: after, asOf, parameters: {} }, say);
    });
    expect(judged.map(({ outcome }) => outcome)).toEqual(Array(8).fill('pass'));
    expect(after.reviewed.map((endpoint) => dnsAccess(after, endpoint).answer)).toEqual(Array(8).fill('assumed'));
    expect(statuses(after)).toEqual(statuses(staging));
  });

  it('a policy with DNS alone would cut backend from postgres', () => {
    const naive: JsonObject = {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'allow-dns', namespace: 'gravl-staging' },
      spec: {
        podSelector: {},
        policyTypes: ['Egress'],
        egress: [
          {
            ports: [
              { port: 53, protocol: 'UDP' },
              { port: 53, protocol: 'TCP' },
            ],
          },
        ],
      },
    };
    expect(statuses(withObjects(staging, [naive]))).toContain('gravl-staging/backend -> gravl-staging/postgres: missing');
  });

  it('the YAML holds the objects of the simulation, and applying it twice changes nothing', () => {
    const yaml = manifestsOf(facts, ['allow-dns-egress', 'no-such-remedy'], asOf);
    expect([...yaml.keys()]).toEqual(['allow-dns-egress']);
    const objects = parseAllDocuments(yaml.get('allow-dns-egress') ?? '').map((document) => document.toJS() as JsonObject);
    expect(objects).toEqual(dnsEgressManifests(staging));
    expect(dnsEgressManifests(withObjects(staging, objects))).toEqual([]);
  });
});

describe('the remedy for default denial on Gravl staging without its policies', () => {
  const bare = withObjects(
    staging,
    staging.policies.map(({ object }) => ({ ...object.value, spec: { podSelector: { matchLabels: { app: 'nobody' } } } })),
  );
  const after = withObjects(bare, denyIngressManifests(bare));

  it('closes every namespace and keeps what was declared', () => {
    const answers = (model: typeof staging) =>
      model.inputs.reviewed.map((namespace) => defaultDeny(model, namespace, 'ingress').answer);
    expect(answers(bare)).toEqual(['not-isolated', 'not-isolated']);
    expect(answers(after)).toEqual(['denied', 'denied']);
    expect(statuses(after)).toEqual(statuses(bare));
  });

  it('has nothing to do where every namespace denies', () => {
    expect(denyIngressManifests(staging)).toEqual([]);
  });
});
