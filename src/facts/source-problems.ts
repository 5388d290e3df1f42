import { forgedName } from '../kube/namespace.ts';
import type { Path } from '../model/judgement.ts';
import { checkFields, type FieldProblem } from '../kube/fields.ts';
import type { KubeObject } from '../kube/object.ts';
import { type RbacProblem, rbacProblems } from '../kube/rbac-problems.ts';
import { fact } from './fact.ts';
import { objects } from './objects.ts';

export interface SourceProblems {
  /** Fields that the API server would refuse, in manifests; a live dump was accepted by its own, perhaps newer, server. */
  readonly fields: readonly (FieldProblem & { readonly object: KubeObject })[];
  /** What the API server replaces in Namespaces. */
  readonly namespaces: readonly { readonly path: Path; readonly problem: string; readonly object: KubeObject }[];
  /** What the API server would refuse in Roles and ClusterRoles. Bindings are judged with what they bind. */
  readonly roles: readonly (RbacProblem & { readonly object: KubeObject })[];
}

export const sourceProblems = fact('source-problems', [objects], (read): SourceProblems => {
  const written = read.objects.filter((object) => !object.source.live);
  return {
    fields: written.flatMap((object) => checkFields(object).map((problem) => ({ ...problem, object }))),
    namespaces: written
      .filter(({ ref, group }) => ref.kind === 'Namespace' && group === '')
      .flatMap((object) => {
        const problem = forgedName(object);
        return problem === undefined ? [] : [{ ...problem, object }];
      }),
    roles: written
      .filter(({ ref }) => ref.kind === 'Role' || ref.kind === 'ClusterRole')
      .flatMap((object) => rbacProblems(object).map((problem) => ({ ...problem, object }))),
  };
});
