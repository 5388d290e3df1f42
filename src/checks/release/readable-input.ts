import type { SlotOf } from '../../evidence/bundle.ts';
import { inventory } from '../../facts/inventory.ts';
import { type FileProblem, objects } from '../../facts/objects.ts';
import { sourceProblems } from '../../facts/source-problems.ts';
import type { KubeObject } from '../../kube/object.ts';
import { formatPath } from '../../model/judgement.ts';
import { ownApiVersion } from '../../model/object-ref.ts';
import { defineCheck, type Judgement, type Target } from '../define-check.ts';

type SourceTarget = Target & { readonly slot: SlotOf<'objects'> };

export const readableInput = defineCheck({
  id: 'readable-input',
  gate: 'release',
  level: 'blocker',
  title: 'Every source is read whole and means what its author wrote',
  rationale:
    'A manifest that was skipped, or that the API server will read otherwise than its author, makes every other answer of the review a guess.',
  remedy: 'mend-input',
  references: ['https://kubernetes.io/docs/reference/using-api/api-concepts/#field-validation'],
  decidedBy: 'manifests',
  attestable: false,
  whenToWaive: 'A field that a newer Kubernetes version knows and this program does not know yet.',
  needs: { objects, inventory, sourceProblems },
  parameters: {},
  messages: {
    failed: 'The source {source} could not be read: {reason}.',
    absent: 'The source {source} is missing: {reason}.',
    unreadable: '{file}: {problem}.',
    'unknown-field': '{object} has an unknown field {field}{suggestion}.',
    'wrong-type': '{object}: {field} must be {expected}.',
    refused: 'The API server refuses {object}: {problem}.',
    replaced: '{object}: {problem}.',
    duplicate: '{object} is defined twice; the later definition wins, this one is lost.',
    read: 'All of {source} was read (objects: {objects}).',
    empty: 'The source {source} holds no object.',
  },
  looksFor: [],
  *targets({ objects }): Generator<SourceTarget> {
    for (const slot of objects.slots) yield { ref: { apiVersion: ownApiVersion, kind: 'Source', name: slot.source }, slot };
  },
  assess({ slot }, { objects, sourceProblems }, say) {
    const { source } = slot;
    if (slot.status === 'failed') return say.fail('failed', { source, reason: slot.reason });
    if (slot.status === 'absent') return say.fail('absent', { source, reason: slot.reason });
    const [first, ...rest]: Judgement[] = [
      ...objects.problems
        .filter((entry) => entry.slot === slot.id && entry.problem.severity === 'error')
        .map((entry) => unreadable(entry, say.fail)),
      ...objects.duplicates
        .filter(([lost]) => lost.source.slot === slot.id)
        .map(([lost, kept]) => ({
          ...say.fail('duplicate', { object: name(lost) }),
          in: lost,
          at: [],
          key: name(lost),
          because: [{ note: 'the later definition', object: kept, at: [] }],
        })),
      ...sourceProblems.fields
        .filter(({ object }) => object.source.slot === slot.id)
        .map(({ object, path, field, expected, suggestion }) => ({
          ...(expected === undefined
            ? say.fail('unknown-field', {
                object: name(object),
                field,
                suggestion: suggestion === undefined ? '' : ` (did you mean ${suggestion}?)`,
              })
            : say.fail('wrong-type', { object: name(object), field, expected })),
          in: object,
          at: path,
          key: `${name(object)} ${field}`,
        })),
      ...sourceProblems.namespaces
        .filter(({ object }) => object.source.slot === slot.id)
        .map(({ object, path, problem }) => ({
          ...say.fail('replaced', { object: name(object), problem }),
          in: object,
          at: path,
          key: `${name(object)} ${formatPath(path)}`,
        })),
      ...sourceProblems.roles
        .filter(({ object }) => object.source.slot === slot.id)
        .map(({ object, path, problem }) => ({
          ...say.fail('refused', { object: name(object), problem }),
          in: object,
          at: path,
          key: `${name(object)} ${formatPath(path)} ${problem}`,
        })),
    ];
    if (first !== undefined) return [first, ...rest];
    const count = objects.objects.filter((object) => object.source.slot === slot.id).length;
    return count === 0 ? say.unknown('empty', { source }) : say.pass('read', { source, objects: count });
  },
});

const name = ({ ref }: KubeObject) => `${ref.kind} ${ref.namespace === undefined ? '' : `${ref.namespace}/`}${ref.name}`;

function unreadable(
  { file, problem, rendered }: FileProblem,
  fail: (message: 'unreadable', data: { readonly file: string; readonly problem: string }) => Judgement,
): Judgement {
  const position = 'position' in problem && !rendered ? { line: problem.position.line, column: problem.position.column } : {};
  const key = `${file} ${problem.code} ${'position' in problem ? problem.position.offset : problem.document}`;
  return {
    ...fail('unreadable', { file, problem: problem.message.replace(/\.$/, '') }),
    location: { file, ...position, path: '' },
    key,
  };
}
