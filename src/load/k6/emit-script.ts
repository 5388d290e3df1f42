import type { LoadLimits, LoadRequest, LoadScenario, LoadSetup } from '../../evidence/declared.ts';
import { digestOfBytes } from '../../evidence/digest.ts';
import { scenarioDigest } from '../../evidence/load-tests/scenario-digest.ts';
import { SeaworthyError } from '../../model/errors.ts';
import { meanRate } from '../run.ts';
import { namesUsed, parseTemplate, type TemplatePart, templatesOf } from '../template.ts';
import { lagBoundsMs } from './buckets.ts';
import { type Layout, layOut, mostUsers } from './layout.ts';
import { literal } from './literal.ts';
import { countedStatuses, errorCodes, errorNames, scriptBody } from './script-body.ts';
import { scriptSummary } from './script-summary.ts';

export interface ScriptOptions {
  /** The target as the review file names it: a URL that may hold `${NAME}`. */
  readonly target: string;
  /** Digest of the declared scenario, in its masked form. Another one than that of the scenario that is written: it holds a secret. */
  readonly digest: string;
  /** k6 processes that share the load by execution segments. Default 1. */
  readonly runners?: number;
  /** Name of the file of rows beside the script (see `rowsFile`), where the scenario has data. */
  readonly rowsFile?: string;
  readonly userAgent?: string;
}

/** The rows of a data file as the script reads them. */
export const rowsJson = (rows: readonly Readonly<Record<string, string>>[]): string => `${JSON.stringify(rows)}\n`;

/**
 * A scenario as a k6 script that needs nothing else but k6 (and a file of rows, where there are some). It carries the limits as thresholds,
 * counts what adds up over runners, and ends by printing one line that `readMarkers` reads. Throws SW_LOAD_PLAN where the scenario holds a
 * literal secret, which no file of ours may hold, or what k6 cannot do.
 */
export function emitK6Script(scenario: LoadScenario, limits: LoadLimits, options: ScriptOptions): string {
  requireEmittable(scenario, options);
  const layout = layOut(scenario, limits, options.runners ?? 1);
  const text = [
    header(scenario, layout, options),
    optionsText(scenario, layout),
    planText(scenario, layout, options),
    `const target = ${list(parseTemplate(options.target).map(targetPart))};`,
    `const variables = ${literal(variablesOf(scenario, options.target))};`,
    rowsText(options),
    `const setupSteps = ${list(scenario.setup.map((step, index) => stepText(step, index, options)))};`,
    `const requests = ${list(scenario.requests.map((request) => requestText(request, options)))};`,
    expectedText,
    scriptBody.trim(),
    scriptSummary.trim(),
  ]
    .join('\n\n')
    .concat('\n');
  return text.replace(noDigest, scriptDigest(text));
}

const noDigest = `sha256:${'0'.repeat(64)}`;

/** Digest of a script in which its own digest is all zeros. */
export function scriptDigest(text: string): string {
  const blank = text.replace(/^( {2}script: "sha256:)[0-9a-f]{64}"/m, `$1${'0'.repeat(64)}"`);
  return digestOfBytes(blank);
}

/** Names of the environment variables that a script reads, sorted. */
export const variablesOf = (scenario: LoadScenario, target: string): readonly string[] =>
  namesUsed([...templatesOf(scenario), target], 'variable');

function requireEmittable(scenario: LoadScenario, { digest, target, rowsFile }: ScriptOptions): void {
  const fail = (message: string, hint: string) => new SeaworthyError('SW_LOAD_PLAN', message, { hint });
  if (scenarioDigest(scenario) !== digest)
    throw fail(
      'The scenario holds what looks like a secret, and a script would show it.',
      'Write ${NAME} in its place, and give the value as an environment variable.',
    );
  if (namesUsed([target], 'data').length + namesUsed([target], 'setup').length > 0)
    throw fail('The target is one for all requests.', 'Only environment variables may stand in it: ${NAME}.');
  if (scenario.data !== undefined && rowsFile === undefined)
    throw fail('The scenario has data and the script would have none.', 'Write the rows into a file beside the script.');
}

function header({ tls, protocol, data }: LoadScenario, { wantedUsers }: Layout, { runners = 1 }: ScriptOptions): string {
  return [
    '// A load test by Seaworthy, for k6. It sends requests by a plan, whatever the server does.',
    '// Run it: k6 run --no-usage-report THIS-FILE, and keep what it prints.',
    ...(runners > 1
      ? [`// For ${runners} runners with an execution segment each: thresholds that count are divided by ${runners}.`]
      : []),
    ...(wantedUsers > mostUsers
      ? [
          `// ${wantedUsers} requests could be under way at once, and there are ${mostUsers} virtual users: some may be dropped, which makes the run invalid.`,
        ]
      : []),
    ...(protocol === 'h2' ? ['// k6 speaks HTTP/2 by itself where TLS offers it.'] : []),
    ...(protocol === 'http/1.1'
      ? ['// Over TLS k6 takes HTTP/2 where it is offered: set GODEBUG=http2client=0 in its environment to keep to HTTP/1.1.']
      : []),
    ...(tls.ca === undefined
      ? []
      : ['// Further certificate authorities: set SSL_CERT_FILE in its environment to a file with them.']),
    ...(data === undefined ? [] : ['// Rows of data stand in a file beside this one.']),
    "import exec from 'k6/execution';",
    "import http from 'k6/http';",
    "import { Counter, Gauge } from 'k6/metrics';",
    ...(data === undefined ? [] : ["import { SharedArray } from 'k6/data';"]),
  ].join('\n');
}

function optionsText({ tls, setup, timeoutMs }: LoadScenario, { warmup, steady, thresholds }: Layout): string {
  const options = {
    discardResponseBodies: true,
    insecureSkipTLSVerify: !tls.verify,
    setupTimeout: `${timeoutMs * Math.max(1, setup.length) + 10_000}ms`,
    summaryTrendStats: ['avg', 'min', 'med', 'max', 'p(90)', 'p(95)', 'p(99)', 'count'],
    scenarios: { ...(warmup === undefined ? {} : { warmup }), steady },
    thresholds,
  };
  return `export const options = ${object(options)};`;
}

function planText(scenario: LoadScenario, layout: Layout, { digest, target }: ScriptOptions): string {
  const requests = scenario.requests.map(({ name, method, path, weight }) => ({ name, method, path, weight }));
  const plan = {
    script: noDigest,
    scenario: digest,
    timeoutMs: scenario.timeoutMs,
    warmupStarts: layout.planned.warmup,
    steadyStarts: layout.planned.steady,
    limitsMs: layout.limitsMs,
    blocks: layout.blocks,
    bucketsMs: layout.bucketsMs,
    periodMs: layout.periodMs,
    lagsMs: layout.periodMs === null ? [] : lagBoundsMs,
    statuses: countedStatuses,
    errors: errorNames,
    errorCodes,
    test: {
      rate: meanRate(scenario.stages),
      warmupS: scenario.warmupMs / 1000,
      steadyS: scenario.stages.reduce((sum, { durationMs }) => sum + durationMs, 0) / 1000,
      // The line that the script prints must stay short: the logs of a cluster cut long ones.
      requests: JSON.stringify(requests).length > longestList ? [] : requests,
      variables: variablesOf(scenario, target),
    },
  };
  return `const plan = ${object(plan)};`;
}

const longestList = 4_000;

const rowsText = ({ rowsFile }: ScriptOptions): string =>
  rowsFile === undefined
    ? 'const rows = [];'
    : `const rows = new SharedArray('rows', () => JSON.parse(open(${literal(`./${rowsFile}`)})));`;

const targetPart = (part: TemplatePart): string =>
  part.kind === 'text' ? literal(part.text) : `{ variable: ${literal(part.name)} }`;

const expectedText = `for (const request of [...setupSteps, ...requests])
  request.expected = http.expectedStatuses(...request.success.map(([min, max]) => ({ min, max })));`;

const requestText = (request: LoadRequest, options: ScriptOptions): string =>
  fields({ name: literal(request.name), weight: literal(request.weight), ...exchangeFields(request, options) });

const stepText = (step: LoadSetup, index: number, options: ScriptOptions): string =>
  fields({
    name: literal(step.name),
    number: literal(index + 1),
    capture: literal(Object.entries(step.capture)),
    ...exchangeFields(step, options),
  });

function exchangeFields(
  request: LoadRequest | LoadSetup,
  { userAgent = 'seaworthy (k6)' }: ScriptOptions,
): Record<string, string> {
  const declared = Object.entries(request.headers).map(([name, value]): [string, string] => [name.toLowerCase(), value]);
  const ours: readonly [string, string][] = [
    ['user-agent', userAgent],
    ['x-seaworthy-run', '${run.id}'],
  ];
  const headers = [...ours.filter(([name]) => !declared.some(([other]) => other === name)), ...declared];
  return {
    method: literal(request.method),
    success: literal(request.success),
    path: `(v) => ${expression(request.path)}`,
    headers: `(v) => [${headers.map(([name, value]) => `[${literal(name)}, ${expression(value)}]`).join(', ')}]`,
    body: request.body === undefined ? '() => null' : `(v) => ${expression(request.body)}`,
  };
}

/** A template as an expression that gives a text. */
function expression(template: string): string {
  const pieces = parseTemplate(template).map(pieceOf);
  return pieces.length === 0 ? '""' : pieces.join(' + ');
}

function pieceOf(part: TemplatePart): string {
  switch (part.kind) {
    case 'text':
      return literal(part.text);
    case 'variable':
      return `variable(${literal(part.name)})`;
    case 'data':
      return `own(v.row, ${literal(part.name)})`;
    case 'setup':
      return `own(v.captured, ${literal(part.name)})`;
    case 'run':
      return part.name === 'id' ? 'String(v.run)' : 'String(v.iteration)';
  }
}

const indent = (text: string): string => text.replaceAll('\n', '\n  ');

const list = (items: readonly string[]): string =>
  items.length === 0 ? '[]' : `[\n${items.map((item) => `  ${indent(item)},\n`).join('')}]`;

const fields = (entries: Readonly<Record<string, string>>): string =>
  `{\n${Object.entries(entries)
    .map(([key, value]) => `  ${key}: ${indent(value)},\n`)
    .join('')}}`;

/** Objects over several lines, as a person would write them; lists of plain values on one. */
function object(value: object): string {
  const entries = Object.entries(value).map(([key, member]): [string, string] => [
    /^[A-Za-z_]+$/.test(key) ? key : literal(key),
    typeof member === 'object' && member !== null && !Array.isArray(member) ? object(member as object) : literal(member),
  ]);
  return fields(Object.fromEntries(entries));
}
