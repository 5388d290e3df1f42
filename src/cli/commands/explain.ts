import type { Command } from 'commander';
import { checks } from '../../checks/index.ts';
import type { AnyCheck } from '../../checks/define-check.ts';
import { SeaworthyError } from '../../model/errors.ts';
import { gateTitles } from '../../model/gate.ts';
import { formatRef } from '../../model/object-ref.ts';
import { formatPlace } from '../../model/errors.ts';
import { findingsOf } from '../../model/result.ts';
import { nearest } from '../../model/suggest.ts';
import { remedyById } from '../../remedies/index.ts';
import { review } from '../../review.ts';
import { exitCodes, type ExitCode } from '../exit-codes.ts';
import type { Host } from '../host.ts';
import { progressLine } from '../progress.ts';
import { printable } from '../render-error.ts';
import { readResult } from '../result-file.ts';
import type { Finish } from '../run.ts';
import { gatherSystem, type SourceOptions, sourceOptions } from '../system.ts';
import { wrap } from '../wrap.ts';

interface ExplainOptions extends SourceOptions {
  readonly result?: string;
}

/** `seaworthy explain CHECK|FINDING`. */
export function addExplain(program: Command, host: Host, finish: Finish): void {
  const command = program
    .command('explain')
    .description('Explain a check, or one finding of a review by its fingerprint.')
    .argument('<check|fingerprint>', 'the id of a check, or the 16 hex digits of a finding')
    .argument('[path...]', 'for a finding: what to review')
    .option('--result <result.json>', 'for a finding: an earlier JSON result');
  sourceOptions(command).action((subject: string, paths: string[], options: ExplainOptions) =>
    finish(() => explain(host, subject, paths, options)),
  );
}

async function explain(host: Host, subject: string, paths: readonly string[], options: ExplainOptions): Promise<ExitCode> {
  const check = checks.find(({ id }) => id === subject);
  if (check !== undefined) {
    await host.write('stdout', explainCheck(check));
    return exitCodes.acceptable;
  }
  if (!/^[0-9a-f]{16}$/.test(subject)) {
    const guess = nearest(
      subject,
      checks.map(({ id }) => id),
    );
    throw new SeaworthyError('SW_UNKNOWN_CHECK', `There is no check "${printable(subject)}".`, {
      hint: hintFor(subject, guess),
    });
  }
  const result =
    options.result === undefined
      ? review(await gatherSystem(host, paths, options, progressLine(host)))
      : await readResult(host, options.result);
  const finding = findingsOf(result).find(({ assessment }) => assessment.fingerprint === subject);
  if (finding === undefined)
    throw new SeaworthyError('SW_UNKNOWN_CHECK', `The review has no finding ${subject}.`, {
      hint: 'Fingerprints stand in the JSON, SARIF and full text reports.',
    });
  const { assessment } = finding;
  const lines = [`${assessment.outcome}: ${formatRef(assessment.target)}`, `  ${assessment.message}`];
  if (assessment.location) lines.push(`  at ${formatPlace(assessment.location)} (${assessment.location.path})`);
  for (const proof of assessment.because ?? [])
    lines.push(`  because ${proof.note}${proof.location ? ` (${formatPlace(proof.location)})` : ''}`);
  const known = checks.find(({ id }) => id === finding.check.id);
  await host.write('stdout', `${printable(lines.join('\n'))}\n\n${known === undefined ? '' : explainCheck(known)}`);
  return exitCodes.acceptable;
}

/** The nearest id, or the ids that hold the word: people ask for "dns" and mean dns-egress. */
function hintFor(subject: string, guess: string | undefined): string {
  if (guess !== undefined) return `Did you mean "${guess}"?`;
  const holding = checks.map(({ id }) => id).filter((id) => subject.length > 2 && id.includes(subject.toLowerCase()));
  return holding.length === 0
    ? 'docs/reference/README.md lists all checks.'
    : `Checks with that word: ${holding.sort().join(', ')}.`;
}

const outcomesInWords = {
  manifests: 'the manifests alone',
  platform: 'objects of the platform',
  evidence: 'evidence such as scans, load tests or documents',
  person: "a person's statement",
} as const;

function explainCheck(check: AnyCheck): string {
  const remedy = remedyById(check.remedy);
  const lines = [
    `${check.id}: ${check.title}`,
    `  gate ${gateTitles[check.gate]}, level ${check.level}; decided by ${outcomesInWords[check.decidedBy]}`,
    '',
    ...wrap(check.rationale, 100, '  '),
    '',
    '  It can say:',
    ...Object.values(check.messages).flatMap((message) => wrap(message, 96, '    - ', '      ')),
  ];
  if (remedy !== undefined) {
    const { min, likely, max } = remedy.effort;
    lines.push(
      '',
      `  Remedy ${remedy.id}: ${remedy.title} (${min}-${max} h, likely ${likely} h; ${remedy.owner})`,
      ...remedy.steps.flatMap((step) => wrap(step, 96, '    - ', '      ')),
    );
    if (remedy.after.length > 0) lines.push(`    after: ${remedy.after.join(', ')}`);
  }
  const parameters = Object.entries(check.parameters);
  if (parameters.length > 0)
    lines.push('', '  Parameters:', ...parameters.map(([name, value]) => `    ${name}: ${JSON.stringify(value)}`));
  lines.push('', ...wrap(`When to waive: ${check.whenToWaive}`, 100, '  '));
  if (check.attestable) lines.push("  A person's dated statement may settle what stays unknown.");
  lines.push(...check.references.map((url) => `  ${url}`));
  return `${lines.join('\n')}\n`;
}
