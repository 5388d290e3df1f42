import type { Path } from '../model/judgement.ts';
import type { ObjectRef } from '../model/object-ref.ts';
import { blockProblem, hostBitsIn, type IpBlock } from './ip-block.ts';
import { isObject, type JsonObject, type JsonValue, listAt, objectAt, textAt, texts, valueAt } from './json.ts';
import type { KubeObject } from './object.ts';
import { type Protocol, readProtocol } from './protocol.ts';
import { type LabelSelector, readSelector, selectorProblems } from './selector.ts';
import { checkFields, type Report } from './strict-fields.ts';

export type Direction = 'ingress' | 'egress';

/** A networking.k8s.io/v1 NetworkPolicy after API defaulting. */
export interface NetworkPolicy {
  readonly ref: ObjectRef;
  readonly object: KubeObject;
  readonly namespace: string;
  /** Pods of the policy's namespace that it isolates; no requirement: all of them. */
  readonly podSelector: LabelSelector;
  readonly types: { readonly ingress: boolean; readonly egress: boolean };
  /** Rules that apply; empty where the direction is isolated and nothing is allowed, or is not isolated at all. */
  readonly ingress: readonly PolicyRule[];
  readonly egress: readonly PolicyRule[];
  /** Rule lists whose direction is not in policyTypes: they have no effect. */
  readonly ignored: readonly { readonly direction: Direction; readonly path: Path }[];
  /** What the API server would refuse. Such parts allow nothing here; they are not evaluated on a guess. */
  readonly invalid: readonly { readonly path: Path; readonly problem: string }[];
  /**
   * Blocks with host bits, `10.1.2.3/16`: objects that are stored already may have them and mean the block around (10.1.0.0/16), and
   * API servers since StrictIPCIDRValidation (KEP-4858) refuse new ones.
   */
  readonly hostBits: readonly { readonly path: Path; readonly problem: string }[];
}

/** One rule: its peers and its ports are ANDed. */
export interface PolicyRule {
  readonly index: number;
  readonly path: Path;
  /** Undefined: everyone, addresses outside the cluster included. */
  readonly peers: readonly PolicyPeer[] | undefined;
  /** Undefined: every port of every protocol. */
  readonly ports: readonly PolicyPort[] | undefined;
}

/** Both selectors in one peer are ANDed; a podSelector alone means the policy's own namespace. */
export interface PolicyPeer {
  readonly path: Path;
  readonly podSelector?: LabelSelector;
  readonly namespaceSelector?: LabelSelector;
  readonly ipBlock?: IpBlock;
}

/** Without a port: every port of the protocol. A text is a port name of the destination Pod. */
export interface PolicyPort {
  readonly path: Path;
  readonly protocol: Protocol;
  readonly port?: number | string;
  /** Inclusive end of a range that starts at a numeric port. */
  readonly endPort?: number;
}

/**
 * Reads a NetworkPolicy of networking.k8s.io/v1 (or the removed extensions/v1beta1, which had the same shape). Undefined for other
 * kinds, vendors' NetworkPolicy kinds included. Rules: kubernetes/api networking/v1 types and their validation.
 */
export function readNetworkPolicy(object: KubeObject): NetworkPolicy | undefined {
  if (object.ref.kind !== 'NetworkPolicy' || (object.group !== 'networking.k8s.io' && object.group !== 'extensions'))
    return undefined;
  const invalid: { readonly path: Path; readonly problem: string }[] = [];
  const report: Report = (path, problem) => invalid.push({ path, problem });
  const spec = objectAt(object.value, 'spec');
  if (!isObject(object.value['spec'])) report(['spec'], 'a NetworkPolicy needs a spec');
  checkFields(spec, ['podSelector', 'policyTypes', 'ingress', 'egress'], ['spec'], report);
  const types = readTypes(spec, report);
  const ingress = readRules(spec, 'ingress', report);
  const egress = readRules(spec, 'egress', report);
  for (const problem of selectorProblems(valueAt(spec, 'podSelector'), ['spec', 'podSelector']))
    report(problem.path, problem.problem);
  return {
    ref: object.ref,
    object,
    namespace: object.ref.namespace ?? 'default',
    // An absent podSelector reads as the empty one: every Pod of the namespace.
    podSelector: readSelector(valueAt(spec, 'podSelector')) ?? { requirements: [] },
    types,
    ingress: types.ingress ? ingress : [],
    egress: types.egress ? egress : [],
    ignored: [
      ...(types.ingress || ingress.length === 0 ? [] : [{ direction: 'ingress' as const, path: ['spec', 'ingress'] }]),
      ...(types.egress || egress.length === 0 ? [] : [{ direction: 'egress' as const, path: ['spec', 'egress'] }]),
    ],
    invalid,
    hostBits: [...ingress, ...egress].flatMap(({ peers }) =>
      (peers ?? []).flatMap(({ path, ipBlock }) => (ipBlock ? hostBitsIn(ipBlock, [...path, 'ipBlock']) : [])),
    ),
  };
}

/** Absent or empty policyTypes: Ingress always, and Egress when there is an egress rule (networking/v1 SetDefaults_NetworkPolicy). */
function readTypes(spec: JsonObject, report: Report): NetworkPolicy['types'] {
  const written = valueAt(spec, 'policyTypes');
  if (written !== undefined && written !== null && !Array.isArray(written))
    report(['spec', 'policyTypes'], 'policyTypes must be a list');
  const list = listAt(spec, 'policyTypes');
  if (list.length === 0) return { ingress: true, egress: listAt(spec, 'egress').length > 0 };
  for (const [index, type] of list.entries()) {
    if (type !== 'Ingress' && type !== 'Egress') report(['spec', 'policyTypes', index], 'a policy type is Ingress or Egress');
  }
  return { ingress: list.includes('Ingress'), egress: list.includes('Egress') };
}

function readRules(spec: JsonObject, direction: Direction, report: Report): readonly PolicyRule[] {
  const written = valueAt(spec, direction);
  if (written !== undefined && written !== null && !Array.isArray(written))
    report(['spec', direction], `${direction} must be a list of rules`);
  const peersField = direction === 'ingress' ? 'from' : 'to';
  return listAt(spec, direction).map((rule, index) => {
    const path = ['spec', direction, index];
    // `- ` with nothing behind it decodes to the empty rule, which allows everything.
    if (rule === null) return { index, path, peers: undefined, ports: undefined };
    if (!isObject(rule)) {
      report(path, 'a rule must be an object');
      return { index, path, peers: [], ports: undefined };
    }
    const known = checkFields(rule, [peersField, 'ports'], path, report);
    const peers = readList(rule, peersField, path, report, readPeer);
    // A misspelt `from` would leave a rule for everyone; strict decoding refuses the object, so nobody is let in.
    return { index, path, peers: known ? peers : (peers ?? []), ports: readList(rule, 'ports', path, report, readPort) };
  });
}

/** Undefined for an absent or empty list, which means "all" here; otherwise what could be read of it. */
function readList<T>(
  rule: JsonObject,
  field: string,
  at: Path,
  report: Report,
  read: (item: JsonValue, path: Path, report: Report) => T | undefined,
): readonly T[] | undefined {
  const written = valueAt(rule, field);
  if (written === undefined || written === null) return undefined;
  if (!Array.isArray(written)) {
    report([...at, field], `${field} must be a list`);
    return [];
  }
  const items = written as readonly JsonValue[];
  if (items.length === 0) return undefined;
  return items.flatMap((item, index) => read(item, [...at, field, index], report) ?? []);
}

function readPeer(value: JsonValue, path: Path, report: Report): PolicyPeer | undefined {
  const peer = isObject(value) ? value : {};
  if (!checkFields(peer, ['podSelector', 'namespaceSelector', 'ipBlock'], path, report)) return undefined;
  const podSelector = readSelector(valueAt(peer, 'podSelector'));
  const namespaceSelector = readSelector(valueAt(peer, 'namespaceSelector'));
  const block = valueAt(peer, 'ipBlock');
  if (block !== undefined && block !== null) {
    if (podSelector !== undefined || namespaceSelector !== undefined) {
      report(path, 'a peer has either an ipBlock or selectors, not both');
      return undefined;
    }
    const cidr = textAt(block, 'cidr');
    if (cidr === undefined || cidr === '') {
      report([...path, 'ipBlock'], 'an ipBlock needs a cidr');
      return undefined;
    }
    if (!checkFields(objectAt(block), ['cidr', 'except'], [...path, 'ipBlock'], report)) return undefined;
    const except = listAt(block, 'except');
    if (except.some((entry) => typeof entry !== 'string')) {
      report([...path, 'ipBlock', 'except'], 'except must be a list of CIDRs');
      return undefined;
    }
    const read = { cidr, except: texts(except) };
    const problem = blockProblem(read);
    if (problem !== undefined) {
      report([...path, 'ipBlock'], problem);
      return undefined;
    }
    return { path, ipBlock: read };
  }
  if (podSelector === undefined && namespaceSelector === undefined) {
    report(path, 'a peer needs a podSelector, a namespaceSelector or an ipBlock');
    return undefined;
  }
  for (const field of ['podSelector', 'namespaceSelector']) {
    for (const problem of selectorProblems(valueAt(peer, field), [...path, field])) report(problem.path, problem.problem);
  }
  return {
    path,
    ...(podSelector === undefined ? {} : { podSelector }),
    ...(namespaceSelector === undefined ? {} : { namespaceSelector }),
  };
}

function readPort(value: JsonValue, path: Path, report: Report): PolicyPort | undefined {
  const entry = isObject(value) ? value : {};
  if (value !== null && !isObject(value)) {
    report(path, 'a port entry must be an object');
    return undefined;
  }
  if (!checkFields(entry, ['protocol', 'port', 'endPort'], path, report)) return undefined;
  const protocol = readProtocol(valueAt(entry, 'protocol'));
  if (protocol === undefined) {
    report([...path, 'protocol'], 'protocol must be TCP, UDP or SCTP');
    return undefined;
  }
  const port = valueAt(entry, 'port') ?? undefined;
  const endPort = valueAt(entry, 'endPort') ?? undefined;
  if (port !== undefined && !isPort(port)) {
    report([...path, 'port'], 'port must be 1 to 65535 or the name of a container port');
    return undefined;
  }
  if (endPort === undefined) return { path, protocol, ...(port === undefined ? {} : { port }) };
  if (!isNumericPort(endPort) || !isNumericPort(port) || endPort < port) {
    report([...path, 'endPort'], 'endPort needs a numeric port that is not greater than it');
    return undefined;
  }
  return { path, protocol, port, endPort };
}

const isNumericPort = (value: JsonValue | undefined): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 65_535;
const isPort = (value: JsonValue): value is number | string =>
  isNumericPort(value) || (typeof value === 'string' && isPortName(value));

/** IANA service name: up to 15 of a-z, 0-9 and `-`, with a letter, no `-` at the ends or doubled. `"80"` is therefore no port name. */
function isPortName(name: string): boolean {
  return (
    name.length >= 1 &&
    name.length <= 15 &&
    /^[a-z0-9-]+$/.test(name) &&
    /[a-z]/.test(name) &&
    !name.startsWith('-') &&
    !name.endsWith('-') &&
    !name.includes('--')
  );
}
