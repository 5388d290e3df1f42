import type { Escalation, Escalations } from '../../facts/access/escalation.ts';
import { formatSubject, subjectKey } from '../../facts/access/subject.ts';
import { subjectId } from '../../facts/access/subject-name.ts';
import { count, paragraph, row } from '../columns.ts';
import type { Edge } from '../graph.ts';
import { type Find, placeText, targetText } from './words.ts';

export const pathColumns = [
  'subject',
  'target',
  'severity',
  'scope',
  'certain',
  'assumption',
  'edge',
  'length',
  'steps',
  'cuts',
] as const;

const order = ['critical', 'high', 'medium', 'low'] as const;

/** Gravest first, what is certain before what is not, and short before long. */
export const byGravity = (a: Escalation, b: Escalation): number =>
  order.indexOf(a.severity) - order.indexOf(b.severity) || Number(b.certain) - Number(a.certain) || a.length - b.length;

/** What a row says of a path without its proof, in the order of columns. */
const headOf = ({ subject, target, severity, scope, certain, assumption, edge, length }: Escalation) => ({
  subject: subjectId(subject),
  target,
  severity,
  scope,
  certain,
  assumption: assumption ?? null,
  edge,
  length,
});

/** One row a path, for machines; each step is `note @ file:line:column`. One at a time: proofs are large, and made when they are read. */
export function* pathRows(paths: readonly Escalation[], find: Find) {
  for (const path of paths)
    yield {
      ...headOf(path),
      assumption: path.assumption ?? '',
      steps: path.steps.map(({ note, object, at }) => `${note} @ ${placeText(find, object, at)}`).join(' -> '),
      cuts: path.cuts.map(({ note }) => note).join(' | '),
    };
}

/** The same with structure, for JSON. */
export function* pathObjects(paths: readonly Escalation[], find: Find) {
  for (const path of paths)
    yield {
      ...headOf(path),
      steps: path.steps.map(({ note, object, at }) => ({ note, ...(object === undefined ? {} : find({ object, path: at })) })),
      cuts: path.cuts.map(({ kind, note }) => ({ kind, note })),
    };
}

/** Principals and what they can become. */
export const pathEdges = (paths: readonly Escalation[]): readonly Edge[] =>
  paths.map((path) => ({
    from: formatSubject(path.subject),
    to: path.target.startsWith('subject:') ? targetName(path.target) : targetText(path),
    label: `${path.edge} ${path.severity}`,
    open: !path.certain,
  }));

/** A target that is a subject is the node of that subject. */
function targetName(target: string): string {
  const name = target.slice('subject:'.length);
  return name.includes('/') ? `ServiceAccount ${name}` : name;
}

/** One path: where it ends, its steps with their places, what it rests on, and what would cut it. */
export function pathLines(path: Escalation, find: Find, width: number): readonly string[] {
  const { steps, assumption, cuts, guards } = path;
  const who = formatSubject(path.subject);
  return [
    ...headLines(path, width),
    ...middleLeftOut(steps).flatMap((step) =>
      typeof step === 'string'
        ? row(6, [], step, width)
        : stepLines(step.note.replaceAll(who, 'it'), placeText(find, step.object, step.at), width),
    ),
    ...(assumption === undefined ? [] : row(6, [], `if ${assumption}`, width)),
    ...guards
      .map(({ note }) => note)
      .slice(0, 3)
      .flatMap((note) => row(6, [], `unless ${note} refuses it, which is not evaluated`, width)),
    ...cuts.slice(0, mostCuts).flatMap(({ note }) => row(6, [['cut:', 5]], note.replaceAll(who, 'it'), width)),
  ];
}

const headLines = (path: Escalation, width: number): readonly string[] =>
  row(2, [[path.severity, 10]], `${targetText(path)}${path.certain ? '' : ', perhaps'} [${path.edge}]`, width);

const mostCuts = 3;

const mostSteps = 16;

/** A long proof is read at its ends. */
function middleLeftOut<T>(steps: readonly T[]): readonly (T | string)[] {
  if (steps.length <= mostSteps) return steps;
  const left = steps.length - mostSteps + 1;
  return [...steps.slice(0, mostSteps / 2), `... ${left} more steps`, ...steps.slice(mostSteps / 2 + left)];
}

/** A step, with its place beside it where there is room, else under it. */
function stepLines(note: string, place: string, width: number): readonly string[] {
  const text = row(6, [], note, width);
  const last = text.at(-1) ?? '';
  return last.length + place.length + 2 <= width
    ? [...text.slice(0, -1), `${last}  ${place}`]
    : [...text, ...row(8, [], place, width)];
}

const mostSubjects = 20;
const mostPaths = 5;
/** With more subjects than this, only the gravest way of each is told with its steps. */
const fewSubjects = 3;

/** Everybody's paths, the gravest subject first. */
export function escalationsText(
  all: readonly Escalation[],
  paths: Escalations,
  subjects: number,
  find: Find,
  width: number,
): string {
  const groups = [...Map.groupBy(all, ({ subject }) => subjectKey(subject)).values()].map((list) => [...list].sort(byGravity));
  groups.sort((a, b) => (a[0] && b[0] ? byGravity(a[0], b[0]) : 0));
  const shown = groups.slice(0, mostSubjects);
  const lines = [
    groups.length === 0
      ? `No known way leads from the rights of ${count(subjects, 'subject')} to more.`
      : `${groups.length} of ${count(subjects, 'subject')} can gain more than the bindings say, in ${count(all.length, 'way')}.`,
    ...shown.flatMap((list) => subjectLines(list, groups.length <= fewSubjects ? mostPaths : 1, find, width)),
    ...(groups.length > shown.length
      ? [
          '',
          `... and ${count(groups.length - shown.length, 'more subject')}: narrow with --from, or take all rows with --format csv`,
        ]
      : []),
    ...(paths.assumptions.length === 0 ? [] : ['', 'All this takes for granted that']),
    ...paths.assumptions.flatMap((text) => row(2, [], text, width)),
  ];
  return `${lines.join('\n')}\n`;
}

function subjectLines(list: readonly Escalation[], proven: number, find: Find, width: number): readonly string[] {
  const [first] = list;
  if (first === undefined) return [];
  const running = first.workloads.map(({ ref }) => `${ref.kind} ${ref.name}`);
  const used =
    running.length === 0
      ? ''
      : ` (runs ${running.slice(0, 3).join(', ')}${running.length > 3 ? ` and ${running.length - 3} more` : ''})`;
  return [
    '',
    ...paragraph(`${formatSubject(first.subject)}${used}`, width),
    ...list.slice(0, proven).flatMap((path) => pathLines(path, find, width)),
    ...list.slice(proven, mostPaths).flatMap((path) => headLines(path, width)),
    ...(list.length > mostPaths
      ? [`  ... and ${count(list.length - mostPaths, 'more path')}: --from ${subjectId(first.subject)} --format csv`]
      : []),
  ];
}
