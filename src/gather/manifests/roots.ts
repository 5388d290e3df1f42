import type { SlotOf } from '../../evidence/bundle.ts';
import { textAt, texts, listAt, isObject } from '../../kube/json.ts';
import { parseText } from '../../kube/yaml/parse.ts';
import { SeaworthyError } from '../../model/errors.ts';
import { renderHelm } from '../helm/helm.ts';
import type { Io } from '../io.ts';
import { kustomizationFile, renderKustomize } from '../kustomize/kustomize.ts';
import type { ObjectSpec, Selection } from './manifests.ts';

/**
 * Renders what a directory holds beside plain manifests: its one kustomization that no other references, its chart. Several
 * roots are alternatives (overlays for environments), so choosing one is the user's: throws SW_SOURCE_AMBIGUOUS that lists them.
 */
export async function renderedRoots(
  io: Io,
  spec: Extract<ObjectSpec, { path: string }>,
  selection: Selection,
): Promise<readonly SlotOf<'objects'>[]> {
  const kustomizations = await rootKustomizations(io, selection.kustomizations);
  const roots = [...kustomizations, ...selection.charts];
  if (roots.length === 0) return [];
  if (roots.length > 1) {
    throw new SeaworthyError(
      'SW_SOURCE_AMBIGUOUS',
      `The directory holds ${roots.length} things to render, and which of them launches is not known.`,
      {
        where: spec.path,
        hint: `Name one: ${roots.join(', ')}.`,
      },
    );
  }
  const [kustomization] = kustomizations;
  const { kind: _, path: __, ...rest } = spec;
  if (kustomization !== undefined) return [await renderKustomize(io, { ...rest, kind: 'kustomize', path: kustomization })];
  const chart = selection.charts[0] ?? spec.path;
  return [await renderHelm(io, { ...rest, kind: 'helm', chart, values: [], release: 'release', apiVersions: [] })];
}

/** Kustomizations that no other one of the directory references, and that are no components (those render only as part of another). */
async function rootKustomizations(io: Io, folders: readonly string[]): Promise<readonly string[]> {
  const referenced = new Set<string>();
  const candidates: string[] = [];
  for (const folder of folders) {
    const file = await kustomizationFile(io, folder);
    if (file === undefined) continue;
    const value = parseText(file.text).documents[0]?.value;
    if (textAt(value, 'kind') !== 'Component') candidates.push(folder);
    const references = ['resources', 'bases', 'components'].flatMap((key) => (isObject(value) ? texts(value[key]) : []));
    for (const reference of references) referenced.add(resolve(folder, reference));
    // A chart that a kustomization inflates is rendered by it.
    for (const chart of listAt(value, 'helmCharts')) {
      const name = textAt(chart, 'name');
      if (name !== undefined) referenced.add(resolve(folder, `charts/${name}`));
    }
  }
  return candidates.filter((folder) => !referenced.has(folder));
}

function resolve(folder: string, reference: string): string {
  const steps = folder === '.' ? [] : folder.split('/');
  for (const step of reference.split('/')) {
    if (step === '' || step === '.') continue;
    if (step === '..' && steps.length > 0 && steps.at(-1) !== '..') steps.pop();
    else steps.push(step);
  }
  return steps.join('/') || '.';
}
