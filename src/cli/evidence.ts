import { type Command, Option } from 'commander';
import type { Bundle } from '../evidence/bundle.ts';
import { type NetworkProfile, networkProfiles } from '../evidence/declared.ts';
import { loadBundle } from '../evidence/store.ts';
import { createFacts, type FactStore } from '../facts/fact.ts';
import { inventory } from '../facts/inventory.ts';
import { objects } from '../facts/objects.ts';
import { formatPlace, SeaworthyError } from '../model/errors.ts';
import { noObjects } from '../review.ts';
import { momentOf } from './commands/review.ts';
import type { Host } from './host.ts';
import { progressLine } from './progress.ts';
import { printable } from './render-error.ts';
import { gatherSystem } from './system.ts';

export interface EvidenceOptions {
  readonly config?: string;
  readonly environment?: string;
  readonly asOf?: string;
}

/** What a question is asked about: the facts of one environment, at one moment. */
export interface Evidence {
  readonly facts: FactStore;
  readonly asOf: string;
  readonly bundle: Bundle;
}

/** Options of commands that ask facts. A bundle is a path like any other here, since some of them use `--from` for something else. */
export function evidenceOptions(command: Command): Command {
  return command
    .option('-c, --config <file>', 'the review file (default: seaworthy.yaml, in the path or here)')
    .option('-e, --environment <name>', 'the launch target (default: production)')
    .option('--as-of <moment>', 'answer for this moment (RFC 3339, or "launch")');
}

export const profileOption = (): Option =>
  new Option('--profile <name>', 'the network plugin; settles what Kubernetes leaves open').choices(networkProfiles);

/** What paths are, for help. */
export const pathsHelp = 'manifests, a kustomization, a chart, a review file, or a saved bundle (*.gz)';

/** Whether a path names a saved bundle. */
export const isBundle = (path: string): boolean => path.endsWith('.gz');

/** Gathers the evidence, or loads it where the one path is a bundle. Files that cannot be read are named on stderr: no answer holds for them. */
export async function readEvidence(
  host: Host,
  paths: readonly string[],
  options: EvidenceOptions,
  profile?: NetworkProfile,
): Promise<Evidence> {
  const [only] = paths;
  const bundles = paths.filter(isBundle);
  if (bundles.length > 0 && paths.length > 1)
    throw new SeaworthyError('SW_USAGE', 'A bundle holds all the evidence: give one bundle, or paths.', {
      where: bundles[0] ?? '',
    });
  const gathered =
    only !== undefined && isBundle(only) ? await loadBundle(only) : await gatherSystem(host, paths, options, progressLine(host));
  const bundle = profile === undefined ? gathered : withProfile(gathered, profile);
  const facts = createFacts(bundle);
  if (facts(inventory).objects.length === 0) throw noObjects(facts(objects).problems);
  await warn(host, bundle, facts);
  return { facts, bundle, asOf: momentOf(options.asOf, bundle) };
}

const withProfile = (bundle: Bundle, profile: NetworkProfile): Bundle => {
  const { review } = bundle.declared;
  return { ...bundle, declared: { ...bundle.declared, review: { ...review, network: { ...review.network, profile } } } };
};

async function warn(host: Host, bundle: Bundle, facts: FactStore): Promise<void> {
  for (const slot of bundle.slots)
    if (slot.kind === 'objects' && slot.status === 'failed')
      await host.write('stderr', `warning: ${printable(`${slot.source}: ${slot.reason}`)}; no answer counts what it holds\n`);
  for (const { file, problem } of facts(objects).unread) {
    const position = 'position' in problem ? problem.position : {};
    const where = printable(formatPlace({ file, ...position }));
    await host.write('stderr', `warning: ${where}: ${printable(problem.message)} No answer counts what stands there.\n`);
  }
}
