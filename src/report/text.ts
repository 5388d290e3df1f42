import { tierTitles, type ReviewResult } from '../model/result.ts';
import { gateSections } from './check-state.ts';
import { clean } from './clean-text.ts';
import { conditionGroups } from './conditions.ts';
import { clearsMost, numberedTasks } from './plan-order.ts';
import { inChunks, inLines, type Reporter } from './reporter.ts';
import { decisive, textFindings } from './text-findings.ts';
import { type Page, textPage } from './text-page.ts';
import {
  basisWords,
  checksByFingerprint,
  clears,
  countsInWords,
  deciders,
  gateStatusWords,
  listed,
  moment,
  noVerdict,
  place,
  plural,
  range,
  signOffInWords,
  totalCounts,
  verdictWords,
} from './wording.ts';

/** For terminals: the verdict, the gates, what to do next, the findings, what it all rests on. */
export const text: Reporter = {
  id: 'text',
  title: 'Text for the terminal',
  extension: '.txt',
  render: (result, options) => inChunks(inLines(page(result, textPage(options)))),
};

function* page(result: ReviewResult, page: Page): Generator<string> {
  yield* verdict(result, page);
  yield* decisive(result, page);
  yield* gates(result, page);
  yield* conditions(result, page);
  yield* plan(result, page);
  yield* textFindings(result, page);
  yield* evidence(result, page);
  yield* notes(result, page);
  yield '';
  const [first] = deciders(result);
  const check =
    result.checks.find(({ id }) => first?.split(' ')[0] === clean(id))?.id ??
    result.checks.find(({ outcome }) => outcome === 'fail' || outcome === 'unknown')?.id;
  yield* page.lines('Next: ', nextCommands(check === undefined ? 'CHECK' : clean(check), page), { text: page.bold });
}

/** Details on demand: what to ask for after having read this. */
function nextCommands(check: string, page: Page): string {
  const explain = `seaworthy explain ${check}`;
  return page.options.details === 'summary'
    ? `add --details findings to see each with its place and proof; ${explain}; seaworthy plan`
    : explain;
}

function* verdict(result: ReviewResult, page: Page): Generator<string> {
  const { review, inventory } = result;
  const { glyph, paint } = page.verdict(result.verdict);
  yield* page.lines(`${glyph} `, verdictWords[result.verdict], { lead: paint, text: (words) => page.bold(paint(words)) });
  for (const basis of result.basis) yield* page.lines('  ', basisWords[basis]);
  const names = deciders(result);
  if (names.length > 0)
    yield* page.lines(
      `  ${plural(result.decidedBy.length, 'item')} ${result.decidedBy.length === 1 ? 'decides' : 'decide'}: `,
      listed(names, page.options.details === 'summary' ? 4 : 12),
    );
  const counts = totalCounts(result);
  if (result.verdict === 'no-verdict') yield* page.lines('  ', noVerdict(result));
  const until =
    result.validUntil === undefined
      ? 'no date is known at which time alone changes it'
      : `true until ${moment(result.validUntil)} if nothing else changes`;
  yield* page.lines('  ', `As of ${moment(result.asOf)}; ${until}.`);
  const title = [review.name, review.title, review.phase === undefined ? undefined : `phase ${review.phase}`].filter(
    (part) => part !== undefined,
  );
  const assumed = review.environmentAssumed ? ' (assumed)' : '';
  yield* page.lines(
    '  ',
    `${title.map(clean).join(', ')}; environment ${clean(review.environment)}${assumed}; standard ${clean(result.standard.id)}.`,
    { text: page.dim },
  );
  yield* page.lines(
    '  ',
    `${plural(inventory.objects, 'object')}, ${plural(inventory.workloads, 'workload')}; ${countsInWords(counts, result.checks)}.`,
    { text: page.dim },
  );
}

function* gates(result: ReviewResult, page: Page): Generator<string> {
  const sections = gateSections(result);
  if (sections.length === 0) return;
  yield '';
  yield page.bold('Gates');
  const brief = page.options.details === 'summary';
  const titleWidth = Math.max(...sections.map(({ gate }) => clean(gate.title).length));
  for (const { gate, checks } of sections) {
    const { glyph, paint } = page.gate(gate.status);
    const lead = `  ${glyph} ${gateStatusWords[gate.status].padEnd(13)} ${clean(gate.title).padEnd(titleWidth)}  `;
    if (page.options.width - lead.length >= 30)
      yield* page[brief ? 'line' : 'lines'](lead, countsInWords(gate.counts, checks), { lead: paint });
    else {
      yield* page.lines(`  ${glyph} ${gateStatusWords[gate.status].padEnd(13)} `, clean(gate.title), { lead: paint });
      yield* page[brief ? 'line' : 'lines']('      ', countsInWords(gate.counts, checks));
      if (brief) continue;
    }
    if (brief && gate.status === 'approved') continue;
    yield* page[brief ? 'line' : 'lines']('      ', clean(gate.summary), { text: page.dim });
    if (!brief && gate.signOffs.length > 0)
      yield* page.lines('      ', `Sign-offs: ${gate.signOffs.map(signOffInWords).join('; ')}.`, { text: page.dim });
  }
}

/** Only where there are conditions to launch under: what is open besides is the plan's matter. */
function* conditions(result: ReviewResult, page: Page): Generator<string> {
  if (result.verdict !== 'launch-with-conditions') return;
  const groups = conditionGroups(result);
  yield '';
  yield page.bold(`Conditions (${groups.length})`);
  for (const { first, others } of groups) {
    const { check, message, owner, due } = first;
    const when = due === undefined ? '24 h after launch' : moment(due);
    const more = others === 0 ? '' : ` (and ${plural(others, 'other target')})`;
    yield* page.lines(`  - ${clean(check)}: `, `${clean(message)}${more}`);
    yield* page.lines('      ', `${clean(owner)}, until ${when}`, { text: page.dim });
  }
}

function* plan(result: ReviewResult, page: Page): Generator<string> {
  const { plan } = result;
  if (plan.tasks.length === 0) return;
  const { details } = page.options;
  const checks = checksByFingerprint(result);
  yield '';
  yield page.bold('What to do next, in order');
  const numbered = numberedTasks(plan);
  if (numbered.some(({ tier }) => tier === 'immediate'))
    yield* page.lines(
      '  ',
      `What blocks the launch takes ${range(plan.hoursToLaunch)} with one person for each role; all of it is ${range(plan.effort)} of work.`,
    );
  else yield* page.lines('  ', `No task blocks the launch; ${range(plan.effort)} of work in all.`);
  const most = clearsMost(plan);
  if (most) yield* page.lines('  ', `Clears most: ${clean(most.title)} (${plural(most.findings.length, 'finding')}).`);
  for (const { tier, tasks } of numbered) {
    yield* page.lines('  ', tierTitles[tier], { text: page.dim });
    // What is due after the launch can be read after the launch.
    if (details === 'summary' && tier === 'medium' && numbered.length > 1) {
      yield* page.lines('       ', `${plural(tasks.length, 'task')}: seaworthy plan`);
      continue;
    }
    for (const { number, task, after } of tasks) {
      const lead = `  ${String(number).padStart(3)}. `;
      const parts = [clean(task.owner), range(task.hours), ...(after.length > 0 ? [`after ${after.join(', ')}`] : [])];
      if (details === 'summary') {
        yield* page.line(lead, `${clean(task.title)} (${parts.join(', ')})`);
        continue;
      }
      const cleared = clears(task, checks);
      if (cleared.length > 0) parts.push(`clears ${listed(cleared, 4)}`);
      if (task.critical) parts.push('on the longest chain');
      yield* page.lines(lead, clean(task.title), { text: page.bold });
      yield* page.lines('       ', parts.join(', '));
      if (details === 'all') for (const step of task.steps) yield* page.lines('       - ', clean(step), { text: page.dim });
    }
  }
}

function* evidence({ evidence }: ReviewResult, page: Page): Generator<string> {
  const { details } = page.options;
  const count = (status: string) => evidence.filter((item) => item.status === status).length;
  const limit = details === 'all' ? Number.POSITIVE_INFINITY : details === 'summary' ? 3 : 15;
  yield '';
  yield* page.lines(
    'Evidence: ',
    `${count('collected')} of ${evidence.length} collected, ${count('absent')} absent, ${count('failed')} failed.`,
    { lead: page.bold },
  );
  // What is missing says more than what is there, so it comes first and survives the limit.
  const rank = { failed: 0, absent: 1, collected: 2 } as const;
  const items = evidence
    .filter(({ status }) => details !== 'summary' || status === 'failed')
    .toSorted((a, b) => rank[a.status] - rank[b.status]);
  for (const item of items.slice(0, limit)) {
    const { glyph, paint } = page.state(item.status === 'collected' ? 'pass' : item.status === 'failed' ? 'fail' : 'unknown');
    const when = item.collectedAt === undefined ? '' : `, ${moment(item.collectedAt)}`;
    const why = item.reason === undefined ? '' : `: ${clean(item.reason)}`;
    yield* page[details === 'summary' ? 'line' : 'lines'](
      `  ${glyph} `,
      `${clean(item.kind)} ${item.status}, ${clean(item.source)}${when}${why}`,
      { lead: paint },
    );
  }
  if (items.length > limit) yield `    and ${items.length - limit} more`;
}

function* notes({ notes }: ReviewResult, page: Page): Generator<string> {
  if (notes.length === 0) return;
  const limit = page.options.details === 'summary' ? 2 : page.options.details === 'findings' ? 20 : Number.POSITIVE_INFINITY;
  yield '';
  yield page.bold('Notes');
  for (const { message, location } of notes.slice(0, limit))
    yield* page[limit === 2 ? 'line' : 'lines'](
      '  - ',
      `${clean(message)}${location === undefined ? '' : ` (${place(location)})`}`,
    );
  if (notes.length > limit) yield `    and ${notes.length - limit} more`;
}
