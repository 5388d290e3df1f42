import { type Ingress, readIngress } from '../../kube/ingress.ts';
import { texts, valueAt } from '../../kube/json.ts';
import { annotationsOf, type KubeObject } from '../../kube/object.ts';
import type { Path } from '../../model/judgement.ts';
import type { Inventory } from '../inventory.ts';
import { controllerOf, isController, type ServingController } from './controller.ts';
import { covers, normalHost } from './hosts.ts';
import type { Exposure, Termination } from './model.ts';

/** What an Ingress opens: every host of its rules, and every host (`*`) where a rule names none or a default backend answers. */
export function ingressExposures(object: KubeObject, known: Inventory): readonly Exposure[] {
  const ingress = readIngress(object);
  if (ingress === undefined) return [];
  const controller = controllerOf(known, ingress);
  const hosts = new Map<string, Path>();
  for (const rule of ingress.rules) {
    const host = rule.host === undefined ? '*' : normalHost(rule.host);
    if (!hosts.has(host)) hosts.set(host, rule.host === undefined ? rule.path : [...rule.path.slice(0, 3), 'host']);
  }
  // The default backend beside rules answers only what no rule takes; alone, it is what the Ingress serves.
  if (hosts.size === 0) hosts.set('*', ['spec']);
  return [...hosts].map(([host, path]) => ({
    host,
    via: 'Ingress',
    object,
    path,
    termination: terminationOf(ingress, host, controller, known),
    annotated: object,
  }));
}

function terminationOf(ingress: Ingress, host: string, controller: ServingController, known: Inventory): Termination {
  const cloud = cloudTermination(ingress, host, controller, known);
  if (cloud !== undefined) return cloud;
  const matching = ingress.tls.filter((entry) => entry.hosts.some((name) => covers(normalHost(name), host)));
  const [entry] = [...matching.filter(({ secretName }) => secretName !== undefined), ...matching];
  if (entry?.secretName !== undefined) return { kind: 'secret', namespace: ingress.namespace, name: entry.secretName };
  if (entry !== undefined)
    return { kind: 'controller', why: 'its tls entry names no Secret, so the controller serves its default certificate' };
  const open = ingress.tls.find(({ hosts }) => hosts.length === 0);
  if (open === undefined) return { kind: 'none' };
  // An entry without hosts means what its controller makes of it; Google's takes the Secret for every host.
  return open.secretName !== undefined && isController(controller, 'gce')
    ? { kind: 'secret', namespace: ingress.namespace, name: open.secretName }
    : { kind: 'controller', why: 'its tls entry names no host, so the controller decides what it covers' };
}

/** Load balancers of clouds take their certificates from annotations; AWS's ignores tls Secrets altogether. */
function cloudTermination(
  { object, namespace, tls }: Ingress,
  host: string,
  controller: ServingController,
  known: Inventory,
): Termination | undefined {
  const annotations = annotationsOf(object);
  if (isController(controller, 'aws-load-balancer')) {
    const https = annotations.get('alb.ingress.kubernetes.io/listen-ports')?.includes('HTTPS') === true;
    if (annotations.has('alb.ingress.kubernetes.io/certificate-arn')) return { kind: 'platform', by: 'AWS Certificate Manager' };
    return https ? { kind: 'platform', by: 'AWS Certificate Manager (found by host)' } : { kind: 'none' };
  }
  if (annotations.has('appgw.ingress.kubernetes.io/appgw-ssl-certificate'))
    return { kind: 'platform', by: 'Azure Application Gateway' };
  // Google's controller serves Ingresses without a class too.
  const google = isController(controller, 'gce') || (controller.candidates.length === 0 && controller.className === undefined);
  const managed = google ? annotations.get('networking.gke.io/managed-certificates') : undefined;
  if (managed !== undefined) {
    const found = managedTermination(managed, namespace, host, known);
    if (found !== undefined) return found;
  }
  const shared = google ? annotations.get('ingress.gcp.kubernetes.io/pre-shared-cert') : undefined;
  if (shared !== undefined && tls.length === 0)
    return { kind: 'controller', why: `it names Google's certificate ${shared}, which no object shows` };
  return undefined;
}

function managedTermination(names: string, namespace: string, host: string, known: Inventory): Termination | undefined {
  const lookups = names
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
    .map((name) => ({ name, found: known.lookup('networking.gke.io', 'ManagedCertificate', namespace, name) }));
  for (const { name, found } of lookups) {
    if (found.status !== 'found') continue;
    const domains = texts(valueAt(found.object.value, 'spec', 'domains')).map(normalHost);
    if (domains.some((domain) => covers(domain, host))) return { kind: 'platform', by: `Google's ManagedCertificate ${name}` };
  }
  const unseen = lookups.find(({ found }) => found.status === 'unseen' || found.status === 'provided');
  return unseen === undefined
    ? undefined
    : { kind: 'unseen', why: `the ManagedCertificate ${unseen.name} is not in the sources` };
}
