import type { AccessModel } from '../../facts/access/access.ts';
import type { HolderOf } from '../../facts/access/holders-of.ts';
import { formatSubject, isControlPlane } from '../../facts/access/subject.ts';
import { subjectId } from '../../facts/access/subject-name.ts';
import { paragraph, row } from '../columns.ts';
import { type Find, rulePlace, bindingPlace } from './words.ts';

export const holderColumns = ['subject', 'namespace', 'allowed', 'default', 'role', 'binding', 'place', 'why'] as const;

/** One row a subject, place and grant, for machines. */
export function holderRows(holders: readonly HolderOf[], find: Find) {
  return holders.flatMap((holder) => {
    const head = { subject: subjectId(holder.subject), namespace: holder.namespace ?? '*', allowed: holder.allowed };
    if (holder.because.length === 0)
      return [{ ...head, default: holder.allowed === true, role: '', binding: '', place: '', why: holder.why }];
    return holder.because.map((grant) => ({
      ...head,
      default: grant.binding.builtin,
      role: `${grant.role.kind} ${grant.role.name}`,
      binding: `${grant.binding.kind} ${grant.binding.name}`,
      place: rulePlace(find, grant),
      why: holder.why,
    }));
  });
}

const mostHolders = 40;

/** Who may do it, everywhere first; those whom only Kubernetes' own bindings name are told together. */
export function holdersText(
  model: AccessModel,
  question: string,
  holders: readonly HolderOf[],
  find: Find,
  width: number,
): string {
  const byDefault = holders.filter(isDefault);
  const others = holders.filter((holder) => !isDefault(holder));
  const sure = others.filter(({ allowed }) => allowed === true);
  const open = others.filter(({ allowed }) => allowed === 'unknown');
  const lines = [
    ...paragraph(`${sure.length === 0 ? 'No binding of the sources lets anybody' : 'Who can'} ${question}`, width),
    ...sure.slice(0, mostHolders).flatMap((holder) => holderLines(holder, find, width)),
    ...more(sure.length),
    ...(open.length === 0 ? [] : ['', 'Who perhaps can: a role is not known']),
    ...open
      .slice(0, mostHolders)
      .flatMap(({ subject, namespace, why }) => [
        ...row(2, [], `${formatSubject(subject)}, ${placeOf(namespace)}`, width),
        ...why.flatMap((text) => row(6, [], text, width)),
      ]),
    ...more(open.length),
    ...(byDefault.length === 0 ? [] : ['', 'Also by defaults of Kubernetes']),
    ...(byDefault.length === 0 ? [] : row(2, [], defaultNames(byDefault), width)),
    ...hiddenLines(model, width),
  ];
  return `${lines.join('\n')}\n`;
}

const isDefault = ({ subject, because, allowed }: HolderOf): boolean =>
  allowed === true && (because.length === 0 ? isControlPlane(subject) : because.every(({ binding }) => binding.builtin));

function defaultNames(holders: readonly HolderOf[]): string {
  const names = [...new Set(holders.map(({ subject }) => formatSubject(subject)))];
  return names.length > 8 ? `${names.slice(0, 8).join(', ')} and ${names.length - 8} more` : names.join(', ');
}

const placeOf = (namespace: string | undefined): string => (namespace === undefined ? 'everywhere' : `in ${namespace}`);

const more = (size: number): readonly string[] =>
  size <= mostHolders ? [] : [`  ... and ${size - mostHolders} more: narrow with -n, or take all rows with --format csv`];

function holderLines({ subject, namespace, because }: HolderOf, find: Find, width: number): readonly string[] {
  return [
    ...row(2, [], `${formatSubject(subject)}, ${placeOf(namespace)}`, width),
    ...because.flatMap((grant) =>
      row(
        6,
        [],
        `${grant.role.kind} ${grant.rule.role} ${rulePlace(find, grant)}, by ${grant.binding.kind} ${grant.binding.name} ${bindingPlace(find, grant.binding)}`,
        width,
      ),
    ),
  ];
}

/** Bindings that no source shows may let others do it. */
function hiddenLines(model: AccessModel, width: number): readonly string[] {
  const whys = (['RoleBinding', 'ClusterRoleBinding'] as const).flatMap((kind) => {
    const completeness = model.completeness[kind];
    return completeness.complete ? [] : [`there is no ${kind} beside those in the sources (${completeness.why})`];
  });
  return whys.length === 0 ? [] : ['', 'This takes for granted that', ...whys.flatMap((text) => row(2, [], text, width))];
}
