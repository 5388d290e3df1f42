import { cut, production, swap, type Mutation } from './row.ts';

const backend = production('backend');
const resources =
  '          resources:\n            requests:\n              cpu: 250m\n              memory: 384Mi\n            limits:\n              cpu: "1"\n              memory: 384Mi\n';
const noDefaults = { file: production('limits'), remove: true } as const;

/** Workloads. */
export const workloadMutations: readonly Mutation[] = [
  {
    check: 'retired-apis',
    without: 'a served version',
    edits: [swap(backend, 'policy/v1\n', 'policy/v1beta1\n')],
    outcome: 'fail',
    message: 'retired',
  },
  {
    check: 'ingress-controller-supported',
    without: 'a supported controller',
    edits: [swap('cluster/platform.json', '"traefik.io/ingress-controller"', '"k8s.io/ingress-nginx"')],
    outcome: 'fail',
    message: 'retired',
  },
  {
    check: 'memory-limits',
    without: 'the limit, and the default of the LimitRange',
    edits: [swap(backend, resources, resources.replace(/ {14}memory: 384Mi\n$/, '')), noDefaults],
    outcome: 'fail',
    message: 'absent',
  },
  {
    check: 'pod-security-standard',
    without: 'allowPrivilegeEscalation: false',
    edits: [cut(backend, '            allowPrivilegeEscalation: false\n')],
    outcome: 'fail',
    message: 'below-restricted',
  },
  {
    check: 'readiness-probe',
    without: 'the probe',
    edits: [
      swap(
        backend,
        'readinessProbe:\n            httpGet:\n              path: /health/ready\n              port: http\n            periodSeconds: 5\n            timeoutSeconds: 2\n            failureThreshold: 3\n          ',
        '',
      ),
    ],
    outcome: 'fail',
    message: 'absent',
  },
  {
    check: 'replicas',
    without: 'the other replicas',
    edits: [swap(backend, 'replicas: 3', 'replicas: 1')],
    outcome: 'fail',
    message: 'few',
  },
  {
    check: 'resource-requests',
    without: 'the requests, and the default of the LimitRange',
    edits: [cut(backend, resources), noDefaults],
    outcome: 'fail',
    message: 'absent',
  },
  {
    check: 'graceful-termination',
    without: 'the preStop delay',
    edits: [cut(backend, '          lifecycle:\n            preStop:\n              sleep:\n                seconds: 10\n')],
    outcome: 'unknown',
    message: 'no-hook',
  },
  {
    check: 'health-probe-design',
    without: 'a liveness path and patience of its own',
    edits: [
      swap(
        backend,
        'livenessProbe:\n            httpGet:\n              path: /health/live\n              port: http\n            periodSeconds: 10',
        'livenessProbe:\n            httpGet:\n              path: /health/ready\n              port: http\n            periodSeconds: 2',
      ),
    ],
    outcome: 'fail',
    message: 'identical',
  },
  {
    check: 'pod-disruption-budget',
    without: 'the budget of backend',
    edits: [
      swap(
        backend,
        'kind: PodDisruptionBudget\nmetadata:\n  name: backend\n  namespace: gravl-prod',
        'kind: PodDisruptionBudget\nmetadata:\n  name: backend\n  namespace: gravl-elsewhere',
      ),
    ],
    outcome: 'fail',
    message: 'absent',
  },
  {
    check: 'rollout-strategy',
    without: 'the rolling update',
    edits: [
      swap(backend, 'type: RollingUpdate\n    rollingUpdate:\n      maxUnavailable: 0\n      maxSurge: 1', 'type: Recreate'),
    ],
    outcome: 'fail',
    message: 'recreate',
  },
  {
    check: 'topology-spread',
    without: 'the constraints',
    edits: [{ file: backend, change: (text) => text.replace(/ {6}topologySpreadConstraints:\n( {8}.*\n)+/, '') }],
    outcome: 'fail',
    message: 'absent',
  },
  {
    check: 'liveness-probe',
    without: 'the probe',
    edits: [
      swap(
        production('loki'),
        '          livenessProbe:\n            tcpSocket:\n              port: http\n            periodSeconds: 20\n            failureThreshold: 6\n',
        '',
      ),
    ],
    outcome: 'fail',
    message: 'absent',
  },
];
