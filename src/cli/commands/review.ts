import { type Command, Option } from 'commander';
import type { Bundle } from '../../evidence/bundle.ts';
import { loadBundle, saveBundle } from '../../evidence/store.ts';
import { addDays, parseMoment } from '../../model/time.ts';
import { SeaworthyError } from '../../model/errors.ts';
import type { ReviewResult } from '../../model/result.ts';
import { isReportFormat, type ReportFormat, reportFormats, reporters, stepSummary } from '../../report/index.ts';
import { review } from '../../review.ts';
import { acceptable, compareResults, type Comparison, type FailOn } from '../../verdict/comparison.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import type { Host } from '../host.ts';
import { progressLine } from '../progress.ts';
import { printable } from '../render-error.ts';
import { readResult } from '../result-file.ts';
import type { Finish } from '../run.ts';
import { saving } from '../saving.ts';
import { gatherSystem, type SourceOptions, sourceOptions } from '../system.ts';
import { renderOptions, type ViewOptions, viewOptions } from '../view.ts';

interface ReviewOptions extends SourceOptions, ViewOptions {
  readonly format: string;
  readonly output: readonly string[];
  readonly save?: string;
  readonly baseline?: string;
  readonly failOn: FailOn;
}

const failOnChoices: readonly FailOn[] = ['do-not-launch', 'conditions', 'new', 'never'];

/** `seaworthy review [PATH...]`: gather, review, report. */
export function addReview(program: Command, host: Host, finish: Finish): void {
  const command = program
    .command('review')
    .description('Review a system: gather the evidence, judge it, report the verdict and the way out.')
    .argument('[path...]', 'manifests (file, directory, glob, "-"), a kustomization, a chart, or a review file');
  sourceOptions(command)
    .addOption(new Option('-f, --format <format>', 'what to print').choices(reportFormats).default('text'))
    .option(
      '-o, --output <[format=]file>',
      'also write a report to a file; the format follows from its name; repeatable',
      collect,
      [],
    )
    .option('--save <file>', 'keep the evidence as a bundle, to be reviewed again with --from')
    .option('--baseline <result.json>', 'an earlier JSON result to compare with')
    .addOption(new Option('--fail-on <what>', 'when to exit with 1').choices(failOnChoices).default('do-not-launch'));
  viewOptions(command).action((paths: string[], options: ReviewOptions) => finish(() => runReview(host, paths, options)));
}

const collect = (value: string, previous: readonly string[]): readonly string[] => [...previous, value];

async function runReview(host: Host, paths: readonly string[], options: ReviewOptions): Promise<ExitCode> {
  const outputs = options.output.map(parseOutput);
  const baseline = options.baseline === undefined ? undefined : await readResult(host, options.baseline);
  if (options.failOn === 'new' && baseline === undefined)
    throw new SeaworthyError('SW_USAGE', '--fail-on new needs an earlier result.', { hint: 'Add --baseline RESULT.json.' });
  const bundle = await bundleOf(host, paths, options);
  if (options.save !== undefined) await saving(options.save, () => saveBundle(bundle, options.save as string));
  const result = review(bundle, { asOf: momentOf(options.asOf, bundle) });
  const comparison = baseline === undefined ? undefined : compareResults(baseline, result);
  for (const output of outputs)
    await saving(output.path, () =>
      host.writeFile(output.path, reporters[output.format].render(result, renderOptions(host, options, true))),
    );
  await print(host, result, options, comparison);
  const summary = host.env['GITHUB_STEP_SUMMARY'];
  if (options.format === 'github' && summary) await saving(summary, () => host.appendFile(summary, stepSummary(result)));
  return acceptable(result, options.failOn, comparison) ? exitCodes.acceptable : exitCodes.notAcceptable;
}

async function bundleOf(host: Host, paths: readonly string[], options: ReviewOptions): Promise<Bundle> {
  if (options.from === undefined) return gatherSystem(host, paths, options, progressLine(host));
  if (paths.length > 0) throw new SeaworthyError('SW_USAGE', 'A bundle holds all the evidence: give --from or paths, not both.');
  return loadBundle(options.from);
}

/** `--as-of launch` judges at the planned launch; absent, at the moment the evidence was collected. */
export function momentOf(asOf: string | undefined, bundle: Bundle): string {
  if (asOf === undefined) return bundle.collectedAt;
  if (asOf === 'launch') {
    const { launchAt } = bundle.declared.review;
    if (launchAt === undefined) throw new SeaworthyError('SW_USAGE', '--as-of launch needs spec.launchAt in the review file.');
    return addDays(launchAt, 0);
  }
  const parsed = parseMoment(asOf);
  if (!parsed.ok) throw new SeaworthyError('SW_USAGE', `--as-of: ${parsed.problem}.`);
  return parsed.text;
}

function parseOutput(text: string): { readonly format: ReportFormat; readonly path: string } {
  const equals = text.indexOf('=');
  const named = equals > 0 ? text.slice(0, equals) : undefined;
  if (named !== undefined && isReportFormat(named)) return { format: named, path: text.slice(equals + 1) };
  const format = reportFormats.find((candidate) => text.endsWith(reporters[candidate].extension));
  if (format !== undefined) return { format, path: text };
  throw new SeaworthyError('SW_USAGE', `--output ${printable(text)}: no format has this file name.`, {
    hint: `Write FORMAT=FILE; formats: ${reportFormats.join(', ')}.`,
  });
}

async function print(
  host: Host,
  result: ReviewResult,
  options: ReviewOptions,
  comparison: Comparison | undefined,
): Promise<void> {
  const format = options.format as ReportFormat;
  for (const chunk of reporters[format].render(result, renderOptions(host, options, false))) await host.write('stdout', chunk);
  if (comparison !== undefined) {
    const line = `Against the baseline: ${comparison.added.length} new, ${comparison.fixed.length} fixed, ${comparison.unchanged.length} unchanged findings.\n`;
    // Only the text report may carry another line; the other formats are read by machines.
    await host.write(format === 'text' ? 'stdout' : 'stderr', line);
    for (const { check, assessment } of comparison.added)
      await host.write(format === 'text' ? 'stdout' : 'stderr', `  new: ${check.id}: ${printable(assessment.message)}\n`);
  }
}
