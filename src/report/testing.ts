import type { GateId, GateStatus } from '../model/gate.ts';
import { gateTitles } from '../model/gate.ts';
import type { Assessment, Level } from '../model/judgement.ts';
import type { CheckResult, GateResult, PlanTask, ReviewResult } from '../model/result.ts';

const fingerprint = (n: number) => n.toString(16).padStart(16, '0');

/** An assessment for tests: `n` makes its fingerprint. */
export function anAssessment(n: number, parts: Partial<Assessment> = {}): Assessment {
  return {
    outcome: 'fail',
    messageId: 'found',
    message: 'The observed fact.',
    fingerprint: fingerprint(n),
    target: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'gravl-prod', name: 'backend' },
    ...parts,
  };
}

/** A check for tests. */
export function aCheck(
  id: string,
  gate: GateId,
  level: Level,
  assessments: readonly Assessment[],
  parts: Partial<CheckResult> = {},
): CheckResult {
  const has = (outcome: string) => assessments.some((assessment) => assessment.outcome === outcome);
  const findings = assessments.filter(({ outcome }) => outcome === 'fail' || outcome === 'unknown');
  return {
    id,
    gate,
    level,
    title: `The condition of ${id} holds`,
    rationale: `Without ${id}, users notice.`,
    references: ['https://kubernetes.io/docs/concepts/'],
    outcome: has('fail') ? 'fail' : has('unknown') ? 'unknown' : has('pass') ? 'pass' : 'not-applicable',
    waived: findings.length > 0 && findings.every(({ waiver }) => waiver !== undefined),
    attestable: false,
    assessments,
    ...parts,
  };
}

function aGate(
  id: GateId,
  status: GateStatus,
  summary: string,
  checks: readonly CheckResult[],
  parts: Partial<GateResult> = {},
): GateResult {
  const of = (outcome: string) => checks.filter((check) => check.gate === id && check.outcome === outcome).length;
  const waived = checks.filter((check) => check.gate === id && check.waived).length;
  const counts = { pass: of('pass'), fail: of('fail'), unknown: of('unknown'), notApplicable: of('not-applicable'), waived };
  return { id, title: gateTitles[id], status, summary, counts, signOffs: [], decidedBy: [], ...parts };
}

const ingress = { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', namespace: 'gravl-prod', name: 'gravl' };
const host = (name: string) => ({ apiVersion: 'seaworthy.dev/v1alpha1', kind: 'Host', name });

function sampleChecks(): readonly CheckResult[] {
  const file = 'k8s/production';
  return [
    aCheck('managed-secrets', 'secrets', 'blocker', [
      anAssessment(1, {
        outcome: 'unknown',
        reason: 'missing',
        messageId: 'unseen',
        message: 'Nothing in the sources creates Secret gravl-prod/jwt.',
        target: { apiVersion: 'v1', kind: 'Secret', namespace: 'gravl-prod', name: 'jwt' },
        remedy: 'adopt-external-secrets',
        location: {
          file: `${file}/backend.yaml`,
          line: 31,
          column: 15,
          path: 'spec.template.spec.containers[0].env[2].valueFrom.secretKeyRef.name',
        },
        because: [
          {
            note: 'container api reads key jwt of it',
            target: anAssessment(0).target,
            location: { file: `${file}/backend.yaml`, line: 31, column: 15, path: 'spec' },
          },
        ],
      }),
    ]),
    aCheck('secret-as-file', 'secrets', 'advisory', [
      anAssessment(2, { outcome: 'pass', messageId: 'file', message: 'Secrets are mounted as files.' }),
    ]),
    aCheck('cluster-admin-binding', 'access', 'blocker', [
      anAssessment(3, {
        outcome: 'pass',
        messageId: 'none',
        message: '3 bindings of 4 subjects, none to cluster-admin.',
        target: { apiVersion: 'v1', kind: 'ServiceAccount', namespace: 'gravl-prod', name: 'gravl-deployer' },
        location: { file: `${file}/rbac.yaml`, line: 4, column: 1, path: '' },
      }),
    ]),
    aCheck('intended-flows', 'network', 'blocker', [
      anAssessment(4, {
        outcome: 'pass',
        messageId: 'open',
        message: 'backend reaches postgres on 5432/TCP.',
        location: { file: `${file}/network.yaml`, line: 12, column: 1, path: 'spec' },
      }),
    ]),
    aCheck('dns-egress', 'network', 'blocker', [
      anAssessment(5, {
        outcome: 'pass',
        reason: 'assumed',
        messageId: 'open',
        message: 'DNS is reachable, if kube-dns has the usual labels.',
        location: { file: `${file}/network.yaml`, line: 40, column: 5, path: 'spec.egress[0]' },
      }),
    ]),
    aCheck(
      'certificate-automation',
      'tls',
      'blocker',
      ['gravl.app', 'api.gravl.app', 'admin.gravl.app', 'docs.gravl.app', 'status.gravl.app', 'www.gravl.app'].map(
        (name, index) =>
          anAssessment(16 + index, {
            messageId: 'no-issuer',
            message: 'No Certificate or annotation issues this certificate.',
            target: host(name),
            remedy: 'annotate-ingress',
            location: {
              file: `${file}/ingress.yaml`,
              line: 20 + index,
              column: 9,
              endLine: 20 + index,
              endColumn: 20,
              path: `spec.tls[0].hosts[${index}]`,
            },
            because: [
              {
                note: 'Ingress gravl has no cert-manager annotation',
                target: ingress,
                location: { file: `${file}/ingress.yaml`, line: 5, column: 3, path: 'metadata.annotations' },
              },
            ],
          }),
      ),
    ),
    aCheck('https-redirect', 'tls', 'high', [
      anAssessment(32, {
        messageId: 'plain',
        message: 'HTTP is served without a redirect.',
        target: ingress,
        remedy: 'redirect-to-https',
        location: { file: 'charts/gravl/templates/ingress.yaml', path: 'metadata' },
      }),
    ]),
    aCheck('backup-schedule', 'data', 'high', [
      anAssessment(48, {
        messageId: 'none',
        message: 'No schedule covers StatefulSet gravl-prod/loki.',
        target: { apiVersion: 'apps/v1', kind: 'StatefulSet', namespace: 'gravl-prod', name: 'loki' },
        waiver: {
          owner: 'sre',
          reason: 'logs can be lost | rebuilt',
          expires: '2026-03-20T00:00:00Z',
          compensatingControl: 'logs ship to the cloud',
        },
      }),
    ]),
    aCheck(
      'restore-drill',
      'data',
      'high',
      [
        anAssessment(49, {
          outcome: 'pass',
          reason: 'claimed',
          messageId: 'drilled',
          message: 'A person states that the restore was drilled.',
          target: { apiVersion: 'seaworthy.dev/v1alpha1', kind: 'Datastore', name: 'postgres' },
          attestation: {
            by: 'dba@example.com',
            at: '2026-03-05T10:00:00Z',
            expires: '2026-09-01T00:00:00Z',
            statement: 'Restored in 14 min',
            evidence: 'docs/drills/2026-03-05.md',
          },
          until: '2026-09-01T00:00:00Z',
        }),
      ],
      { attestable: true },
    ),
    aCheck('dashboards', 'observability', 'medium', [
      anAssessment(64, {
        outcome: 'not-applicable',
        messageId: 'none',
        message: 'No Grafana in 41 objects.',
        target: { apiVersion: 'seaworthy.dev/v1alpha1', kind: 'Source', name: 'k8s/production' },
      }),
    ]),
    aCheck('load-test', 'performance', 'blocker', [
      anAssessment(80, {
        outcome: 'unknown',
        reason: 'stale',
        messageId: 'old',
        message: 'The last run is 40 days old; 14 are allowed.',
        target: { apiVersion: 'seaworthy.dev/v1alpha1', kind: 'LoadTest', name: 'load-test.js' },
        remedy: 'run-load-test',
      }),
    ]),
  ];
}

const task = (remedy: string, parts: Partial<PlanTask>): PlanTask => ({
  remedy,
  tier: 'immediate',
  title: remedy,
  owner: 'platform',
  hours: { min: 0.5, likely: 1, max: 2 },
  after: [],
  start: 0,
  slack: 0,
  critical: true,
  findings: [],
  steps: [`Do ${remedy}.`],
  effortBasis: 'A chart and a look at it.',
  ...parts,
});

/** A small result as a review gives it: every state, level, tier and kind of place occurs. */
export function sampleResult(): ReviewResult {
  const checks = sampleChecks();
  const hosts = Array.from({ length: 6 }, (_, index) => fingerprint(16 + index));
  return {
    schemaVersion: '1.0',
    tool: { version: '0.1.0' },
    review: {
      name: 'gravl',
      title: 'Production launch sign-off',
      phase: '10-07',
      owner: 'Architect / PM Autonomy',
      environment: 'production',
      environmentAssumed: true,
      launchAt: '2026-03-10T09:00:00Z',
      documentVersion: '1.0',
    },
    standard: { id: 'recommended', digest: `sha256:${'ab'.repeat(32)}` },
    asOf: '2026-03-06T08:50:00Z',
    validUntil: '2026-03-20T00:00:00Z',
    verdict: 'do-not-launch',
    basis: ['refuted', 'unproven', 'unsigned'],
    decidedBy: [fingerprint(1), ...hosts, fingerprint(80), 'sign-off/tls/security'],
    gates: [
      aGate('secrets', 'awaiting', '1 of 1 blocker is not proven: managed-secrets.', checks, { decidedBy: [fingerprint(1)] }),
      aGate('access', 'approved', '1 of 1 blocker passes.', checks),
      aGate('network', 'conditional', 'dns-egress rests on an assumption; 1 of 2 blockers is proven.', checks, {
        decidedBy: [fingerprint(5)],
      }),
      aGate('tls', 'not-ready', '1 of 1 blocker fails: certificate-automation (6 targets).', checks, {
        signOffs: [{ role: 'security', state: 'missing' }],
        decidedBy: [...hosts, 'sign-off/tls/security'],
      }),
      aGate('data', 'conditional', 'backup-schedule is waived, restore-drill is claimed.', checks, {
        signOffs: [{ role: 'sre', state: 'signed', by: 'sre@example.com', at: '2026-03-05T12:00:00Z' }],
        decidedBy: [fingerprint(48), fingerprint(49)],
      }),
      aGate('observability', 'not-assessed', 'Nothing was assessed: 1 of 1 check is not applicable.', checks),
      aGate('performance', 'awaiting', '1 of 1 blocker is not proven: load-test.', checks, { decidedBy: [fingerprint(80)] }),
    ],
    conditions: [
      {
        fingerprint: fingerprint(48),
        check: 'backup-schedule',
        message: 'No schedule covers StatefulSet gravl-prod/loki.',
        owner: 'sre',
        due: '2026-03-11T09:00:00Z',
      },
    ],
    checks,
    plan: {
      effort: { min: 2.5, likely: 5.25, max: 11 },
      hours: { min: 1.75, likely: 3.5, max: 7 },
      hoursToLaunch: { min: 1.5, likely: 3, max: 6 },
      byPeople: [
        { people: 1, hours: { min: 2.5, likely: 5.25, max: 11 } },
        { people: 2, hours: { min: 1.75, likely: 3.5, max: 7 } },
      ],
      tasks: [
        task('create-issuer', { title: 'Create a ClusterIssuer for production' }),
        task('annotate-ingress', {
          title: 'Cover every host with TLS and annotate it with its issuer',
          owner: 'developer',
          after: ['create-issuer'],
          start: 1,
          findings: hosts,
        }),
        task('adopt-external-secrets', {
          title: 'Bring Secrets from a store',
          owner: 'security',
          critical: false,
          slack: 1,
          findings: [fingerprint(1)],
        }),
        task('run-load-test', {
          title: 'Run the load test on staging',
          owner: 'developer',
          critical: false,
          slack: 2,
          findings: [fingerprint(80)],
          hours: { min: 0.5, likely: 1, max: 2 },
        }),
        task('redirect-to-https', {
          title: 'Redirect HTTP to HTTPS',
          tier: 'high',
          owner: 'developer',
          after: ['annotate-ingress'],
          start: 2,
          findings: [fingerprint(32)],
          hours: { min: 0.25, likely: 0.5, max: 1 },
        }),
      ],
      chain: ['create-issuer', 'annotate-ingress', 'redirect-to-https'],
    },
    views: {
      load: {
        limits: { p95Ms: 200, p99Ms: 500, errorRate: 0.001, minRps: 100 },
        confidence: 0.95,
        runs: [
          {
            path: 'evidence/load-test.json',
            engine: { name: 'embedded', version: '0.1.0', runners: 1 },
            target: 'https://staging.gravl.app',
            environment: 'staging',
            startedAt: '2026-01-25T18:00:00Z',
            test: { model: 'open', rate: 120 },
            labels: ['substitute for load-test.js'],
            seconds: 300,
            counts: { sent: 36_000, ok: 35_986, failed: 14 },
            figures: [
              { id: 'p95', value: 143.5, limit: 200, allowed: 0.05, n: 36_000, upper: 0.0341, state: 'within' },
              { id: 'p99', value: 498.2, limit: 500, allowed: 0.01, n: 36_000, upper: 0.0108, state: 'inconclusive' },
              { id: 'errors', value: 0.0004, limit: 0.001, allowed: 0.001, n: 36_000, state: 'inconclusive' },
            ],
            throughput: { id: 'throughput', value: 119.95, limit: 100, state: 'within' },
          },
        ],
      },
      network: { edges: [{ from: 'backend', to: 'postgres', port: 5432 }] },
    },
    evidence: [
      {
        kind: 'objects',
        status: 'collected',
        source: 'manifests k8s/production',
        collectedAt: '2026-03-06T08:49:00Z',
        digest: `sha256:${'cd'.repeat(32)}`,
      },
      {
        kind: 'load-test',
        status: 'collected',
        source: 'evidence/load.json',
        collectedAt: '2026-01-25T08:00:00Z',
        digest: `sha256:${'ef'.repeat(32)}`,
      },
      { kind: 'image-scan', status: 'absent', source: 'review file', reason: 'no scan is declared' },
      { kind: 'helm', status: 'failed', source: 'charts/gravl', reason: 'helm is not installed' },
    ],
    notes: [
      { id: 'environment-assumed', message: 'The environment was assumed to be production.' },
      {
        id: 'unused-waiver',
        message: 'A waiver covers nothing.',
        location: { file: 'seaworthy.yaml', line: 30, column: 5, path: 'spec.waivers[1]' },
      },
    ],
    inventory: { objects: 41, workloads: 6, byKind: { Deployment: 4, StatefulSet: 2, Ingress: 1, Secret: 3 } },
  };
}

/** A result in which nothing was looked at. */
export function emptyResult(): ReviewResult {
  const none = { min: 0, likely: 0, max: 0 };
  return {
    schemaVersion: '1.0',
    tool: { version: '0.1.0' },
    review: { name: 'empty', environment: 'production', environmentAssumed: false },
    standard: { id: 'manifests', digest: 'sha256:00' },
    asOf: '2026-03-06T08:50:00Z',
    verdict: 'no-verdict',
    basis: [],
    decidedBy: [],
    gates: [],
    conditions: [],
    checks: [],
    plan: { effort: none, hours: none, hoursToLaunch: none, byPeople: [], tasks: [], chain: [] },
    views: {},
    evidence: [],
    notes: [],
    inventory: { objects: 0, workloads: 0, byKind: {} },
  };
}

/** Texts that attack a terminal, a browser, an XML or JSON parser, a CI runner or a reader's eyes. */
export const hostileTexts: readonly string[] = [
  'red \u001b[31mtext\u001b[0m and \u001b]8;;http://evil.example\u0007link\u001b]8;;\u0007',
  'two\nlines\r\n::error file=x::gotcha ::set-output name=a::b',
  '##[error]gotcha and x##[set-env name=A]b',
  ']]></failure><script>alert(1)</script> & "quoted" \'single\'',
  '| pipe | `code` **bold** [link](http://evil.example) ![i](x) <img src=x> www.evil.example @everyone $x$ # {0}',
  'nul \u0000 c1 \u009b31m del \u007f bidi \u202egnp.exe zero \u200b bom \ufeff nonchar \ufffe \uffff',
  'lone \ud800 surrogates \udc00 and a separator \u2028 here',
  'wide \u7ba1\u7406\u8005 \u{1f680} gr\u00fc\u00df',
  '100% %0A a,b:c ``` ~~~ \\| \\',
  '',
];

/** The sample with every text of the data replaced by attacks, in turn. */
export function hostileResult(): ReviewResult {
  let turn = 0;
  const kept = new Set([
    'outcome',
    'reason',
    'level',
    'gate',
    'status',
    'tier',
    'verdict',
    'basis',
    'schemaVersion',
    'fingerprint',
    'state',
    'version',
  ]);
  const replace = (value: unknown, key: string): unknown => {
    if (Array.isArray(value)) return value.map((item) => (key === 'decidedBy' || key === 'findings' ? item : replace(item, key)));
    if (typeof value === 'object' && value !== null)
      return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, replace(inner, name)]));
    if (typeof value !== 'string' || (kept.has(key) && key !== 'reason') || (key === 'id' && value in gateTitles)) return value;
    if (key === 'reason' && /^(missing|stale|assumed|claimed)$/.test(value)) return value;
    if (key === 'check' || key === 'remedy') return value;
    return hostileTexts[turn++ % hostileTexts.length];
  };
  return replace(sampleResult(), '') as ReviewResult;
}

/** The sample with one check that fails for many workloads, each with a message of its own. */
export function manyFindings(count: number): ReviewResult {
  const assessments = Array.from({ length: count }, (_, index) =>
    anAssessment(index + 1_000, {
      message: `Container api of workload ${index} has no memory limit.`,
      target: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: `team-${index % 50}`, name: `workload-${index}` },
      location: { file: `k8s/team-${index % 50}.yaml`, line: index + 1, column: 3, path: 'spec' },
      because: [
        { note: 'resources has no limits', target: { apiVersion: 'apps/v1', kind: 'Deployment', name: `workload-${index}` } },
      ],
    }),
  );
  const sample = sampleResult();
  return {
    ...sample,
    checks: [...sample.checks, aCheck('memory-limits', 'workloads', 'high', assessments)],
    decidedBy: assessments.map(({ fingerprint }) => fingerprint),
  };
}
