import { type AccessModel, type Grant } from '../../facts/access/access.ts';
import type { Escalations } from '../../facts/access/escalation.ts';
import { tokenMount } from '../../facts/access/accounts.ts';
import { formatSubject, impliedGroups, type Subject, subjectKey } from '../../facts/access/subject.ts';
import { subjectId } from '../../facts/access/subject-name.ts';
import { compareText, formatRef } from '../../model/object-ref.ts';
import { count, paragraph, row } from '../columns.ts';
import { pathLines } from './paths.ts';
import { taskLines } from './tasks.ts';
import { bindingPlace, type Find, placeText, resourcesText, rulePlace } from './words.ts';

/** Everything that is known of one subject's rights. */
export interface SubjectRights {
  readonly subject: Subject;
  /** A binding names it, or it has an object, or a workload uses it. */
  readonly known: boolean;
  /** Groups that the reader put it in, beside those that it is in by itself. */
  readonly groups: readonly string[];
  readonly grants: readonly Grant[];
  readonly unseen: ReturnType<AccessModel['unseenOf']>;
}

export const rightsOf = (model: AccessModel, subject: Subject, known: boolean, groups: readonly string[]): SubjectRights => ({
  subject,
  known,
  groups,
  grants: model.grantsOf(subject, groups),
  unseen: model.unseenOf(subject, groups),
});

export const rightColumns = [
  'subject',
  'namespace',
  'verbs',
  'apiGroups',
  'resources',
  'resourceNames',
  'nonResourceURLs',
  'effective',
  'through',
  'role',
  'binding',
  'place',
] as const;

/** One row a rule and binding, for machines; `*` is every namespace and the cluster. Roles out of sight are rows without verbs. */
export function rightRows({ subject, grants, unseen }: SubjectRights, find: Find) {
  const head = { subject: subjectId(subject) };
  const known = grants.map((grant) => ({
    ...head,
    namespace: grant.namespace ?? '*',
    verbs: grant.rule.rule.verbs,
    apiGroups: grant.rule.rule.apiGroups,
    resources: grant.rule.rule.resources,
    resourceNames: grant.rule.rule.resourceNames,
    nonResourceURLs: grant.rule.rule.nonResourceURLs,
    effective: grant.effective,
    through: subjectId(grant.subject),
    role: `${grant.role.kind} ${grant.role.name}`,
    binding: `${grant.binding.kind} ${grant.binding.name}`,
    place: rulePlace(find, grant),
  }));
  const none: readonly string[] = [];
  const hidden = unseen.map(({ binding }) => ({
    ...head,
    namespace: binding.namespace ?? '*',
    verbs: none,
    apiGroups: none,
    resources: none,
    resourceNames: none,
    nonResourceURLs: none,
    effective: 'unknown' as const,
    through: '',
    role: `${binding.roleRef.kind} ${binding.roleRef.name}`,
    binding: `${binding.kind} ${binding.name}`,
    place: bindingPlace(find, binding),
  }));
  return [...known, ...hidden];
}

/** What a subject may do, where, by which rule, and what that leads to. */
export function subjectText(model: AccessModel, paths: Escalations, rights: SubjectRights, find: Find, width: number): string {
  const { subject, grants, unseen } = rights;
  const effective = grants.filter((grant) => grant.effective && !grant.binding.builtin);
  const defaults = grants.filter((grant) => grant.effective && grant.binding.builtin);
  const places = [...new Set(effective.map(({ namespace }) => namespace))].sort((a, b) => compareText(a ?? '', b ?? ''));
  const lines = [
    ...headLines(model, rights, find, width),
    ...(effective.length === 0 ? ['', 'No binding of the sources allows it anything.'] : []),
    ...places.flatMap((place) => [
      ...placeLines(
        place,
        effective.filter(({ namespace }) => namespace === place),
        subject,
        find,
        width,
      ),
      ...taskLines(model, rights, place, width),
    ]),
    ...ineffectiveLines(grants, find, width),
    ...(unseen.length === 0 ? [] : ['', 'Bound to roles whose rules are not known: it may be allowed more']),
    ...unseen.flatMap(({ binding, why }) =>
      row(2, [], `${why} (${binding.kind} ${binding.name}, ${bindingPlace(find, binding)})`, width),
    ),
    ...defaultLines(defaults, width),
    ...escalationLines(paths, subject, find, width),
    ...hazardLines(paths, subject, width),
    ...hiddenLines(paths, width),
  ];
  return `${lines.join('\n')}\n`;
}

function headLines(model: AccessModel, { subject, known, groups }: SubjectRights, find: Find, width: number): readonly string[] {
  const lines = [formatSubject(subject)];
  if (subject.kind === 'ServiceAccount') {
    const object = model.accountObject(subject.namespace, subject.name);
    const running = model.workloadsOf(subject.namespace, subject.name);
    const used = running.map((workload) => {
      const { mounted } = tokenMount(model, workload);
      return `${formatRef(workload.ref)}${mounted === false ? ' (without its token)' : ''}`;
    });
    lines.push(
      ...row(2, [], object === undefined ? 'its object is in no source' : placeText(find, object, []), width),
      ...row(2, [], used.length === 0 ? 'no workload of the sources runs as it' : `runs ${used.join(', ')}`, width),
    );
  } else if (!known) lines.push('  no binding of the sources names it');
  const implied = [...impliedGroups(subject), ...groups];
  if (implied.length > 0) lines.push(...row(2, [], `in ${implied.join(', ')}`, width));
  return lines;
}

function placeLines(
  place: string | undefined,
  grants: readonly Grant[],
  subject: Subject,
  find: Find,
  width: number,
): readonly string[] {
  return [
    '',
    ...paragraph(place === undefined ? 'In the whole cluster' : `In ${place}`, width),
    ...grants.flatMap((grant) => {
      const { binding, rule, role } = grant;
      const through = subjectKey(grant.subject) === subjectKey(subject) ? '' : `${formatSubject(grant.subject)}, `;
      return [
        ...row(2, [], `${rule.rule.verbs.join(', ')}: ${resourcesText(rule.rule)}`, width),
        ...row(
          6,
          [],
          `${role.kind} ${rule.role} ${rulePlace(find, grant)}, by ${through}${binding.kind} ${binding.name} ${bindingPlace(find, binding)}`,
          width,
        ),
      ];
    }),
  ];
}

function ineffectiveLines(grants: readonly Grant[], find: Find, width: number): readonly string[] {
  const parts = grants.flatMap((grant) =>
    grant.ineffective.map(({ part, why }) => ({ text: `${part}: ${why} (${rulePlace(find, grant)})` })),
  );
  const texts = [...new Set(parts.map(({ text }) => text))];
  return texts.length === 0 ? [] : ['', 'Written, and without effect', ...texts.flatMap((text) => row(2, [], text, width))];
}

function defaultLines(grants: readonly Grant[], width: number): readonly string[] {
  const names = [...new Set(grants.map(({ binding }) => binding.name))];
  return names.length === 0 ? [] : ['', 'Also by the default bindings of Kubernetes', ...row(2, [], names.join(', '), width)];
}

function escalationLines(paths: Escalations, subject: Subject, find: Find, width: number): readonly string[] {
  const found = paths.of(subject);
  if (found.length === 0) return ['', 'No known way leads from these rights to more.'];
  return [
    '',
    `What these rights lead to (${count(found.length, 'path')})`,
    ...found.flatMap((path) => pathLines(path, find, width)),
  ];
}

/** What it may do to others without becoming more itself. */
function hazardLines(paths: Escalations, subject: Subject, width: number): readonly string[] {
  const found = paths.hazardsOf(subject);
  if (found.length === 0) return [];
  return [
    '',
    'What it may do to others without becoming more itself',
    ...found.flatMap(({ severity, note, edge, assumption }) =>
      row(2, [[severity, 10]], `${note} [${edge}]${assumption === undefined ? '' : `, if ${assumption}`}`, width),
    ),
  ];
}

function hiddenLines({ assumptions }: Escalations, width: number): readonly string[] {
  return assumptions.length === 0
    ? []
    : ['', 'All this takes for granted that', ...assumptions.flatMap((text) => row(2, [], text, width))];
}
