import { inventory } from '../../facts/inventory.ts';
import { isReal, type MaskedField, maskedValues, realLeaves } from '../../facts/masked-values.ts';
import { workloads } from '../../facts/workloads.ts';
import { textAt, valueAt } from '../../kube/json.ts';
import type { KubeObject } from '../../kube/object.ts';
import type { Container } from '../../kube/workload.ts';
import { formatPath, type Path } from '../../model/judgement.ts';
import { refKey } from '../../model/object-ref.ts';
import { defineCheck, type Judgement, type Target } from '../define-check.ts';

type LiteralTarget = Target & {
  readonly object: KubeObject;
  readonly fields: readonly MaskedField[];
  readonly container: Container | undefined;
};

export const literalCredentials = defineCheck({
  id: 'literal-credentials',
  gate: 'secrets',
  level: 'blocker',
  title: 'No credential stands in a workload, a ConfigMap or any other object',
  rationale:
    'Everybody who may read the object, its history or its backup has the credential, and nothing replaces it when it leaks.',
  remedy: 'move-literals-to-secrets',
  references: [
    'https://kubernetes.io/docs/concepts/configuration/secret/#use-cases',
    'https://kubernetes.io/docs/concepts/security/secrets-good-practices/',
  ],
  decidedBy: 'manifests',
  attestable: true,
  whenToWaive:
    'A value that looks like a credential and is public: the identifier of a web client, a key of a published test system.',
  needs: { inventory, workloads, maskedValues },
  parameters: {},
  messages: {
    variable: 'Variable {name} holds a literal credential.',
    argument: '{name} holds a literal credential.',
    key: 'Key {name} holds a literal credential.',
    leaves: 'Key {name} holds literal credentials at {leaves}.',
    annotation: 'Annotation {name} holds a credential.',
    secret: '{name} holds the data of a whole Secret.',
    field: 'Field {name} holds a literal credential.',
    random:
      '{name} holds a random-looking value, and its name does not say what it is. Move it to a Secret, or attest that it is public.',
    clean: 'No literal credential.',
  },
  looksFor: ['*', 'ConfigMap'],
  *targets({ inventory, workloads, maskedValues }): Generator<LiteralTarget> {
    const running = new Map(workloads.system.map((workload) => [refKey(workload.ref), workload]));
    for (const object of inventory.system) {
      if (object.ref.kind === 'Secret' && object.group === '') continue;
      const fields = maskedValues.of(object).filter(({ mask, path }) => isReal(mask) && !isSealedTemplate(object, path));
      const workload = running.get(refKey(object.ref));
      const claimed = new Set<MaskedField>();
      for (const container of workload?.containers ?? []) {
        const own = fields.filter(({ path }) => startsWith(path, container.path));
        for (const field of own) claimed.add(field);
        yield { ref: container.ref, object, container, fields: own };
      }
      const rest = withoutCopies(
        fields.filter((field) => !claimed.has(field)),
        claimed.size > 0,
      );
      if (rest.length > 0 || (workload === undefined && isConfiguration(object)))
        yield { ref: object.ref, object, container: undefined, fields: rest };
    }
  },
  assess({ object, container, fields }, _, say) {
    const [first, ...rest] = fields.map(
      (field): Judgement => ({ ...judge(field), at: field.path, key: nameOf(field.path, object, container) }),
    );
    return first === undefined ? say.pass('clean') : [first, ...rest];

    function judge({ path, mask }: MaskedField): Judgement {
      const name = nameOf(path, object, container);
      const place = placeOf(path, object, container);
      if (mask.class === 'high-entropy') return { ...say.unknown('random', { name }), reason: 'undecidable' };
      if (mask.detector === 'nested-secret') return say.fail('secret', { name });
      if (place === 'key') {
        const leaves = mask.contains?.kind === 'config' ? realLeaves(mask.contains) : [];
        return leaves.length > 1
          ? say.fail('leaves', { name, leaves: [...new Set(leaves)].slice(0, 5).join(', ') })
          : say.fail('key', { name });
      }
      return say.fail(place, { name });
    }
  },
});

const startsWith = (path: Path, start: Path): boolean => start.every((step, index) => path[index] === step);

/** The plain part of a SealedSecret is a Secret's data: `committed-secret` judges it. */
const isSealedTemplate = ({ ref }: KubeObject, path: Path): boolean =>
  ref.kind === 'SealedSecret' && path[0] === 'spec' && path[1] === 'template' && path[2] === 'data';

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

/** kubectl's copy of the object repeats what was found in it: one cause is reported once. */
function withoutCopies(fields: readonly MaskedField[], foundBefore: boolean): readonly MaskedField[] {
  const others = fields.filter(({ path }) => path.at(-1) !== lastApplied);
  return foundBefore || others.length > 0 ? others : fields;
}

/** ConfigMaps, and kinds that are not Kubernetes' own: both hold configuration that people write. */
const isConfiguration = ({ ref, group }: KubeObject): boolean =>
  (ref.kind === 'ConfigMap' && group === '') || (group.includes('.') && !group.endsWith('.k8s.io'));

type PlaceKind = 'variable' | 'argument' | 'key' | 'annotation' | 'field';

function placeOf(path: Path, object: KubeObject, container: Container | undefined): PlaceKind {
  const inside = container === undefined ? path : path.slice(container.path.length);
  if (container !== undefined && inside[0] === 'env') return 'variable';
  if (container !== undefined && (inside[0] === 'args' || inside[0] === 'command')) return 'argument';
  if (object.ref.kind === 'ConfigMap' && (path[0] === 'data' || path[0] === 'binaryData')) return 'key';
  return path.at(-2) === 'annotations' ? 'annotation' : 'field';
}

/** What a reader looks for: the variable, the option or the key, never the value. */
function nameOf(path: Path, object: KubeObject, container: Container | undefined): string {
  const place = placeOf(path, object, container);
  if (place === 'variable') return textAt(object.value, ...path.slice(0, -1), 'name') ?? formatPath(path);
  if (place === 'argument') return argumentName(path, object);
  return place === 'field' ? pairName(path, object) : String(path.at(-1));
}

/** `--password=x` by its option, the second of `--password x` by the first, anything else by its place. */
function argumentName(path: Path, object: KubeObject): string {
  const index = Number(path.at(-1));
  const itemAt = (at: number) => textAt(object.value, ...path.slice(0, -1), at) ?? '';
  const own = /^(-{1,2}[A-Za-z][\w.-]{0,63})=/.exec(itemAt(index))?.[1];
  const before = /^-{1,2}[A-Za-z][\w.-]{0,63}$/.exec(itemAt(index - 1))?.[0];
  // `sh -c` names no option of the program.
  const option = own ?? (before === '-c' ? undefined : before);
  return option === undefined ? `Item ${index + 1} of ${String(path.at(-2))}` : `Option ${option}`;
}

/** The field's path, with the name of a name/value pair beside it. */
function pairName(path: Path, object: KubeObject): string {
  const parent = path.slice(0, -1);
  const name =
    path.at(-1) === 'value' ? (textAt(object.value, ...parent, 'name') ?? textAt(object.value, ...parent, 'key')) : undefined;
  const text = formatPath(path);
  return name === undefined || valueAt(object.value, ...parent) === undefined ? text : `${text} (${name})`;
}
