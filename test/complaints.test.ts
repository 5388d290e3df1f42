import { describe, expect, it } from 'vitest';
import type { CheckId } from '../src/checks/index.ts';
import type { ReviewResult } from '../src/model/result.ts';
import { deployment, run } from './cli/host.ts';

/**
 * What users of manifest linters and posture scanners complain about, each asked of the whole program: files in, result out. Names
 * say what has to hold.
 */

type Files = Readonly<Record<string, string>>;

/** Reviews files as the command line does; a string is the one file `k8s/app.yaml`. */
async function reviewed(files: Files | string, args: readonly string[] = ['k8s']): Promise<ReviewResult> {
  const { code, stdout, stderr } = await run(
    ['review', ...args, '--as-of', asOf, '-f', 'json'],
    typeof files === 'string' ? { 'k8s/app.yaml': files } : files,
  );
  if (code > 1) throw new Error(stderr);
  return JSON.parse(stdout) as ReviewResult;
}
const asOf = '2026-03-06T09:00:00Z';
const file = (spec: string) =>
  `apiVersion: seaworthy.dev/v1alpha1\nkind: Review\nmetadata: { name: shop }\nspec:\n  sources: [{ manifests: k8s }]\n${spec}`;

/** `outcome message-id Kind/name[/container]` of what a check says. */
const said = ({ checks }: ReviewResult, id: CheckId): readonly string[] =>
  (checks.find((check) => check.id === id)?.assessments ?? []).map(
    ({ outcome, messageId, target }) =>
      `${outcome} ${messageId} ${target.kind}/${target.name}${target.container === undefined ? '' : `/${target.container}`}`,
  );
const ask = async (id: CheckId, files: Files | string) => said(await reviewed(files), id);
const texts = (result: ReviewResult, id: CheckId) =>
  result.checks.find((check) => check.id === id)?.assessments.map(({ message }) => message) ?? [];

const documents = (...list: readonly string[]) => list.join('\n---\n');
const pod = (spec: string, metadata = 'name: web, namespace: shop, labels: { app: web, tier: edge }') =>
  `apiVersion: v1\nkind: Pod\nmetadata: { ${metadata} }\nspec: { ${spec} }`;
const container = (fields = '') => `{ name: web, image: web:1${fields === '' ? '' : `, ${fields}`} }`;
const object = (apiVersion: string, kind: string, name: string, rest: string, namespace = 'shop') =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: { name: ${name}, namespace: ${namespace} }\n${rest}`;
const policy = (spec: string, namespace?: string) =>
  object('networking.k8s.io/v1', 'NetworkPolicy', 'rules', `spec: ${spec}`, namespace);
const namespace = 'apiVersion: v1\nkind: Namespace\nmetadata: { name: shop }';
const service = object('v1', 'Service', 'web', 'spec: { selector: { app: web }, ports: [{ port: 80 }] }');
const replicated = (replicas: number) => deployment().replace('spec:\n', `spec:\n  replicas: ${replicas}\n`);
const rbac = 'rbac.authorization.k8s.io';
const role = (rule: string, subject = '{ kind: ServiceAccount, name: web, namespace: shop }') =>
  documents(
    object(`${rbac}/v1`, 'Role', 'reader', `rules: [${rule}]`),
    object(
      `${rbac}/v1`,
      'RoleBinding',
      'reader',
      `roleRef: { apiGroup: ${rbac}, kind: Role, name: reader }\nsubjects: [${subject}]`,
    ),
    object('v1', 'ServiceAccount', 'web', ''),
  );

describe('wrong matching', () => {
  it.each([
    [
      'a policy of its own namespace',
      policy('{ podSelector: { matchLabels: { app: web } }, policyTypes: [Egress] }'),
      'pass isolated',
    ],
    [
      'a policy of another namespace',
      policy('{ podSelector: { matchLabels: { app: web } }, policyTypes: [Egress] }', 'other'),
      'fail open',
    ],
    [
      'matchExpressions that hold',
      policy('{ podSelector: { matchExpressions: [{ key: app, operator: In, values: [web, api] }] }, policyTypes: [Egress] }'),
      'pass isolated',
    ],
    [
      'matchExpressions that do not hold',
      policy('{ podSelector: { matchExpressions: [{ key: app, operator: NotIn, values: [web] }] }, policyTypes: [Egress] }'),
      'fail open',
    ],
    [
      'matchLabels that hold beside matchExpressions that do not',
      policy(
        '{ podSelector: { matchLabels: { app: web }, matchExpressions: [{ key: tier, operator: DoesNotExist }] }, policyTypes: [Egress] }',
      ),
      'fail open',
    ],
  ])('NetworkPolicy matching respects namespaces and matchExpressions: %s', async (_, rules, expected) => {
    expect(await ask('egress-isolation', documents(pod(`containers: [${container()}]`), rules))).toEqual([`${expected} Pod/web`]);
  });

  it('a default deny with an empty podSelector and no rules is what is asked for, not a failure', async () => {
    const deny = policy('{ podSelector: {}, policyTypes: [Ingress, Egress] }');
    const result = await reviewed(documents(pod(`containers: [${container()}]`), deny));
    expect(said(result, 'default-deny-ingress')).toEqual(['pass denied Namespace/shop']);
    expect(said(result, 'egress-isolation')).toEqual(['pass isolated Pod/web']);
  });

  it('an allow-all policy beside a default deny voids it', async () => {
    const open = policy('{ podSelector: {}, ingress: [{}] }').replace('name: rules', 'name: open');
    const files = documents(pod(`containers: [${container()}]`), policy('{ podSelector: {}, policyTypes: [Ingress] }'), open);
    expect((await ask('default-deny-ingress', files))[0]).toMatch(/^fail /);
  });

  it('policies of a network plugin are seen, and what they make of it is unknown', async () => {
    const cilium = object('cilium.io/v2', 'CiliumNetworkPolicy', 'rules', 'spec: { endpointSelector: {} }');
    const kubernetes = policy('{ podSelector: { matchLabels: { app: other } } }');
    expect((await ask('default-deny-ingress', documents(pod(`containers: [${container()}]`), kubernetes, cilium)))[0]).toMatch(
      /^unknown /,
    );
  });

  it('a PodDisruptionBudget selects by all of its labels, not by any', async () => {
    const budget = (labels: string) =>
      object('policy/v1', 'PodDisruptionBudget', 'web', `spec: { maxUnavailable: 1, selector: { matchLabels: { ${labels} } } }`);
    const answer = (labels: string) => ask('pod-disruption-budget', documents(replicated(3), service, budget(labels)));
    expect(await answer('app: web')).toEqual(['pass protected Deployment/web']);
    expect(await answer('app: web, release: other')).toEqual(['fail absent Deployment/web']);
  });

  it('RoleBindings to benign Roles are no finding', async () => {
    const result = await reviewed(role('{ apiGroups: [""], resources: [configmaps], resourceNames: [settings], verbs: [get] }'));
    for (const id of [
      'wildcard-permissions',
      'secret-read-access',
      'secret-write-access',
      'namespace-escalation',
      'cluster-escalation',
    ] as const)
      expect(
        said(result, id).filter((line) => line.startsWith('fail')),
        id,
      ).toEqual([]);
  });

  it.each([
    ['""', 'fail every'],
    ['example.com', 'pass none'],
  ])('RBAC rules respect apiGroups: secrets of group %s', async (group, expected) => {
    const answer = await ask('secret-read-access', role(`{ apiGroups: [${group}], resources: [secrets], verbs: [get, list] }`));
    expect(answer).toContain(`${expected} ServiceAccount/web`);
  });
});

describe('defaults and inheritance', () => {
  const hardened = 'allowPrivilegeEscalation: false, capabilities: { drop: [ALL] }';
  const podLevel = 'securityContext: { runAsNonRoot: true, seccompProfile: { type: RuntimeDefault } }';

  it('the securityContext of the Pod is inherited', async () => {
    const files = documents(namespace, pod(`${podLevel}, containers: [${container(`securityContext: { ${hardened} }`)}]`));
    expect(await ask('pod-security-standard', files)).toEqual(['pass meets Pod/web']);
  });

  it('what a container sets wins over the Pod', async () => {
    const files = documents(
      namespace,
      pod(`${podLevel}, containers: [${container(`securityContext: { runAsNonRoot: false, ${hardened} }`)}]`),
    );
    expect(await ask('pod-security-standard', files)).toEqual(['fail below-restricted Pod/web']);
  });

  it.each(['initContainers', 'ephemeralContainers'])('%s are not skipped', async (field) => {
    const other = `${field}: [{ name: other, image: web:1, securityContext: { privileged: true } }]`;
    const files = documents(
      namespace,
      pod(`${podLevel}, ${other}, containers: [${container(`securityContext: { ${hardened} }`)}]`),
    );
    expect(await ask('pod-security-standard', files)).toEqual(['fail below-baseline Pod/web']);
  });

  it('controls of Pods are not asked of Services and ClusterRoles', async () => {
    const clusterRole = `apiVersion: ${rbac}/v1\nkind: ClusterRole\nmetadata: { name: web }\nrules: []`;
    const result = await reviewed(documents(service, clusterRole));
    for (const id of ['pod-security-standard', 'memory-limits', 'resource-requests', 'liveness-probe'] as const)
      expect(
        said(result, id).map((line) => line.split(' ')[0]),
        id,
      ).toEqual(['unknown']);
  });

  it('automountServiceAccountToken: false on the ServiceAccount counts', async () => {
    const account = object('v1', 'ServiceAccount', 'web', 'automountServiceAccountToken: false');
    const files = documents(account, pod(`serviceAccountName: web, containers: [${container()}]`));
    expect(await ask('token-automount', files)).toEqual(['pass turned-off Pod/web']);
  });

  it('the default ServiceAccount without its token is no finding', async () => {
    const answer = await ask('default-service-account', pod(`automountServiceAccountToken: false, containers: [${container()}]`));
    expect(answer.filter((line) => line.startsWith('fail'))).toEqual([]);
  });

  it('a LimitRange gives containers the limits that they do not set', async () => {
    const range = object('v1', 'LimitRange', 'defaults', 'spec: { limits: [{ type: Container, default: { memory: 1Gi } }] }');
    expect(await ask('memory-limits', documents(range, pod(`containers: [${container()}]`)))).toEqual([
      'pass defaulted Pod/web/web',
    ]);
  });
});

describe('heuristics for secrets', () => {
  const env = (name: string, value: string) => pod(`containers: [${container(`env: [{ name: ${name}, value: "${value}" }]`)}]`);

  it.each([
    ['DB_PASSWORD_FILE', '/run/secrets/db'],
    ['TOKEN_PATH', '/var/run/token'],
    ['SECRETS_DIR', '/etc/secrets'],
    ['PASSWORD_SECRET_NAME', 'db-credentials'],
    ['ENABLE_PASSWORD_RESET', 'true'],
    ['ADMIN_EMAIL', 'admin@example.com'],
    ['TOKEN_TTL', '3600'],
    ['API_KEY', 'changeme'],
  ])('%s=%s is no credential', async (name, value) => {
    const answer = await ask('literal-credentials', env(name, value));
    expect(answer.filter((line) => line.startsWith('fail'))).toEqual(value === 'changeme' ? answer : []);
  });

  it('envFrom.secretRef is the remedy, not the finding', async () => {
    const answer = await ask('literal-credentials', pod(`containers: [${container('envFrom: [{ secretRef: { name: web } }]')}]`));
    expect(answer).toEqual(['pass clean Pod/web/web']);
  });

  it('the finding says which variable, and never its value', async () => {
    const value = 'q8Zr2vLw0pXs7Tn4';
    const result = await reviewed(env('DB_PASSWORD', value));
    expect(texts(result, 'literal-credentials').join()).toContain('DB_PASSWORD');
    expect(JSON.stringify(result)).not.toContain(value);
  });

  it.each([
    ['AWS_SECRET_ACCESS_KEY', 'fail variable', 'fail key'],
    ['AZURE_BATCH_KEY', 'unknown random', 'unknown random'],
    ['OCI_CLI_KEY_CONTENT', 'unknown random', 'unknown random'],
  ])(
    '%s with a value that could be a credential passes neither in a variable nor in a ConfigMap',
    async (name, variable, key) => {
      const value = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYzq8Zr2vLw0';
      expect(await ask('literal-credentials', env(name, value))).toEqual([`${variable} Pod/web/web`]);
      const map = object('v1', 'ConfigMap', 'web', `data: { ${name}: "${value}" }`);
      expect(await ask('literal-credentials', map)).toEqual([`${key} ConfigMap/web`]);
    },
  );
});

describe('suppression and trust', () => {
  const two = documents(deployment(), deployment().replaceAll('web', 'api'));
  const waiver = (expires: string) =>
    file(
      `  waivers: [{ check: memory-limits, target: Deployment/web, owner: shop, reason: "batch node pool", expires: ${expires} }]\n`,
    );
  const waived = async (text: string) =>
    (await reviewed({ 'k8s/app.yaml': two, 'seaworthy.yaml': text }, [])).checks
      .find(({ id }) => id === 'memory-limits')
      ?.assessments.map(
        ({ target, outcome, waiver: use }) => `${target.name} ${outcome} ${use === undefined ? 'open' : 'waived'}`,
      );

  it('a waiver holds for its target alone, from outside the manifests, and is no pass', async () => {
    expect(await waived(waiver('2026-06-01'))).toEqual(['api fail open', 'web fail waived']);
  });

  it('a waiver that has expired hides nothing', async () => {
    expect(await waived(waiver('2026-03-01'))).toEqual(['api fail open', 'web fail open']);
  });

  it('an expiry that is no date is an error, not a waiver for ever', async () => {
    const { code, stderr } = await run(['review', '-f', 'json'], { 'k8s/app.yaml': two, 'seaworthy.yaml': waiver('someday') });
    expect([code, /seaworthy\.yaml:\d+/.test(stderr)]).toEqual([2, true]);
  });

  it('whoever writes a manifest cannot silence a check in it', async () => {
    const annotations = [
      'kube-score/ignore',
      'ignore-check.kube-linter.io/memory-limits',
      'polaris.fairwinds.com/exempt',
      'seaworthy.dev/ignore',
    ];
    const text = deployment().replace(
      'name: web,',
      `name: web, annotations: { ${annotations.map((key) => `${key}: "true"`).join(', ')} },`,
    );
    expect(await ask('memory-limits', text)).toEqual(['fail absent Deployment/web/web']);
  });
});

describe('silence', () => {
  it.each([
    ['broken YAML', 'apiVersion: v1\nkind: ConfigMap\nmetadata: [1\nb: 2\n'],
    ['a misspelt apiVersion', deployment().replace('apiVersion', 'apiversion').replaceAll('web', 'api')],
    ['no apiVersion', deployment().replace('apiVersion: apps/v1', '').replaceAll('web', 'api')],
    ['a Helm template', 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: {{ .Values.name }} }\n'],
    ['an object without a name', 'apiVersion: v1\nkind: ConfigMap\ndata: {}\n'],
    ['a misspelt field', 'apiVersion: v1\nkind: Service\nmetadata: { name: web }\nspec: { selectr: { app: web } }\n'],
  ])('a file that cannot be read is never silence: %s', async (_, broken) => {
    const result = await reviewed({ 'k8s/app.yaml': deployment(), 'k8s/broken.yaml': broken });
    const check = result.checks.find(({ id }) => id === 'readable-input');
    expect(check).toMatchObject({ level: 'blocker', outcome: 'fail' });
    expect(check?.assessments.map(({ location }) => location?.file)).toContain('k8s/broken.yaml');
    expect(result.verdict).toBe('do-not-launch');
  });

  it.each([
    ['an empty folder of files', { 'k8s/README.md': '# nothing' }],
    ['only comments', { 'k8s/app.yaml': '# nothing\n' }],
    ['only files that do not parse', { 'k8s/app.yaml': 'a: [1\nb: 2\n' }],
  ])('zero objects is an error, not a score of 100: %s', async (_, files) => {
    const { code, stdout } = await run(['review', 'k8s'], files);
    expect([code, stdout]).toEqual([2, '']);
  });

  it('an annotation of many lines does not make its file go unread', async () => {
    const text = deployment().replace(
      'metadata: { name: web, namespace: shop }',
      'metadata:\n  name: web\n  namespace: shop\n  annotations:\n    note: |\n      one\n\n      # two\n      ---three',
    );
    expect(await ask('memory-limits', text)).toEqual(['fail absent Deployment/web/web']);
  });

  it('a check that finds nothing to judge in part of a system is unknown', async () => {
    const result = await reviewed(service);
    expect(result.checks.find(({ id }) => id === 'memory-limits')?.outcome).toBe('unknown');
  });

  it('a kind under an API version that does not have it is a failure, not an object that nobody looks at', async () => {
    expect(await ask('retired-apis', deployment().replace('apps/v1', 'v1'))).toEqual(['fail no-kind Deployment/web']);
  });
});

describe('places', () => {
  it('SARIF has real lines', async () => {
    const { stdout } = await run(['review', 'k8s', '-f', 'sarif'], { 'k8s/app.yaml': `${service}\n---\n${deployment()}` });
    const log = JSON.parse(stdout) as {
      runs: {
        results: {
          ruleId: string;
          locations: { physicalLocation: { artifactLocation: { uri: string }; region?: { startLine: number } } }[];
        }[];
      }[];
    };
    const place = log.runs[0]?.results.find(({ ruleId }) => ruleId.startsWith('memory-limits'))?.locations[0]?.physicalLocation;
    expect(place).toMatchObject({ artifactLocation: { uri: 'k8s/app.yaml' }, region: { startLine: 15 } });
  });

  it('every failure names its object, and where it has one its file and line', async () => {
    const { checks } = await reviewed(documents(deployment(), service));
    const failures = checks.flatMap(({ assessments }) => assessments.filter(({ outcome }) => outcome === 'fail'));
    expect(failures.length).toBeGreaterThan(5);
    for (const { target, location, message } of failures.filter(({ target }) => target.kind === 'Deployment'))
      expect(location?.line, `${target.name}: ${message}`).toBeGreaterThan(0);
  });

  it('there is no score: counts have denominators', async () => {
    expect(Object.keys(await reviewed(deployment())).filter((key) => /score|grade|rating/i.test(key))).toEqual([]);
  });
});

describe('custom kinds and templates', () => {
  it('custom kinds with Pod templates are workloads', async () => {
    const rollout = deployment().replace('apps/v1', 'argoproj.io/v1alpha1').replace('kind: Deployment', 'kind: Rollout');
    expect(await ask('memory-limits', rollout)).toEqual(['fail absent Rollout/web/web']);
  });

  it('a Pod that ends by itself is not asked for what serves requests', async () => {
    const result = await reviewed(documents(pod(`restartPolicy: Never, containers: [${container()}]`), service));
    for (const id of ['readiness-probe', 'replicas', 'pod-disruption-budget'] as const)
      expect(
        said(result, id).filter((line) => line.includes('Pod/web')),
        id,
      ).toEqual([]);
  });

  it('what an object deploys elsewhere is unknown, not absent', async () => {
    const application = object(
      'argoproj.io/v1alpha1',
      'Application',
      'shop',
      'spec: { source: { repoURL: "https://git.example/shop" } }',
      'argocd',
    );
    expect(await ask('memory-limits', documents(deployment(), application))).toEqual([
      'unknown unexpanded Application/shop',
      'fail absent Deployment/web/web',
    ]);
  });

  it('Pods that an operator makes may be what a policy means', async () => {
    const prometheus = object('monitoring.coreos.com/v1', 'Prometheus', 'k8s', 'spec: {}');
    const rules = policy('{ podSelector: { matchLabels: { app.kubernetes.io/name: prometheus } } }');
    expect(await ask('vacuous-selector', documents(deployment(), prometheus, rules))).toEqual([
      'unknown unseen NetworkPolicy/rules',
    ]);
  });
});

describe('noise', () => {
  it('a PodDisruptionBudget is not asked of one replica', async () => {
    expect(await ask('pod-disruption-budget', documents(replicated(1), service))).toEqual([
      'not-applicable few-replicas Deployment/web',
    ]);
  });

  it('imagePullPolicy, CPU limits and priority are nobody’s business', async () => {
    const result = await reviewed(deployment());
    const all = result.checks.flatMap(({ id, assessments }) => assessments.map(({ message }) => `${id} ${message}`)).join('\n');
    expect(all).not.toMatch(/imagePullPolicy|cpu limit|priorityClass/i);
  });

  it('TLS by the annotation of a cloud counts', async () => {
    const ingress = (annotations: string) =>
      `apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: { name: web, namespace: shop${annotations} }\nspec: { ingressClassName: gce, rules: [{ host: shop.example.com, http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }] } }] }`;
    const certificate = object('networking.gke.io/v1', 'ManagedCertificate', 'web', 'spec: { domains: [shop.example.com] }');
    const annotation = ', annotations: { networking.gke.io/managed-certificates: web, kubernetes.io/ingress.class: gce }';
    expect((await ask('ingress-tls-hosts', documents(ingress(annotation), certificate)))[0]).toMatch(/^pass /);
    expect((await ask('ingress-tls-hosts', documents(ingress(''))))[0]).not.toMatch(/^pass /);
  });

  it('every finding has a level, and an advisory one never blocks', async () => {
    const { checks } = await reviewed(deployment());
    expect(new Set(checks.map(({ level }) => level))).toEqual(new Set(['blocker', 'high', 'medium', 'advisory']));
  });

  it('one root cause on many objects is one check with many targets, each with an identity that lines do not change', async () => {
    const prints = async (text: string) =>
      (await reviewed(text)).checks.find(({ id }) => id === 'memory-limits')?.assessments.map(({ fingerprint }) => fingerprint);
    expect(await prints(`# a comment\n\n${deployment()}`)).toEqual(await prints(deployment()));
  });
});

describe('scope across files', () => {
  it('objects of one system may stand in different files', async () => {
    const files = { 'k8s/app.yaml': replicated(1), 'k8s/net/service.yaml': service };
    expect(await ask('replicas', files)).toEqual(['fail few Deployment/web']);
  });

  it('a ServiceAccount that is in no source is unknown, not missing', async () => {
    const answer = await ask('token-automount', pod(`serviceAccountName: elsewhere, containers: [${container()}]`));
    expect(answer).toEqual(['unknown account-unseen Pod/web']);
  });

  it('what the platform provides can be declared, and is printed as assumed', async () => {
    const declared = file(
      `  providedElsewhere:\n    - { kind: Namespace, name: shop, labels: { pod-security.kubernetes.io/enforce: restricted }, owner: platform, reason: "cluster set-up", expires: 2026-09-01 }\n`,
    );
    const result = await reviewed({ 'k8s/app.yaml': deployment(), 'seaworthy.yaml': declared }, []);
    const [first] = result.checks.find(({ id }) => id === 'pod-security-enforcement')?.assessments ?? [];
    expect(first).toMatchObject({ outcome: 'pass', reason: 'assumed' });
  });

  it('a Service without a selector has Endpoints that somebody keeps by hand', async () => {
    const manual = object('v1', 'Service', 'db', 'spec: { ports: [{ port: 5432 }] }');
    const result = await reviewed(documents(deployment(), manual));
    expect(said(result, 'readable-input').map((line) => line.split(' ')[0])).toEqual(['pass']);
    expect(said(result, 'replicas')).toEqual(['not-applicable not-served Deployment/web']);
  });
});

describe('speed and independence', () => {
  it('1300 Pods are reviewed in seconds', async () => {
    const many = Array.from({ length: 1300 }, (_, index) =>
      pod(`containers: [${container()}]`, `name: web-${index}, namespace: shop-${index % 40}, labels: { app: web }`),
    );
    const start = performance.now();
    const result = await reviewed(documents(...many));
    expect(result.inventory.workloads).toBe(1300);
    expect(performance.now() - start).toBeLessThan(20_000);
  });

  it('the same files give the same result, byte for byte, whatever their order', async () => {
    const once = async (files: Files) => (await run(['review', 'k8s', '--as-of', asOf, '-f', 'json'], files)).stdout;
    const files = { 'k8s/a.yaml': deployment(), 'k8s/b.yaml': service };
    expect(await once(files)).toBe(await once(Object.fromEntries(Object.entries(files).reverse())));
  });
});
