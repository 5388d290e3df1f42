import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { defaultSystem, loadReviewFile } from '../../src/config/load.ts';
import type { Bundle } from '../../src/evidence/bundle.ts';
import { gather } from '../../src/gather/gather.ts';
import { nodeIo } from '../../src/gather/node-io.ts';
import { createFacts } from '../../src/facts/fact.ts';
import { objects } from '../../src/facts/objects.ts';
import { review } from '../../src/review.ts';
import { readFileSync } from 'node:fs';

const own = join(import.meta.dirname, '../../tools/kube/bin');
const path = `${own}:${process.env['PATH'] ?? ''}`;
const has = (program: string) =>
  spawnSync(program, ['version', '--client'], { env: { PATH: path }, stdio: 'ignore' }).error === undefined;
const hasHelm = has('helm');
const hasKubectl = has('kubectl');
if (!hasHelm || !hasKubectl) console.warn('skipped: real kubectl or helm is missing; install both with: npm run tools:kube');

function project(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'seaworthy-render-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

const io = (cwd: string, PATH = path) =>
  nodeIo({ cwd, stdin: Readable.from([]), env: { PATH, HOME: cwd }, now: () => '2026-03-06T08:50:00Z' });
const gatherPath = (cwd: string, source: string, PATH = path) => {
  const system = defaultSystem([source]);
  return gather(io(cwd, PATH), { ...system, sources: system.sources.filter(({ kind }) => kind !== 'git') });
};
const names = (bundle: Bundle) =>
  createFacts(bundle)(objects)
    .objects.map(({ ref, source }) => `${ref.kind}/${ref.namespace ?? ''}/${ref.name} ${source.file}`)
    .sort();

const deployment = (name: string) =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: ${name} }\nspec:\n  selector: { matchLabels: { app: ${name} } }\n  template:\n    metadata: { labels: { app: ${name} } }\n    spec: { containers: [{ name: web, image: web }] }\n`;

describe.skipIf(!hasKubectl)('kustomizations, by real kubectl', () => {
  const base = { 'k/base/kustomization.yaml': 'resources: [web.yaml]\n', 'k/base/web.yaml': deployment('web') };

  it('a directory with a base and one overlay is rendered once, from the overlay', async () => {
    const folder = project({
      ...base,
      'k/prod/kustomization.yaml': 'resources: [../base]\nnamespace: shop\nnamePrefix: prod-\n',
    });
    expect(names(await gatherPath(folder, 'k'))).toEqual(['Deployment/shop/prod-web k/prod/kustomization.yaml']);
  });

  it('two overlays are a choice that the user must make', async () => {
    const folder = project({
      ...base,
      'k/prod/kustomization.yaml': 'resources: [../base]\n',
      'k/test/kustomization.yaml': 'resources: [../base]\n',
    });
    await expect(gatherPath(folder, 'k')).rejects.toMatchObject({
      code: 'SW_SOURCE_AMBIGUOUS',
      hint: expect.stringContaining('k/prod, k/test'),
    });
  });

  it('components are no roots', async () => {
    const folder = project({
      'k/kustomization.yaml': 'resources: [web.yaml]\n',
      'k/web.yaml': deployment('web'),
      'k/parts/kustomization.yaml': 'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nnamePrefix: x-\n',
    });
    expect(names(await gatherPath(folder, 'k'))).toEqual(['Deployment/default/web k/kustomization.yaml']);
  });

  it('a generated Secret is masked', async () => {
    const folder = project({
      'k/kustomization.yaml': 'secretGenerator:\n  - name: db\n    literals: [password=correct-horse-battery-staple]\n',
    });
    expect(JSON.stringify(await gatherPath(folder, 'k'))).not.toContain(
      Buffer.from('correct-horse-battery-staple').toString('base64'),
    );
  });

  it('bases that form a cycle fail with the reason, and nothing hangs', async () => {
    const folder = project({ 'k/a/kustomization.yaml': 'resources: [../b]\n', 'k/b/kustomization.yaml': 'resources: [../a]\n' });
    await expect(gatherPath(folder, 'k/a')).rejects.toMatchObject({
      code: 'SW_TOOL_FAILED',
      message: expect.stringContaining('cycle'),
    });
  });

  it('findings name the kustomization without a line', async () => {
    const folder = project(base);
    const finding = review(await gatherPath(folder, 'k/base')).checks.find(({ id }) => id === 'memory-limits')?.assessments[0];
    expect(finding?.location).toEqual({ file: 'k/base/kustomization.yaml', path: 'spec.template.spec.containers[0].resources' });
  });
});

describe('a program that is not installed', () => {
  it('is a failure with the way to install it, never silence', async () => {
    const folder = project({ 'k/kustomization.yaml': 'resources: []\n' });
    await expect(gatherPath(folder, 'k', '/nonexistent')).rejects.toMatchObject({
      code: 'SW_TOOL_MISSING',
      hint: expect.stringContaining('Install kubectl or kustomize'),
    });
  });

  it('leaves the other sources standing and fails readable-input', async () => {
    const folder = project({
      'chart/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.0.0\n',
      'k8s/web.yaml': deployment('web'),
    });
    const system = defaultSystem(['chart', 'k8s']);
    const bundle = await gather(io(folder, '/nonexistent'), system);
    const input = review(bundle).checks.find(({ id }) => id === 'readable-input');
    expect(input?.assessments.map(({ outcome, target }) => `${outcome} ${target.name}`)).toEqual(['fail chart', 'pass k8s']);
  });
});

const chart = {
  'chart/Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 1.0.0\n',
  'chart/values.yaml': 'replicas: 1\npassword: ""\n',
  'chart/crds/widget.yaml':
    'apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: { name: widgets.example.com }\nspec: { group: example.com, scope: Cluster, names: { kind: Widget, plural: widgets }, versions: [] }\n',
  'chart/templates/web.yaml': `${deployment('{{ .Release.Name }}-web').replace('spec:\n  selector', 'spec:\n  replicas: {{ .Values.replicas }}\n  selector')}`,
  'chart/templates/secret.yaml':
    'apiVersion: v1\nkind: Secret\nmetadata: { name: generated }\nstringData:\n  password: {{ randAlphaNum 40 | quote }}\n',
  'chart/templates/tests/smoke.yaml':
    'apiVersion: v1\nkind: Pod\nmetadata:\n  name: smoke\n  annotations: { "helm.sh/hook": test }\nspec: { containers: [{ name: t, image: t }] }\n',
  'chart/templates/migrate.yaml':
    'apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: migrate\n  annotations: { "helm.sh/hook": pre-install }\nspec: { template: { spec: { restartPolicy: Never, containers: [{ name: m, image: m }] } } }\n',
  'chart/templates/gone.yaml':
    '{{ if .Capabilities.APIVersions.Has "example.com/v1" }}apiVersion: example.com/v1\nkind: Widget\nmetadata: { name: {{ .Capabilities.KubeVersion.Version | replace "." "-" }} }\n{{ end }}',
};

describe.skipIf(!hasHelm)('charts, by real helm', () => {
  it('are rendered with their CRDs and hooks, without their tests; each object names its template', async () => {
    const bundle = await gatherPath(project(chart), 'chart');
    expect(names(bundle)).toEqual([
      'CustomResourceDefinition//widgets.example.com chart/crds/widget.yaml',
      'Deployment/default/release-web chart/templates/web.yaml',
      'Job/default/migrate chart/templates/migrate.yaml',
      'Secret/default/generated chart/templates/secret.yaml',
    ]);
  });

  it('a value that each rendering invents anew is marked, and the digest does not change with it', async () => {
    const folder = project(chart);
    const [first, second] = [await gatherPath(folder, 'chart'), await gatherPath(folder, 'chart')];
    const slot = first.slots[0];
    expect(slot?.status === 'collected' && slot.kind === 'objects' ? slot.data.files[0]?.generatedAtRender : undefined).toEqual([
      { document: expect.any(Number), path: ['stringData', 'password'] },
    ]);
    expect(first.slots[0]).toMatchObject({ digest: (second.slots[0] as { digest: string }).digest });
  });

  it('values, release, namespace, Kubernetes version and API versions come from the review file', async () => {
    const folder = project({
      ...chart,
      'prod.yaml': 'replicas: 5\n',
      'seaworthy.yaml':
        'apiVersion: seaworthy.dev/v1alpha1\nkind: Review\nmetadata: { name: shop }\nspec:\n  sources:\n    - helm: { chart: chart, values: [prod.yaml], release: shop, namespace: shop-prod, kubeVersion: "1.33", apiVersions: [example.com/v1] }\n',
    });
    const system = await loadReviewFile(async (name) => readFileSync(join(folder, name), 'utf8'), 'seaworthy.yaml');
    const bundle = await gather(io(folder), { ...system, sources: system.sources.filter(({ kind }) => kind !== 'git') });
    expect(names(bundle)).toContain('Deployment/shop-prod/shop-web chart/templates/web.yaml');
    expect(names(bundle)).toContain('Widget//v1-33 chart/templates/gone.yaml');
    const web = createFacts(bundle)(objects).objects.find(({ ref }) => ref.name === 'shop-web');
    expect(web?.value['spec']).toMatchObject({ replicas: 5 });
  });

  it('a chart that does not render fails with the reason and no values', async () => {
    const folder = project({
      ...chart,
      'chart/templates/bad.yaml': '{{ required "set the password s3cr3t-hint" .Values.nothing }}',
    });
    const error = await gatherPath(folder, 'chart').catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'SW_TOOL_FAILED' });
  });
});
