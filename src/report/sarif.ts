import type { Location as SarifLocation, ReportingDescriptor, Result, Run, Suppression, ToolComponent } from 'sarif';
import type { Assessment, Level, Location } from '../model/judgement.ts';
import { formatRef, type ObjectRef } from '../model/object-ref.ts';
import { type CheckResult, findingsOf, type ReviewResult } from '../model/result.ts';
import { countStates } from './check-state.ts';
import { clean } from './clean-text.ts';
import { jsonPieces } from './json-text.ts';
import { code, escapeMarkdown } from './markdown-text.ts';
import { inChunks, type Reporter } from './reporter.ts';
import { place, totalCounts, waiverInWords } from './wording.ts';

type FailLevel = 'error' | 'warning' | 'note';

/** SARIF's three levels for ours. `none` is for every result that is no fail (SARIF 2.1.0, 3.27.10). */
export const sarifLevels: Readonly<Record<Level, FailLevel>> = {
  blocker: 'error',
  high: 'error',
  medium: 'warning',
  advisory: 'note',
};

/** SARIF 2.1.0: findings with rules, regions, fingerprints and suppressions; passes as counts in the properties. */
export const sarif: Reporter = {
  id: 'sarif',
  title: 'SARIF 2.1.0',
  extension: '.sarif',
  *render(result) {
    const run: Omit<Run, 'results'> & { readonly results: Iterable<Result> } = { ...frame(result), results: results(result) };
    yield* inChunks(jsonPieces({ $schema: 'https://json.schemastore.org/sarif-2.1.0.json', version: '2.1.0', runs: [run] }));
    yield '\n';
  },
};

function frame(result: ReviewResult): Omit<Run, 'results'> {
  const { review } = result;
  return {
    tool: { driver: driver(result) },
    // GitHub takes what stands before the last slash as the category of the analysis.
    automationDetails: { id: `seaworthy/${segment(review.name)}/${segment(review.environment)}/` },
    columnKind: 'utf16CodeUnits',
    originalUriBaseIds: { '%SRCROOT%': { description: { text: 'The folder from which the sources were gathered.' } } },
    invocations: [{ executionSuccessful: true, toolExecutionNotifications: notifications(result) }],
    properties: {
      verdict: result.verdict,
      basis: result.basis,
      asOf: result.asOf,
      ...(result.validUntil === undefined ? {} : { validUntil: result.validUntil }),
      standard: clean(result.standard.id),
      checks: totalCounts(result),
      gates: result.gates.map(({ id, status, counts }) => ({ id, status, counts })),
    },
  };
}

const segment = (text: string): string => encodeURIComponent(clean(text));

function driver(result: ReviewResult): ToolComponent {
  return {
    name: 'seaworthy',
    version: clean(result.tool.version),
    semanticVersion: clean(result.tool.version),
    informationUri: 'https://www.npmjs.com/package/seaworthy',
    rules: result.checks.map(rule),
  };
}

function rule(check: CheckResult): ReportingDescriptor {
  const [helpUri] = check.references.filter((url) => /^https?:\/\/\S+$/.test(url) && URL.canParse(url));
  return {
    id: clean(check.id),
    ...ruleName(clean(check.id)),
    shortDescription: { text: sentence(check.title) },
    fullDescription: { text: sentence(check.rationale) },
    help: {
      text: `${sentence(check.rationale)} More: seaworthy explain ${clean(check.id)}`,
      markdown: `${escapeMarkdown(check.rationale)}\n\nMore: ${code(`seaworthy explain ${check.id}`)}`,
    },
    ...(helpUri === undefined ? {} : { helpUri }),
    defaultConfiguration: { level: sarifLevels[check.level] },
    properties: {
      tags: ['readiness', check.gate],
      gate: check.gate,
      level: check.level,
      outcome: check.outcome,
      targets: countStates(check),
    },
  };
}

/** A readable name beside the id; of one word it would be the id again, which SARIF refuses (3.49.7). */
const ruleName = (id: string): { readonly name?: string } =>
  id.includes('-') ? { name: id.replace(/(?:^|-)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()) } : {};

const sentence = (text: string): string => clean(text).replace(/[^.!?]$/, '$&.');

function notifications({
  evidence,
  notes,
}: ReviewResult): NonNullable<NonNullable<Run['invocations']>[number]['toolExecutionNotifications']> {
  const failed = evidence.filter(({ status }) => status === 'failed');
  return [
    ...failed.map(({ kind, source, reason }) => ({
      level: 'warning' as const,
      message: { text: sentence(`Evidence ${kind} of ${source} failed: ${reason ?? 'no reason was given'}`) },
    })),
    ...notes.map(({ message, location }) => ({
      level: 'note' as const,
      message: { text: sentence(message) },
      ...(location === undefined ? {} : { locations: [{ physicalLocation: physical(location) }] }),
    })),
  ];
}

function* results(result: ReviewResult): Generator<Result> {
  const index = new Map(result.checks.map((check, position) => [check, position]));
  for (const { check, assessment } of findingsOf(result)) yield finding(check, index.get(check) ?? -1, assessment);
}

function finding(check: CheckResult, ruleIndex: number, assessment: Assessment): Result {
  const { outcome, reason, location, target, because = [] } = assessment;
  const fails = outcome === 'fail';
  return {
    ruleId: clean(check.id),
    ruleIndex,
    kind: fails ? 'fail' : reason === 'needs-a-person' ? 'review' : 'open',
    level: fails ? sarifLevels[check.level] : 'none',
    message: { text: message(assessment) },
    // GitHub refuses a file in which a location has no artifact; a result without locations it takes.
    locations: location === undefined ? [] : [{ physicalLocation: physical(location), logicalLocations: [logical(target)] }],
    ...(because.some((proof) => proof.location) ? { relatedLocations: related(because) } : {}),
    partialFingerprints: { 'seaworthy/v1': assessment.fingerprint },
    // Where one result has suppressions, all must say whether they have (3.27.23).
    suppressions: suppressions(assessment),
    properties: {
      outcome,
      ...(reason === undefined ? {} : { reason }),
      target: clean(formatRef(target)),
      ...(assessment.remedy === undefined ? {} : { remedy: clean(assessment.remedy) }),
    },
  };
}

function message({ target, message: text, because = [] }: Assessment): string {
  const reasons = because.map(
    ({ note, location }) =>
      ` Because ${sentence(note).replace(/\.$/, '')}${location === undefined ? '' : ` (${place(location)})`}.`,
  );
  // In SARIF message texts, brackets make links and braces make placeholders (3.11.5, 3.11.6).
  return `${clean(formatRef(target))}: ${sentence(text)}${reasons.join('')}`.replace(/[[\]\\]/g, '\\$&').replace(/[{}]/g, '$&$&');
}

const related = (because: NonNullable<Assessment['because']>): SarifLocation[] =>
  because.flatMap(({ note, location, target }, id) =>
    location === undefined
      ? []
      : [{ id, message: { text: sentence(note) }, physicalLocation: physical(location), logicalLocations: [logical(target)] }],
  );

const suppressions = (assessment: Assessment): Suppression[] =>
  assessment.waiver === undefined
    ? []
    : [
        {
          kind: 'external',
          status: 'accepted',
          justification: waiverInWords(assessment.waiver),
        },
      ];

const logical = (target: ObjectRef): NonNullable<SarifLocation['logicalLocations']>[number] => ({
  name: clean(target.name),
  fullyQualifiedName: clean(
    [target.namespace, target.kind, target.name, target.container].filter((part) => part !== undefined).join('/'),
  ),
  kind: 'object',
});

function physical(location: Location): NonNullable<SarifLocation['physicalLocation']> {
  const { line, column, endLine, endColumn } = location;
  const end = endLine === undefined ? {} : { endLine, ...(endColumn === undefined ? {} : { endColumn }) };
  return {
    artifactLocation: artifact(location.file),
    ...(line === undefined
      ? {}
      : { region: { startLine: line, ...(column === undefined ? {} : { startColumn: column }), ...end } }),
  };
}

/** A path as a URI reference: relative to the root of the sources, or a file URI for absolute paths. Each segment is percent-encoded. */
function artifact(file: string): { uri: string; uriBaseId?: string } {
  const parts = file
    .toWellFormed()
    .replaceAll('\\', '/')
    .split('/')
    .filter((part, index) => part !== '.' && (part !== '' || index === 0));
  const path = parts.map((part) => encodeURIComponent(part)).join('/');
  if (file.startsWith('/')) return { uri: `file://${path}` };
  return { uri: path === '' ? '-' : path, uriBaseId: '%SRCROOT%' };
}
