/**
 * A made-up cluster of `count` objects: for each service a Deployment, Service, ConfigMap, ServiceAccount, Role, RoleBinding, NetworkPolicy, budget, Ingress and
 * ExternalSecret; twenty services a namespace. Deterministic. Yields one YAML file a service.
 */
export function* generateManifests(count: number): Generator<{ readonly path: string; readonly text: string }> {
  let made = 0;
  for (let service = 0; made < count; service += 1) {
    const namespace = `team-${Math.floor(service / 20)}`;
    const name = `service-${service}`;
    const next = `service-${service - (service % 20) + ((service + 1) % 20)}`;
    const documents = [
      ...(service % 20 === 0 ? [namespaceObject(namespace), denyAll(namespace)] : []),
      deployment(namespace, name, service),
      `apiVersion: v1\nkind: Service\nmetadata: { name: ${name}, namespace: ${namespace} }\nspec:\n  selector: { app: ${name} }\n  ports: [{ name: http, port: 80, targetPort: http }]\n`,
      `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name}, namespace: ${namespace} }\ndata:\n  LOG_LEVEL: info\n  UPSTREAM: http://${next}.${namespace}.svc:80\n`,
      `apiVersion: v1\nkind: ServiceAccount\nmetadata: { name: ${name}, namespace: ${namespace} }\nautomountServiceAccountToken: false\n`,
      `apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: { name: ${name}, namespace: ${namespace} }\nrules:\n  - { apiGroups: [""], resources: [configmaps], verbs: [get, list], resourceNames: [${name}] }\n`,
      `apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: { name: ${name}, namespace: ${namespace} }\nroleRef: { apiGroup: rbac.authorization.k8s.io, kind: Role, name: ${name} }\nsubjects: [{ kind: ServiceAccount, name: ${name}, namespace: ${namespace} }]\n`,
      policy(namespace, name, next),
      `apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: { name: ${name}, namespace: ${namespace} }\nspec:\n  maxUnavailable: 1\n  selector: { matchLabels: { app: ${name} } }\n`,
      ingress(namespace, name),
      `apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata: { name: ${name}, namespace: ${namespace} }\nspec:\n  refreshInterval: 1h\n  secretStoreRef: { kind: ClusterSecretStore, name: vault }\n  target: { name: ${name} }\n  data: [{ secretKey: TOKEN, remoteRef: { key: ${name} } }]\n`,
    ].slice(0, count - made);
    made += documents.length;
    yield { path: `${namespace}/${name}.yaml`, text: documents.join('---\n') };
  }
}

const namespaceObject = (name: string) =>
  `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ${name}\n  labels: { pod-security.kubernetes.io/enforce: restricted }\n`;

const denyAll = (namespace: string) => `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: default-deny, namespace: ${namespace} }
spec:
  podSelector: {}
  policyTypes: [Ingress, Egress]
`;

const policy = (namespace: string, name: string, next: string) => `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: ${name}, namespace: ${namespace} }
spec:
  podSelector: { matchLabels: { app: ${name} } }
  policyTypes: [Ingress, Egress]
  ingress:
    - from: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: ingress } } }]
      ports: [{ port: http }]
  egress:
    - to: [{ podSelector: { matchLabels: { app: ${next} } } }]
      ports: [{ port: 8080 }]
    - to: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: kube-system } }, podSelector: { matchLabels: { k8s-app: kube-dns } } }]
      ports: [{ port: 53, protocol: UDP }, { port: 53, protocol: TCP }]
`;

const ingress = (namespace: string, name: string) => `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: ${name}
  namespace: ${namespace}
  annotations: { cert-manager.io/cluster-issuer: letsencrypt }
spec:
  ingressClassName: traefik
  tls: [{ hosts: [${name}.shop.internal], secretName: ${name}-tls }]
  rules:
    - host: ${name}.shop.internal
      http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: ${name}, port: { name: http } } } }] }
`;

/** Every seventh lacks a limit, every eleventh runs one replica, so that findings cost what they cost in life. */
const deployment = (namespace: string, name: string, index: number) => `apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: ${namespace}, labels: { app: ${name} } }
spec:
  replicas: ${index % 11 === 0 ? 1 : 3}
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec:
      serviceAccountName: ${name}
      securityContext: { runAsNonRoot: true, seccompProfile: { type: RuntimeDefault } }
      containers:
        - name: ${name}
          image: registry.internal/${namespace}/${name}@sha256:${String(index).padStart(64, '0')}
          ports: [{ name: http, containerPort: 8080 }]
          env:
            - { name: TOKEN, valueFrom: { secretKeyRef: { name: ${name}, key: TOKEN } } }
            - { name: MODE, value: production }
          envFrom: [{ configMapRef: { name: ${name} } }]
          resources: { requests: { cpu: 100m, memory: 128Mi }${index % 7 === 0 ? '' : ', limits: { memory: 256Mi }'} }
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: [ALL] } }
          readinessProbe: { httpGet: { path: /readyz, port: http } }
`;
