import type { Assessment } from '../model/judgement.ts';
import { formatRef } from '../model/object-ref.ts';
import type { CheckResult, ReviewResult, SignOffState } from '../model/result.ts';
import { checkState, type GateSection, gateSections, type State, stateOf } from './check-state.ts';
import { clean } from './clean-text.ts';
import { inChunks, type Reporter } from './reporter.ts';
import { cover, place, plural, reasonWords, signOffInWords, stateWords } from './wording.ts';

type Kind = 'failure' | 'error' | 'skipped' | 'passed';

/** Only a proven pass is a pass. Unknown is an error, since most CI systems show skipped as green. */
const kinds: Readonly<Record<State, Kind>> = {
  fail: 'failure',
  unknown: 'error',
  waived: 'skipped',
  claimed: 'skipped',
  assumed: 'skipped',
  pass: 'passed',
  'not-applicable': 'skipped',
};

const targetsShown = 100;

/** JUnit XML: a suite for each gate, a case for each check and each required sign-off. */
export const junit: Reporter = {
  id: 'junit',
  title: 'JUnit XML',
  extension: '.xml',
  render: (result) => inChunks(document(result)),
};

function* document(result: ReviewResult): Generator<string> {
  const sections = gateSections(result);
  const all = sections.flatMap(kindsOf);
  yield '<?xml version="1.0" encoding="UTF-8"?>\n';
  yield `<testsuites name="${xml(`seaworthy ${result.review.name}`)}" ${numbers(all)}>\n`;
  for (const section of sections) yield* suite(section, result);
  yield '</testsuites>\n';
}

const kindsOf = ({ gate, checks }: GateSection): readonly Kind[] => [
  ...checks.map((check) => kinds[checkState(check)]),
  ...gate.signOffs.map((signOff): Kind => (signOff.state === 'signed' ? 'passed' : 'error')),
];

function numbers(all: readonly Kind[]): string {
  const of = (kind: Kind) => all.filter((other) => other === kind).length;
  return `tests="${all.length}" failures="${of('failure')}" errors="${of('error')}" skipped="${of('skipped')}" time="0"`;
}

function* suite(section: GateSection, result: ReviewResult): Generator<string> {
  const { gate, checks } = section;
  // The attribute's type is xs:dateTime without a zone; the moment is in UTC.
  const timestamp = xml(result.asOf.replace(/Z$/, ''));
  yield `  <testsuite name="${xml(gate.title)}" id="${gate.id}" timestamp="${timestamp}" ${numbers(kindsOf(section))}>\n`;
  yield `    <properties>\n      <property name="status" value="${gate.status}"/>\n      <property name="summary" value="${xml(gate.summary)}"/>\n    </properties>\n`;
  for (const check of checks) yield* checkCase(check, `seaworthy.${gate.id}`);
  for (const signOff of gate.signOffs) yield* signOffCase(signOff, gate.id);
  yield '  </testsuite>\n';
}

function* checkCase(check: CheckResult, classname: string): Generator<string> {
  const state = checkState(check);
  const kind = kinds[state];
  const open = `    <testcase classname="${classname}" name="${xml(`${check.id}: ${check.title}`)}" time="0"`;
  if (kind === 'passed') {
    yield `${open}/>\n`;
    return;
  }
  const deciding = check.assessments.filter((assessment) => stateOf(assessment) === state);
  const message = xml(headline(check, state, deciding));
  yield `${open}>\n      <${kind} message="${message}"${kind === 'skipped' ? '' : ` type="${check.level}"`}`;
  if (kind === 'skipped') yield '/>\n';
  else {
    yield '>';
    const findings = check.assessments.filter(
      (assessment) => stateOf(assessment) === 'fail' || stateOf(assessment) === 'unknown',
    );
    for (const assessment of findings.slice(0, targetsShown)) yield body(assessment);
    if (findings.length > targetsShown) yield `and ${findings.length - targetsShown} more\n`;
    yield `</${kind}>\n`;
  }
  yield '    </testcase>\n';
}

function headline(check: CheckResult, state: State, deciding: readonly Assessment[]): string {
  const [first] = deciding;
  if (first === undefined) return `${check.level}, ${stateWords[state]}`;
  const covers = cover(first);
  const many = deciding.length === 1 ? '' : ` (${plural(deciding.length, 'target')})`;
  return covers.length > 0 ? `${covers.join('; ')}: ${first.message}${many}` : `${stateWords[state]}: ${first.message}${many}`;
}

function body(assessment: Assessment): string {
  const { outcome, reason, message, target, location, because = [] } = assessment;
  const state = outcome === 'unknown' ? `not proven${reason === undefined ? '' : `, ${reasonWords[reason]}`}` : 'fails';
  const where = location === undefined ? '' : ` at ${xml(place(location))}`;
  const proofs = because.map(
    (proof) => `    because ${xml(proof.note)}${proof.location === undefined ? '' : ` (${xml(place(proof.location))})`}\n`,
  );
  return `${xml(formatRef(target))}${where}: ${state}: ${xml(message)}\n${proofs.join('')}`;
}

function* signOffCase(signOff: SignOffState, gate: string): Generator<string> {
  const open = `    <testcase classname="seaworthy.${gate}" name="${xml(`sign-off/${gate}/${signOff.role}`)}" time="0"`;
  yield signOff.state === 'signed'
    ? `${open}/>\n`
    : `${open}>\n      <error message="${xml(`sign-off: ${signOffInWords(signOff)}`)}" type="sign-off"/>\n    </testcase>\n`;
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };

/** Text for XML 1.0. Clean texts hold no control characters or lone surrogates; U+FFFE and U+FFFF are no XML characters either. */
const xml = (text: string): string =>
  clean(text)
    .replace(/[\ufffe\uffff]/g, '\ufffd')
    .replace(/[&<>"']/g, (character) => entities[character] ?? character);
