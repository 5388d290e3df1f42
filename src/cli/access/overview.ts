import type { AccessModel } from '../../facts/access/access.ts';
import { directGrants } from '../../facts/access/effective.ts';
import type { Escalations } from '../../facts/access/escalation.ts';
import { formatSubject, isControlPlane, type Subject } from '../../facts/access/subject.ts';
import { subjectId } from '../../facts/access/subject-name.ts';
import { count, fitting, row } from '../columns.ts';
import { byGravity } from './paths.ts';
import { targetText } from './words.ts';

export const overviewColumns = ['subject', 'rules', 'namespaces', 'unseenRoles', 'gravest', 'severity'] as const;

/** Whom a binding names, with how much it may do and the gravest that it leads to. */
export function overviewRows(model: AccessModel, paths: Escalations) {
  return subjectsOf(model).map((subject) => {
    const grants = directGrants(model, subject).filter(({ effective }) => effective);
    const gravest = [...paths.of(subject)].sort(byGravity)[0];
    return {
      subject: subjectId(subject),
      rules: grants.length,
      namespaces: [...new Set(grants.map(({ namespace }) => namespace ?? '*'))].sort(),
      unseenRoles: model.unseenOf(subject).length,
      gravest: gravest?.target ?? '',
      severity: gravest?.severity ?? '',
    };
  });
}

/** Everybody but the control plane whom a binding of the sources names. */
export const subjectsOf = (model: AccessModel): readonly Subject[] =>
  model.subjects.filter(
    (subject) =>
      !isControlPlane(subject) &&
      (directGrants(model, subject).length > 0 || model.unseenOf(subject).some(({ binding }) => !binding.builtin)),
  );

const mostSubjects = 60;

/** The overview for people. */
export function overviewText(model: AccessModel, paths: Escalations, width: number): string {
  const subjects = subjectsOf(model);
  const shown = subjects.slice(0, mostSubjects);
  const names = fitting(
    shown.map((subject) => formatSubject(subject)),
    60,
  );
  const lines = [
    subjects.length === 0 ? 'No binding of the sources names anybody.' : `${count(subjects.length, 'subject')} with bindings`,
    ...shown.flatMap((subject) => {
      const grants = directGrants(model, subject).filter(({ effective }) => effective);
      const places = [...new Set(grants.map(({ namespace }) => namespace ?? 'the whole cluster'))].sort();
      const gravest = [...paths.of(subject)].sort(byGravity)[0];
      const where = places.length > 3 ? `${places.slice(0, 3).join(', ')} and ${places.length - 3} more` : places.join(', ');
      const end = gravest === undefined ? '' : `; leads to ${targetText(gravest)}${gravest.certain ? '' : ', perhaps'}`;
      return row(
        2,
        [[formatSubject(subject), names]],
        `${count(grants.length, 'rule')}${where === '' ? '' : ` in ${where}`}${end}`,
        width,
      );
    }),
    ...(subjects.length > shown.length
      ? [`  ... and ${count(subjects.length - shown.length, 'more subject')}: --format csv has all`]
      : []),
    '',
    'Ask for one with: seaworthy access SUBJECT PATH. The ways to more: seaworthy access escalations PATH.',
  ];
  return `${lines.join('\n')}\n`;
}
