import { clusterAdmin, type Danger, type Gain } from './danger.ts';
import { type OperatorKind, operatorKinds } from './operator-kinds.ts';
import type { Rights } from './rights.ts';
import type { Subject } from './subject.ts';
import type { Surroundings } from './surroundings.ts';

/** E47: custom resources whose operator acts with rights that their author lacks; undefined is every namespace and the cluster. */
export function operatorDangers(rights: Rights, place: string | undefined, around: Surroundings): readonly Danger[] {
  return operatorKinds.flatMap((row): readonly Danger[] => {
    if (row.clusterScoped && place !== undefined) return [];
    const permission = rights.permit(row.need);
    if (permission === undefined) return [];
    const note = `write a ${row.kind}${place === undefined ? '' : ` in ${place}`}, with which ${row.operator} ${does[row.effect]}`;
    return outcomesOf(row, place, around).map(({ gain, assumption }) => ({
      edge: 'E47',
      gain,
      note,
      grants: permission.grants,
      ...(assumption === undefined ? {} : { assumption }),
    }));
  });
}

const does: Readonly<Record<OperatorKind['effect'], string>> = {
  operator: 'does what it may do itself',
  cluster: 'changes any object of the cluster',
  accounts: 'lets it use the ServiceAccounts of the namespace',
  secrets: 'hands out Secrets of the namespace',
};

type AccountSubject = Extract<Subject, { kind: 'ServiceAccount' }>;

interface Outcome {
  readonly gain: Gain;
  readonly assumption: string | undefined;
}

/** Where the sources show the operator's ServiceAccount, its real rights are followed; else what the project's own manifests give it. */
function outcomesOf(row: OperatorKind, place: string | undefined, around: Surroundings): readonly Outcome[] {
  const accounts = row.accounts.flatMap((name) => around.accountsNamed(name)).filter((account) => isShown(account, around));
  const running = accounts.length > 0 ? undefined : `${row.operator} runs in the cluster`;
  if (row.effect === 'operator') {
    if (accounts.length === 0)
      return [
        { gain: clusterAdmin, assumption: `${running}, with every right${row.limit === undefined ? '' : `, and ${row.limit}`}` },
      ];
    return accounts.map((subject) => ({
      gain: { kind: 'subject', subject },
      assumption: row.limit ?? elsewhere(subject, place),
    }));
  }
  const assumption = [running, row.limit].filter((text) => text !== undefined).join(', and ') || undefined;
  if (row.effect === 'cluster') return [{ gain: clusterAdmin, assumption }];
  // Allowed everywhere is allowed in kube-system, whose accounts and Secrets hold the cluster.
  if (place === undefined)
    return [{ gain: row.effect === 'accounts' ? clusterAdmin : { kind: 'secrets', namespace: '*' }, assumption }];
  return [{ gain: { kind: row.effect === 'accounts' ? 'namespace' : 'secrets', namespace: place }, assumption }];
}

/** A binding alone does not make an operator: its account or its workload is there. */
const isShown = ({ namespace, name }: AccountSubject, { access }: Surroundings): boolean =>
  access.accountObject(namespace, name) !== undefined || access.workloadsOf(namespace, name).length > 0;

const elsewhere = (subject: Subject, place: string | undefined): string | undefined =>
  place === undefined || (subject.kind === 'ServiceAccount' && subject.namespace === place)
    ? undefined
    : `the operator acts on what is written in ${place}`;
