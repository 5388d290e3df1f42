import type { GateId, GateStatus } from '../model/gate.ts';
import type { CheckResult, ReviewResult } from '../model/result.ts';
import { checkState, countStates, gateSections, type State, states, stateOf } from './check-state.ts';
import { cited, gateSigns, stateSigns } from './markdown-gates.ts';
import { code, escapeMarkdown, row, tableHead, escapeMoment } from './markdown-text.ts';
import { gateStatusWords, plural } from './wording.ts';

/** The items of a launch checklist, and the checks (or the gate) whose answers they are. */
const items: readonly { readonly title: string; readonly checks: readonly string[]; readonly gate?: GateId }[] = [
  { title: 'Staging deployment complete', checks: ['staging-complete'] },
  { title: 'All services healthy (0 restarts)', checks: ['services-healthy'] },
  { title: 'Database migrations validated', checks: ['migrations-validated'] },
  { title: 'DNS/ingress configured for production', checks: ['dns-configured', 'production-hostnames'] },
  { title: 'TLS certificate strategy', checks: ['certificate-automation'] },
  { title: 'Backup procedure tested', checks: ['restore-drill', 'backup-schedule'] },
  { title: 'Secrets managed', checks: ['managed-secrets'] },
  { title: 'Network policies in place', checks: ['intended-flows', 'dns-egress'] },
  { title: 'RBAC reviewed', checks: [], gate: 'access' },
  { title: 'Monitoring dashboards ready', checks: ['dashboards'] },
  { title: 'Alerting configured', checks: ['alert-rules', 'alert-routing'] },
];

const words: Readonly<Record<State, string>> = {
  fail: 'NO',
  unknown: 'NOT PROVEN',
  waived: 'WAIVED',
  claimed: 'CLAIMED',
  assumed: 'ASSUMED',
  pass: 'YES',
  'not-applicable': 'NOT APPLICABLE',
};

/** Section 2: a row an item, in the worst state of its checks. A check that the standard leaves out makes its row "not reviewed", never a yes. */
export function* checklist(result: ReviewResult): Generator<string> {
  yield* ['## 2. Production Deployment Checklist', '', ...tableHead('Item', 'Status', 'Notes')];
  const byId = new Map(result.checks.map((check) => [check.id, check]));
  for (const { title, checks, gate } of items) {
    const [status, notes] = gate === undefined ? checkRow(checks, byId) : gateRow(gate, result);
    yield row(title, status, notes);
  }
}

function gateRow(id: GateId, result: ReviewResult): readonly [string, string] {
  const section = gateSections(result).find(({ gate }) => gate.id === id);
  const status: GateStatus = section?.gate.status ?? 'not-assessed';
  return [
    `${gateSigns[status]} ${gateStatusWords[status].toUpperCase()}`,
    section === undefined ? 'Not part of this standard' : escapeMarkdown(section.gate.summary),
  ];
}

function checkRow(ids: readonly string[], byId: ReadonlyMap<string, CheckResult>): readonly [string, string] {
  const known = ids.flatMap((id) => byId.get(id) ?? []);
  const missing = ids.filter((id) => !byId.has(id));
  const left = missing.map((id) => `${code(id)} is not part of this standard`);
  const worst = states.find((state) => known.some((check) => checkState(check) === state));
  const settled = worst === 'pass' || worst === 'not-applicable' || worst === undefined;
  if (missing.length > 0 && settled) return ['\u23f3 NOT REVIEWED', [...known.map(noteOf), ...left].join('; ')];
  const state = worst ?? 'unknown';
  // A row that fails names what fails; a pass beside it would only blur it.
  const telling = known
    .filter((check) => settled || checkState(check) !== 'pass')
    .filter((check) => state !== 'pass' || checkState(check) === 'pass')
    .toSorted((a, b) => states.indexOf(checkState(a)) - states.indexOf(checkState(b)));
  return [`${stateSigns[state]} ${words[state]}`, [...telling.map(noteOf), ...left].join('; ')];
}

function noteOf(check: CheckResult): string {
  const state = checkState(check);
  const first = check.assessments.find((assessment) => stateOf(assessment) === state) ?? check.assessments[0];
  const count = countStates(check)[state];
  if (first === undefined) return code(check.id);
  const more = count > 1 ? ` and ${plural(count - 1, 'further target')}` : '';
  const until = first.waiver?.expires ?? first.attestation?.expires;
  return `${escapeMarkdown(first.message)} (${code(check.id)}, ${cited(first)}${more}${until === undefined ? '' : `, until ${escapeMoment(until)}`})`;
}
