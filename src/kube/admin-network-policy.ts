import type { Path } from '../model/judgement.ts';
import type { ObjectRef } from '../model/object-ref.ts';
import { everything, parts, type PodSet, readPeers, readPodSet, type TierApi, type TierPeer } from './admin-network-peers.ts';
import { readPorts, type TierPort } from './admin-network-ports.ts';
import { isObject, type JsonObject, type JsonValue, listAt, objectAt, textAt, valueAt } from './json.ts';
import type { Direction } from './network-policy.ts';
import type { KubeObject } from './object.ts';
import { checkFields, type Problem, type Report } from './strict-fields.ts';

export type { TierApi, TierPeer } from './admin-network-peers.ts';
export type { TierPort } from './admin-network-ports.ts';
export type TierAction = 'allow' | 'deny' | 'pass';

/**
 * A cluster-wide policy of policy.networking.k8s.io: AdminNetworkPolicy, BaselineAdminNetworkPolicy (v1alpha1) or
 * ClusterNetworkPolicy (v1alpha2, v1beta1), in one shape. The first rule that matches a connection decides it.
 */
export interface TierPolicy {
  readonly ref: ObjectRef;
  readonly object: KubeObject;
  /** Admin comes before NetworkPolicy, baseline after it. */
  readonly tier: 'admin' | 'baseline';
  /** 0 to 1000, the lowest first. BaselineAdminNetworkPolicy has none (0): there is one of them. */
  readonly priority: number;
  /** Which of the two generations of the API: how their policies would be ordered among each other is not defined. */
  readonly api: TierApi;
  /** Both must match; never Pods on the host network. A subject that cannot be read is everybody: `invalid` leaves it in doubt. */
  readonly subject: PodSet;
  readonly ingress: readonly TierRule[];
  readonly egress: readonly TierRule[];
  /** What the API server would refuse. */
  readonly invalid: readonly Problem[];
}

/** One rule: some peer and some port must match. */
export interface TierRule {
  readonly index: number;
  readonly path: Path;
  readonly name?: string;
  readonly action: TierAction;
  /** Never empty: a list without readable peers holds an unreadable one. */
  readonly peers: readonly TierPeer[];
  /** Undefined: every port of every protocol. */
  readonly ports: readonly TierPort[] | undefined;
}

/** How the three kinds differ. */
interface Kind {
  readonly api: TierApi;
  readonly baseline: boolean;
  readonly spec: readonly string[];
  readonly actions: Readonly<Record<string, TierAction>>;
  readonly portsField: 'ports' | 'protocols';
  readonly most: { readonly rules: number; readonly items: number };
}

/** … and versions of one of them. */
interface Form extends Kind {
  /** May a network have bits beyond its prefix, such as 10.1.2.3/8? */
  readonly hostBits: boolean;
}

const v1alpha1 = {
  api: 'v1alpha1',
  portsField: 'ports',
  most: { rules: 100, items: 100 },
} as const;

const forms: Readonly<Record<string, Kind>> = {
  AdminNetworkPolicy: {
    ...v1alpha1,
    baseline: false,
    spec: ['priority', 'subject', 'ingress', 'egress'],
    actions: { Allow: 'allow', Deny: 'deny', Pass: 'pass' },
  },
  BaselineAdminNetworkPolicy: {
    ...v1alpha1,
    baseline: true,
    spec: ['subject', 'ingress', 'egress'],
    actions: { Allow: 'allow', Deny: 'deny' },
  },
  ClusterNetworkPolicy: {
    api: 'v1alpha2',
    baseline: false,
    spec: ['tier', 'priority', 'subject', 'ingress', 'egress'],
    actions: { Accept: 'allow', Deny: 'deny', Pass: 'pass' },
    portsField: 'protocols',
    most: { rules: 25, items: 25 },
  },
};

/** Reads one of the three kinds; undefined for others. Rules: kubernetes-sigs/network-policy-api apis/v1alpha1, v1alpha2. */
export function readTierPolicy(object: KubeObject): TierPolicy | undefined {
  const kind =
    object.group === 'policy.networking.k8s.io' && Object.hasOwn(forms, object.ref.kind) ? forms[object.ref.kind] : undefined;
  if (kind === undefined) return undefined;
  // v1beta1 demands networks without host bits.
  const form = { ...kind, hostBits: !object.ref.apiVersion.endsWith('/v1beta1') };
  const invalid: Problem[] = [];
  const report: Report = (path, problem) => invalid.push({ path, problem });
  const spec = objectAt(object.value, 'spec');
  if (!isObject(object.value['spec'])) report(['spec'], `a ${object.ref.kind} needs a spec`);
  checkFields(spec, form.spec, ['spec'], report);
  if (form.baseline && object.ref.name !== 'default')
    report(['metadata', 'name'], 'the only BaselineAdminNetworkPolicy of a cluster is named default');
  return {
    ref: object.ref,
    object,
    tier: readTier(spec, form, report),
    priority: readPriority(spec, form, report),
    api: form.api,
    subject: readSubject(spec, form, report),
    ingress: readRules(spec, 'ingress', form, report),
    egress: readRules(spec, 'egress', form, report),
    invalid,
  };
}

function readTier(spec: JsonObject, form: Form, report: Report): TierPolicy['tier'] {
  if (!form.spec.includes('tier')) return form.baseline ? 'baseline' : 'admin';
  const tier = valueAt(spec, 'tier');
  if (tier !== 'Admin' && tier !== 'Baseline') report(['spec', 'tier'], 'tier must be Admin or Baseline');
  return tier === 'Baseline' ? 'baseline' : 'admin';
}

function readPriority(spec: JsonObject, form: Form, report: Report): number {
  if (!form.spec.includes('priority')) return 0;
  const priority = valueAt(spec, 'priority');
  const isNumber = typeof priority === 'number';
  if (!isNumber || !Number.isInteger(priority) || priority < 0 || priority > 1000)
    report(['spec', 'priority'], 'priority must be a whole number from 0 to 1000');
  return isNumber ? priority : 0;
}

/** Exactly one of `namespaces` and `pods`. */
function readSubject(spec: JsonObject, form: Form, report: Report): PodSet {
  const path = ['spec', 'subject'];
  const subject = objectAt(spec, 'subject');
  const known = checkFields(subject, ['namespaces', 'pods'], path, report);
  const isOne = parts(subject).length === 1;
  if (!isOne) report(path, 'a subject has either namespaces or pods');
  const read = isOne && known ? readPodSet(subject, form.api, path, report) : undefined;
  return read ?? { namespaceSelector: everything, podSelector: everything };
}

function readRules(spec: JsonObject, direction: Direction, form: Form, report: Report): readonly TierRule[] {
  const at = ['spec', direction];
  const written = valueAt(spec, direction);
  if (written !== undefined && written !== null && !Array.isArray(written)) report(at, `${direction} must be a list of rules`);
  const list = listAt(spec, direction);
  if (list.length > form.most.rules) report(at, `at most ${form.most.rules} ${direction} rules are allowed`);
  return list.map((rule, index) => readRule(rule, direction, index, form, report));
}

function readRule(value: JsonValue, direction: Direction, index: number, form: Form, report: Report): TierRule {
  const path = ['spec', direction, index];
  const rule = objectAt(value);
  if (!isObject(value)) report(path, 'a rule must be an object');
  const peersField = direction === 'ingress' ? 'from' : 'to';
  const { portsField } = form;
  const known = checkFields(rule, ['name', 'action', peersField, portsField], path, report);
  const name = textAt(rule, 'name');
  if (name === undefined ? rule['name'] !== undefined : name.length > 100)
    report([...path, 'name'], 'the name of a rule is a text of up to 100 characters');
  const written = textAt(rule, 'action') ?? '';
  const action = Object.hasOwn(form.actions, written) ? form.actions[written] : undefined;
  if (action === undefined) report([...path, 'action'], `action must be ${Object.keys(form.actions).join(' or ')}`);
  const peers = readPeers(rule, peersField, path, { ...form, direction, action }, report);
  const ports = readPorts(rule, portsField, path, form.most.items, report);
  const outside = peers.some(({ kind }) => kind === 'networks' || kind === 'nodes' || kind === 'domains');
  const named = ports?.find(({ kind }) => kind === 'named');
  if (outside && named) report(named.path, 'networks, nodes and domain names have no named ports');
  return {
    index,
    path,
    ...(name === undefined ? {} : { name }),
    // An action that cannot be read fails closed, as a peer that cannot be read does.
    action: action ?? meant[written] ?? 'deny',
    peers: known ? peers : [...peers, { kind: 'unreadable', path }],
    ports,
  };
}

/** Words of the other generation, which are refused: what their author meant. */
const meant: Readonly<Record<string, TierAction>> = { Allow: 'allow', Accept: 'allow', Pass: 'pass' };
