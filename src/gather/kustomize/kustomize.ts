import type { SlotOf } from '../../evidence/bundle.ts';
import type { SourceSpec } from '../../evidence/source-spec.ts';
import { SeaworthyError } from '../../model/errors.ts';
import type { Io, RunResult } from '../io.ts';
import { objectsSlot, sourceFile } from '../manifests/manifests.ts';
import { explainFailure, renderLimits } from '../render.ts';

const names = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'] as const;

/** The kustomization file of a folder and its text. */
export async function kustomizationFile(
  io: Io,
  folder: string,
): Promise<{ readonly path: string; readonly text: string } | undefined> {
  for (const name of names) {
    const path = folder === '.' ? name : `${folder}/${name}`;
    const read = await io.read(path, 4 << 20);
    if (read.ok) return { path, text: new TextDecoder().decode(read.bytes) };
  }
  return undefined;
}

/**
 * Renders a kustomization by `kustomize build`, else `kubectl kustomize`. Plugins, functions and charts stay off: they run programs.
 * Throws SW_TOOL_MISSING or SW_TOOL_FAILED.
 */
export async function renderKustomize(io: Io, spec: Extract<SourceSpec, { kind: 'kustomize' }>): Promise<SlotOf<'objects'>> {
  const file = await kustomizationFile(io, spec.path);
  if (file === undefined)
    throw new SeaworthyError('SW_SOURCE_NOT_FOUND', 'There is no kustomization in the directory.', { where: spec.path });
  const result = await build(io, spec.path);
  if (!result.ok) {
    if (result.problem === 'not-found') {
      throw new SeaworthyError(
        'SW_TOOL_MISSING',
        'The kustomization was not rendered: neither kustomize nor kubectl is installed.',
        {
          where: spec.path,
          hint: 'Install kubectl or kustomize, or render it elsewhere and give the output: kustomize build DIR | seaworthy review -',
        },
      );
    }
    throw new SeaworthyError('SW_TOOL_FAILED', `kustomize could not render the directory: ${explainFailure(result)}.`, {
      where: spec.path,
      hint: `Run it yourself to see all of it: kubectl kustomize ${spec.path}`,
    });
  }
  // One rendered stream, one origin: the kustomization. Which base an object came from is not in the output.
  const text = new TextDecoder().decode(result.stdout);
  return objectsSlot(spec, `kustomize ${spec.path}`, 'kustomize', [sourceFile(file.path, text, false)], io.now());
}

async function build(io: Io, folder: string): Promise<RunResult> {
  const own = await io.run('kustomize', ['build', folder], renderLimits);
  return own.ok || own.problem !== 'not-found' ? own : io.run('kubectl', ['kustomize', folder], renderLimits);
}
