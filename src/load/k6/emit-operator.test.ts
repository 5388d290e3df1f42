import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import type { LoadLimits, LoadScenario } from '../../evidence/declared.ts';
import { scenarioDigest } from '../../evidence/load-tests/scenario-digest.ts';
import { aScenario } from '../../evidence/load-tests/testing.ts';
import { emitK6Operator, type OperatorOptions } from './emit-operator.ts';
import { emitK6Script, scriptDigest } from './emit-script.ts';

const limits: LoadLimits = { p95Ms: 200, p99Ms: 500, errorRate: 0.001, minRps: 100 };
const scenario = aScenario({
  requests: [
    {
      name: 'a: "b" # c\n---\n',
      method: 'GET',
      path: '/',
      weight: 1,
      headers: { authorization: 'Bearer ${TOKEN}' },
      success: [[200, 399]],
    },
  ],
});
const emit = (options: Partial<OperatorOptions> = {}, change: Partial<LoadScenario> = {}): string => {
  const changed = { ...scenario, ...change };
  return emitK6Operator(changed, limits, {
    name: 'gravl-load',
    runners: 4,
    target: '${GRAVL_API_URL}',
    digest: scenarioDigest(changed),
    ...options,
  });
};

interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly labels: Readonly<Record<string, string>> };
  readonly data?: Readonly<Record<string, string>>;
  readonly spec?: Readonly<Record<string, unknown>> & {
    readonly runner: Readonly<Record<string, unknown>>;
    readonly starter: Readonly<Record<string, unknown>>;
  };
}
const objectsOf = (text: string): readonly [Manifest, Manifest] => {
  const documents = parseAllDocuments(text);
  expect(documents.flatMap(({ errors }) => errors)).toEqual([]);
  return documents.map((document) => document.toJS() as Manifest) as unknown as readonly [Manifest, Manifest];
};

/**
 * Fields of TestRun (k6.io/v1alpha1) and of its Pods, read from api/v1alpha1/testrun_types.go of k6-operator: an unknown field would be dropped
 * without a word, or refused.
 */
const specFields =
  'script parallelism separate arguments ports initializer starter runner quiet paused scuttle cleanup cloud testRunId token'.split(
    ' ',
  );
const podFields =
  'disabled affinity automountServiceAccountToken env image imagePullSecrets imagePullPolicy metadata nodeSelector tolerations topologySpreadConstraints resources serviceAccountName securityContext containerSecurityContext envFrom readinessProbe livenessProbe initContainers volumes volumeMounts priorityClassName schedulerName'.split(
    ' ',
  );

describe('manifests for k6-operator', () => {
  it('are a ConfigMap with the script and a TestRun that names it', () => {
    const [map, run] = objectsOf(emit());
    expect([map.apiVersion, map.kind, map.metadata.name]).toEqual(['v1', 'ConfigMap', 'gravl-load-script']);
    expect(map.data?.['load-test.js']).toBe(
      emitK6Script(scenario, limits, { target: '${GRAVL_API_URL}', digest: scenarioDigest(scenario), runners: 4 }),
    );
    expect(map.data?.['load-test.js']).toContain(scriptDigest(map.data?.['load-test.js'] ?? ''));
    expect([run.apiVersion, run.kind, run.metadata.name]).toEqual(['k6.io/v1alpha1', 'TestRun', 'gravl-load']);
    expect(run.spec).toMatchObject({
      parallelism: 4,
      script: { configMap: { name: 'gravl-load-script', file: 'load-test.js' } },
      arguments: '--no-usage-report',
    });
  });

  it('have only fields that the resource definition has, of its types', () => {
    const [, { spec }] = objectsOf(emit({ separate: true }));
    expect(Object.keys(spec ?? {}).filter((field) => !specFields.includes(field))).toEqual([]);
    for (const pod of [spec?.runner, spec?.starter]) {
      expect(Object.keys(pod ?? {}).filter((field) => !podFields.includes(field))).toEqual([]);
      expect(pod?.['automountServiceAccountToken']).toBe('false');
    }
  });

  it('never delete results, and never stop one runner alone', () => {
    const text = emit();
    expect(objectsOf(text)[1].spec).not.toHaveProperty('cleanup');
    expect(text).not.toContain('abortOnFail');
  });

  it('satisfy the restricted Pod Security Standard', () => {
    const [, { spec }] = objectsOf(emit());
    for (const pod of [spec?.runner, spec?.starter])
      expect(pod).toMatchObject({
        securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
        containerSecurityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
      });
  });

  it('take values of variables from a Secret, by name', () => {
    const [, { spec }] = objectsOf(emit());
    const ref = (key: string) => ({ name: key, valueFrom: { secretKeyRef: { name: 'gravl-load-variables', key } } });
    expect(spec?.runner['env']).toEqual([
      { name: 'K6_AUTO_EXTENSION_RESOLUTION', value: 'false' },
      ref('GRAVL_API_URL'),
      ref('TOKEN'),
    ]);
    expect(emit()).toContain('#      kubectl create secret generic gravl-load-variables --from-env-file=FILE');
    expect(emit({ target: 'http://a' }, { requests: [{ ...scenario.requests[0]!, headers: {} }] })).not.toContain('secret');
  });

  it('ask for memory that the virtual users of one runner need', () => {
    const memoryOf = (runners: number) => objectsOf(emit({ runners }))[1].spec?.runner['resources'];
    expect(memoryOf(1)).toEqual({ requests: { cpu: '1', memory: '896Mi' }, limits: { memory: '896Mi' } });
    expect(memoryOf(4)).toEqual({ requests: { cpu: '1', memory: '384Mi' }, limits: { memory: '384Mi' } });
  });

  it('have at least one virtual user for each runner, or k6 would refuse', () => {
    const [map] = objectsOf(emit({ runners: 50 }, { stages: [{ from: 1, to: 1, durationMs: 60_000 }], timeoutMs: 1000 }));
    expect(map.data?.['load-test.js']?.match(/maxVUs: 50,/g)).toHaveLength(2);
  });

  it('carry namespace, image and nodes of their own where asked, also in the commands', () => {
    const text = emit({ namespace: 'load', image: 'registry.test/k6@sha256:00', separate: true });
    const [map, run] = objectsOf(text);
    expect([map.metadata.namespace, run.metadata.namespace, run.spec?.['separate'], run.spec?.runner['image']]).toEqual([
      'load',
      'load',
      true,
      'registry.test/k6@sha256:00',
    ]);
    const commands = text.split('\n').filter((line) => /^#\s+(?:kubectl|for )/.test(line));
    expect(commands).toHaveLength(6);
    for (const command of commands) expect(command).toContain(' -n load');
    expect(text).toContain('Each runner needs a node of its own: 4 nodes with room');
  });

  it('say what comes next', () => {
    const text = emit();
    expect(text).toContain("kubectl wait testrun/gravl-load --for=jsonpath='{.status.stage}'=finished --timeout=640s");
    expect(text).toContain(
      'seaworthy load collect gravl-load-pods.json gravl-load-*.log --runners 4 -o gravl-load.load-test.json',
    );
    expect(text).toContain('kubectl apply --server-side -f gravl-load.yaml');
  });

  it('hold the rows beside the script, and say so', () => {
    const text = emit({ rows: [{ user: 'ann' }, { user: 'b: "c"\n' }] }, { data: 'users.csv' });
    const [map] = objectsOf(text);
    expect(JSON.parse(map.data?.['rows.json'] ?? '')).toEqual([{ user: 'ann' }, { user: 'b: "c"\n' }]);
    expect(map.data?.['load-test.js']).toContain('open("./rows.json")');
    expect(text).toContain('# The ConfigMap holds the rows of data');
  });

  it('are refused where a ConfigMap would be too large', () => {
    const rows = Array.from({ length: 1100 }, () => ({ text: 'x'.repeat(1000) }));
    expect(() => emit({ rows }, { data: 'users.csv' })).toThrow(
      expect.objectContaining({ code: 'SW_LOAD_PLAN', hint: expect.stringContaining('PersistentVolumeClaim') as unknown }),
    );
  });

  it.each<[Partial<OperatorOptions>, string]>([
    [{ name: 'Gravl' }, 'The name of the TestRun'],
    [{ name: 'a\nb' }, 'The name of the TestRun'],
    [{ name: 'a; rm -rf /' }, 'The name of the TestRun'],
    [{ name: 'a'.repeat(41) }, 'The name of the TestRun'],
    [{ name: '' }, 'The name of the TestRun'],
    [{ namespace: 'a b' }, 'The namespace'],
    [{ runners: 0 }, 'The number of runners'],
    [{ runners: 1.5 }, 'The number of runners'],
    [{ runners: 1001 }, 'The number of runners'],
  ])('%j is refused', (options, message) => {
    expect(() => emit(options)).toThrow(
      expect.objectContaining({ code: 'SW_LOAD_PLAN', message: expect.stringContaining(message) as unknown }),
    );
  });
});
