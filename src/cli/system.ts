import type { Command } from 'commander';
import { defaultSystem, isReviewFile, loadReviewFile, loadStandardFile, type System } from '../config/load.ts';
import type { Bundle } from '../evidence/bundle.ts';
import { gather } from '../gather/gather.ts';
import { SeaworthyError } from '../model/errors.ts';
import type { Host } from './host.ts';
import type { progressLine } from './progress.ts';

export interface SourceOptions {
  readonly config?: string;
  readonly environment?: string;
  readonly standard?: string;
  readonly from?: string;
  readonly asOf?: string;
}

/** Options of commands that need a system's evidence. */
export function sourceOptions(command: Command): Command {
  return command
    .option('-c, --config <file>', 'the review file (default: seaworthy.yaml, in the path or here)')
    .option('-e, --environment <name>', 'the launch target (default: production)')
    .option('--standard <name|file>', 'recommended, manifests, or a file of your organisation')
    .option('--from <bundle>', 'review the evidence of a saved bundle; nothing is gathered')
    .option('--as-of <moment>', 'judge at this moment (RFC 3339, or "launch")');
}

/** Gathers the evidence of the system that the paths and options name. */
export async function gatherSystem(
  host: Host,
  paths: readonly string[],
  options: SourceOptions,
  progress: ReturnType<typeof progressLine>,
): Promise<Bundle> {
  const system = await findSystem(host, paths, options);
  if (system === undefined)
    throw new SeaworthyError('SW_USAGE', 'There is nothing to review: no path was given and there is no seaworthy.yaml here.', {
      hint: 'Run "seaworthy review k8s/", or "seaworthy init" to write a review file.',
    });
  const standard =
    options.standard === undefined ? system.standard : await loadStandardFile(readText(host), options.standard, system.standard);
  const bundle = await gather(host.io, { ...system, standard }, progress);
  await progress.done();
  return bundle;
}

const maxConfigBytes = 4 << 20;

/** Reads a configuration file. Throws SW_REVIEW_FILE when it cannot be read. */
function readText(host: Host): (path: string) => Promise<string> {
  return async (path) => {
    const read = await host.io.read(path, maxConfigBytes);
    if (!read.ok) throw new SeaworthyError('SW_REVIEW_FILE', read.message, { where: path });
    return new TextDecoder().decode(read.bytes);
  };
}

/**
 * A review file is named by --config, given as a path, or found as seaworthy.yaml in the one directory given or here. Undefined: nothing
 * was named, and there is none here.
 */
export async function findSystem(host: Host, paths: readonly string[], options: SourceOptions): Promise<System | undefined> {
  const read = readText(host);
  const override = options.environment;
  if (options.config !== undefined) {
    const system = await loadReviewFile(read, options.config, override);
    return paths.length === 0
      ? system
      : {
          ...system,
          sources: [...system.sources.filter((source) => source.kind !== 'manifests'), ...defaultSystem(paths, override).sources],
        };
  }
  const [only] = paths;
  if (
    paths.length === 1 &&
    only !== undefined &&
    /\.ya?ml$/.test(only) &&
    (await host.io.kindOf(only)) === 'file' &&
    isReviewFile(await read(only))
  ) {
    return loadReviewFile(read, only, override);
  }
  if (paths.length <= 1) {
    const folder = only ?? '.';
    const candidate = folder === '.' ? 'seaworthy.yaml' : `${folder.replace(/\/+$/, '')}/seaworthy.yaml`;
    if ((await host.io.kindOf(candidate)) === 'file') return loadReviewFile(read, candidate, override);
  }
  return paths.length === 0 ? undefined : defaultSystem(paths, override);
}
