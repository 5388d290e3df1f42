import { checkFields, type FieldProblem } from '../kube/fields.ts';
import type { KubeObject } from '../kube/object.ts';
import { fact } from './fact.ts';
import { objects } from './objects.ts';

export interface SourceProblems {
  /** Fields that the API server would refuse, in manifests; a live dump was accepted by its own, perhaps newer, server. */
  readonly fields: readonly (FieldProblem & { readonly object: KubeObject })[];
}

export const sourceProblems = fact(
  'source-problems',
  [objects],
  (read): SourceProblems => ({
    fields: read.objects
      .filter((object) => !object.source.live)
      .flatMap((object) => checkFields(object).map((problem) => ({ ...problem, object }))),
  }),
);
