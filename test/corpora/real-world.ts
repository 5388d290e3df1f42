import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { defaultSystem } from '../../src/config/load.ts';
import type { Bundle } from '../../src/evidence/bundle.ts';
import type { SourceSpec } from '../../src/evidence/source-spec.ts';
import { gather } from '../../src/gather/gather.ts';
import { nodeIo } from '../../src/gather/node-io.ts';

/** Manifests that others published; beside the checkout where they are present at all. */
export const corpus = join(import.meta.dirname, '../../../shared/corpora/real-world');
export const present = existsSync(corpus);

const asOf = '2026-03-06T08:50:00Z';
const path = `${join(import.meta.dirname, '../../tools/kube/bin')}:${process.env['PATH'] ?? ''}`;
const has = (program: string) =>
  spawnSync(program, ['version', '--client'], { env: { PATH: path }, stdio: 'ignore' }).error === undefined;
export const hasKubectl = has('kubectl');
export const hasHelm = has('helm');

/** One published system. */
export interface System {
  /** Also the name of its snapshot. */
  readonly name: string;
  readonly needs?: 'kubectl' | 'helm';
  readonly sources: readonly SourceSpec[];
  /** Kustomize components that are added to the root. */
  readonly components?: readonly string[];
}

const common = { role: 'system', environment: 'production' } as const;
const manifests = (file: string): SourceSpec => ({ kind: 'manifests', path: file, ...common });
const kustomize = (folder: string): SourceSpec => ({ kind: 'kustomize', path: folder, ...common });

const providers = ['aws', 'aws/nlb-with-tls-termination', 'baremetal', 'cloud', 'do', 'exoscale', 'kind', 'oracle', 'scw'];
const shop = [
  'adservice',
  'cartservice',
  'checkoutservice',
  'currencyservice',
  'emailservice',
  'frontend',
  'loadgenerator',
  'paymentservice',
  'productcatalogservice',
  'recommendationservice',
  'shippingservice',
];

/** The components of the shop; each is one system with the base, because most stand for another platform. */
export const components = [
  'alloydb',
  'container-images-registry',
  'container-images-tag',
  'container-images-tag-suffix',
  'custom-base-url',
  'cymbal-branding',
  'google-cloud-operations',
  'memorystore',
  'network-policies',
  'non-public-frontend',
  'service-mesh-istio',
  'single-shared-session',
  'spanner',
  'without-loadgenerator',
];

export const systems: readonly System[] = [
  { name: 'kube-prometheus', sources: [manifests('kube-prometheus/manifests')] },
  // The folder has a kustomization too, which names the same objects.
  {
    name: 'online-boutique-manifests',
    sources: shop.map((name) => manifests(`online-boutique/kubernetes-manifests/${name}.yaml`)),
  },
  { name: 'online-boutique-release', sources: [manifests('online-boutique/release/kubernetes-manifests.yaml')] },
  {
    name: 'online-boutique-release-istio',
    sources: [manifests('online-boutique/release')],
  },
  { name: 'online-boutique-kustomize', needs: 'kubectl', sources: [kustomize('online-boutique/kustomize')] },
  ...components.map(
    (component): System => ({
      name: `online-boutique-with-${component}`,
      needs: 'kubectl',
      sources: [kustomize('kustomize')],
      components: [component],
    }),
  ),
  {
    name: 'online-boutique-helm',
    needs: 'helm',
    sources: [
      {
        kind: 'helm',
        chart: 'online-boutique/helm-chart',
        values: [],
        release: 'boutique',
        namespace: 'boutique',
        apiVersions: [],
        ...common,
      },
    ],
  },
  ...providers.map(
    (provider): System => ({
      name: `ingress-nginx-${provider.replaceAll('/', '-')}`,
      sources: [manifests(`ingress-nginx/deploy/static/provider/${provider}/deploy.yaml`)],
    }),
  ),
];

export const canRun = ({ needs }: System): boolean => needs === undefined || (needs === 'helm' ? hasHelm : hasKubectl);

/** Reads a system as the command line would. */
export async function bundleOf(system: System): Promise<Bundle> {
  if (system.components === undefined) return gatherIn(corpus, system);
  const folder = mkdtempSync(join(tmpdir(), 'seaworthy-corpus-'));
  try {
    cpSync(join(corpus, 'online-boutique/kustomize'), join(folder, 'kustomize'), { recursive: true });
    const file = join(folder, 'kustomize/kustomization.yaml');
    const chosen = system.components.map((name) => `- components/${name}\n`).join('');
    const text = readFileSync(file, 'utf8').replace(/^components:$/m, `components:\n${chosen}`);
    writeFileSync(file, text);
    return await gatherIn(folder, system);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function gatherIn(cwd: string, { name, sources }: System): Promise<Bundle> {
  const io = nodeIo({ cwd, stdin: Readable.from([]), env: { PATH: path, HOME: tmpdir() }, now: () => asOf });
  return gather(io, { ...defaultSystem([name]), sources });
}
