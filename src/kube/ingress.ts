import type { Path } from '../model/judgement.ts';
import type { ObjectRef } from '../model/object-ref.ts';
import { isObject, type JsonObject, type JsonValue, listAt, objectAt, textAt, texts, valueAt } from './json.ts';
import { annotationsOf, isKind, type KubeObject } from './object.ts';

/** A Service that receives traffic from outside. */
export interface Backend {
  readonly namespace: string;
  readonly service: string;
  /** Number or name of a Service port; undefined where none is named. */
  readonly port?: number | string;
  /** Set for OpenShift Routes, where a number is the port of the Pods and not of the Service. */
  readonly portOf?: 'pods';
  readonly path: Path;
}

/** One path of one host. */
export interface IngressRule {
  /** Undefined: every host. */
  readonly host?: string;
  readonly urlPath?: string;
  readonly pathType?: string;
  /** Undefined where the backend is no Service. */
  readonly backend?: Backend;
  readonly path: Path;
}

export interface IngressTls {
  readonly hosts: readonly string[];
  readonly secretName?: string;
  readonly path: Path;
}

export interface Ingress {
  readonly ref: ObjectRef;
  readonly object: KubeObject;
  readonly namespace: string;
  /** `spec.ingressClassName`, else the annotation that preceded it; undefined: the cluster's default class, if it has one. */
  readonly className?: string;
  readonly rules: readonly IngressRule[];
  readonly defaultBackend?: Backend;
  readonly tls: readonly IngressTls[];
  /** Hosts of the rules, in order, each once. */
  readonly hosts: readonly string[];
}

/** Reads networking.k8s.io/v1 Ingress and the removed v1beta1 shapes (also of extensions). Undefined for other kinds. */
export function readIngress(object: KubeObject): Ingress | undefined {
  if (!isKind(object, 'networking.k8s.io', 'Ingress') && !isKind(object, 'extensions', 'Ingress')) return undefined;
  const spec = objectAt(object.value, 'spec');
  const namespace = object.ref.namespace ?? 'default';
  const rules = listAt(spec, 'rules').flatMap((rule, index) => readRule(rule, ['spec', 'rules', index], namespace));
  const className = textAt(spec, 'ingressClassName') || annotationsOf(object).get('kubernetes.io/ingress.class');
  const defaultBackend =
    readBackend(valueAt(spec, 'defaultBackend'), ['spec', 'defaultBackend'], namespace) ??
    readBackend(valueAt(spec, 'backend'), ['spec', 'backend'], namespace);
  return {
    ref: object.ref,
    object,
    namespace,
    ...(className ? { className } : {}),
    rules,
    ...(defaultBackend ? { defaultBackend } : {}),
    tls: listAt(spec, 'tls').flatMap((entry, index) => {
      if (!isObject(entry)) return [];
      const secretName = textAt(entry, 'secretName');
      return [{ hosts: texts(valueAt(entry, 'hosts')), ...(secretName ? { secretName } : {}), path: ['spec', 'tls', index] }];
    }),
    hosts: [...new Set(rules.flatMap((rule) => rule.host ?? []))],
  };
}

function readRule(rule: JsonValue, path: Path, namespace: string): readonly IngressRule[] {
  const host = textAt(rule, 'host');
  const head = host ? { host } : {};
  const paths = listAt(rule, 'http', 'paths');
  // A rule without paths still claims its host; the default backend answers.
  if (paths.length === 0) return [{ ...head, path }];
  return paths.map((entry, index) => {
    const at = [...path, 'http', 'paths', index];
    const urlPath = textAt(entry, 'path');
    const pathType = textAt(entry, 'pathType');
    const backend = readBackend(valueAt(entry, 'backend'), [...at, 'backend'], namespace);
    return {
      ...head,
      ...(urlPath ? { urlPath } : {}),
      ...(pathType ? { pathType } : {}),
      ...(backend ? { backend } : {}),
      path: at,
    };
  });
}

function readBackend(value: JsonValue | undefined, path: Path, namespace: string): Backend | undefined {
  const service = textAt(value, 'service', 'name');
  if (service) {
    const port = portOf(valueAt(value, 'service', 'port', 'number')) ?? portOf(valueAt(value, 'service', 'port', 'name'));
    return { namespace, service, ...(port === undefined ? {} : { port }), path };
  }
  const legacy = textAt(value, 'serviceName');
  if (!legacy) return undefined;
  const port = portOf(valueAt(value, 'servicePort'));
  return { namespace, service: legacy, ...(port === undefined ? {} : { port }), path };
}

/** 0 and empty text are the unset port. */
function portOf(value: JsonValue | undefined): number | string | undefined {
  return (typeof value === 'number' || typeof value === 'string') && value !== 0 && value !== '' ? value : undefined;
}

/** An OpenShift route.openshift.io/v1 Route. */
export interface OpenShiftRoute {
  readonly ref: ObjectRef;
  readonly object: KubeObject;
  readonly namespace: string;
  /** Undefined: the router makes one up. */
  readonly host?: string;
  readonly backends: readonly Backend[];
  /** Undefined: the Route serves plain HTTP only. */
  readonly tls?: {
    /** edge, reencrypt or passthrough. */
    readonly termination: string;
    /** None (default), Allow or Redirect: what happens to plain HTTP. */
    readonly insecure: string;
    /** The certificate: written into the Route, in a Secret, or the router's own (wildcard). */
    readonly certificate: 'inline' | 'secret' | 'router' | 'pods';
    readonly secretName?: string;
  };
}

/** Reads an OpenShift Route. Undefined for other kinds. */
export function readOpenShiftRoute(object: KubeObject): OpenShiftRoute | undefined {
  if (!isKind(object, 'route.openshift.io', 'Route')) return undefined;
  const spec = objectAt(object.value, 'spec');
  const namespace = object.ref.namespace ?? 'default';
  const host = textAt(spec, 'host');
  const port = portOf(valueAt(spec, 'port', 'targetPort'));
  const backend = (value: JsonValue | undefined, path: Path): readonly Backend[] => {
    const service = textAt(value, 'name');
    if (!service || (textAt(value, 'kind') ?? 'Service') !== 'Service') return [];
    return [{ namespace, service, ...(port === undefined ? {} : { port, portOf: 'pods' as const }), path }];
  };
  return {
    ref: object.ref,
    object,
    namespace,
    ...(host ? { host } : {}),
    backends: [
      ...backend(valueAt(spec, 'to'), ['spec', 'to']),
      ...listAt(spec, 'alternateBackends').flatMap((value, index) => backend(value, ['spec', 'alternateBackends', index])),
    ],
    ...(isObject(spec['tls']) ? { tls: readRouteTls(spec['tls']) } : {}),
  };
}

function readRouteTls(tls: JsonObject): NonNullable<OpenShiftRoute['tls']> {
  const termination = textAt(tls, 'termination') ?? '';
  const secretName = textAt(tls, 'externalCertificate', 'name');
  const certificate =
    termination === 'passthrough' ? 'pods' : secretName ? 'secret' : textAt(tls, 'certificate') ? 'inline' : 'router';
  return {
    termination,
    insecure: textAt(tls, 'insecureEdgeTerminationPolicy') || 'None',
    certificate,
    ...(secretName ? { secretName } : {}),
  };
}
