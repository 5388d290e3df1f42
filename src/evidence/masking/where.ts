import { isObject, type JsonValue } from '../../kube/json.ts';
import type { Path } from '../../model/judgement.ts';
import type { Where } from './detect.ts';

/** Where a scalar stands in its document, as far as the detector's rules depend on it. */
export interface Context {
  /** The key that names the value: its own, its `name` in a name/value pair, or the option before it in `args`. */
  readonly key: string;
  readonly where: Where;
  /** Content of a Secret: masked whatever it is. */
  readonly isSecret: boolean;
  /** In the `data` of a Secret values are base64; in `stringData` and in templates they are plain. */
  readonly isEncoded: boolean;
  /** Ciphertext that checks measure: SOPS metadata, `encryptedData` of a SealedSecret. */
  readonly isCiphertext: boolean;
}

const publicFields = new Set([
  'apiVersion',
  'kind',
  'name',
  'namespace',
  'generateName',
  'image',
  'imageID',
  'containerID',
  'uid',
  'resourceVersion',
  'selfLink',
  'secretName',
  'nodeName',
  'serviceAccountName',
  'mountPath',
  'subPath',
  'hostPath',
  'storageClassName',
  'ingressClassName',
  'topologyKey',
  'caBundle',
]);
const proseFields = new Set([
  'description',
  'message',
  'summary',
  'title',
  'documentation',
  'help',
  'notes',
  'note',
  'comment',
  'reason',
  'text',
  'caption',
]);
const labelParents = new Set(['labels', 'matchLabels', 'nodeSelector', 'selector', 'commonLabels']);
const argumentLists = new Set(['args', 'command', 'extraArgs', 'cmd', 'entrypoint', 'additionalArgs']);
const valueFields = new Set(['value', 'defaultValue', 'stringValue']);
const nameFields = ['name', 'key', 'Name', 'Key', 'variable', 'param'];
/** Custom kinds whose `key`, `secretKey` and `property` name entries of a store. */
const storeKinds = new Set([
  'ExternalSecret',
  'ClusterExternalSecret',
  'PushSecret',
  'ClusterPushSecret',
  'SecretProviderClass',
  'VaultStaticSecret',
  'VaultDynamicSecret',
  'SecretStore',
  'ClusterSecretStore',
  'Certificate',
  'Issuer',
  'ClusterIssuer',
]);

/** The context of the scalar at a path. Reads only the objects on the way to it. */
export function contextOf(root: JsonValue, path: Path): Context {
  return contextReader(root)(path);
}

/** What the first steps of a path say, and the value that they lead to. */
interface Way {
  readonly value: JsonValue | undefined;
  /** `kind` of the value; empty where it is no object or has none. */
  readonly kind: string;
  readonly isSecret: boolean;
  readonly isEncoded: boolean;
  readonly isCiphertext: boolean;
  readonly isConfiguration: boolean;
  readonly isSchema: boolean;
  readonly isStore: boolean;
  readonly isGenerated: boolean;
  /** Whether the steps after the last one had a say. */
  readonly looksAhead: boolean;
}

/**
 * `contextOf` for many paths of one document. It remembers the way to the last one's parent: in the order of the text most paths share
 * all but their last steps.
 */
export function contextReader(root: JsonValue): (path: Path) => Context {
  const start: Way = {
    value: root,
    kind: kindOf(root),
    isSecret: false,
    isEncoded: false,
    isCiphertext: false,
    isConfiguration: false,
    isSchema: false,
    isStore: false,
    isGenerated: false,
    looksAhead: false,
  };
  const ways: Way[] = [start];
  let last: Path = [];
  return (path) => {
    const end = path.length - 1;
    let same = 0;
    while (same < end && same < last.length - 1 && path[same] === last[same]) same++;
    // A step that looks ahead reads the two steps after it.
    if (same > 1 && ways[same - 1]?.looksAhead === true) same -= 2;
    else if (same > 0 && ways[same]?.looksAhead === true) same--;
    let parent = ways[same] ?? start;
    for (let depth = same; depth < end; depth++) {
      parent = stepOn(parent, path, depth);
      ways[depth + 1] = parent;
    }
    last = path;
    const way = end < 0 ? start : flagsOf(parent, path, end);
    const named = nameOf(end < 0 ? undefined : parent.value, path);
    const where = whereOf(path, way, named.isPair);
    const isSecret = way.isSecret || (way.isGenerated && path.includes('literals'));
    return { key: named.key, where, isSecret, isEncoded: way.isEncoded, isCiphertext: way.isCiphertext };
  };
}

const kindOf = (value: JsonValue | undefined): string =>
  isObject(value) && typeof value['kind'] === 'string' ? value['kind'] : '';

function stepOn(way: Way, path: Path, depth: number): Way {
  const value = childOf(way.value, path[depth] ?? '');
  return { ...flagsOf(way, path, depth), value, kind: kindOf(value) };
}

/** What the step at `depth` adds to the way before it; the value stays that of the way. */
function flagsOf(way: Way, path: Path, depth: number): Way {
  const step = path[depth];
  const { kind } = way;
  const isNamed = step === 'openAPIV3Schema' || step === 'secretGenerator' || (depth === 0 && step === 'sops');
  if (kind === '' && !isNamed) return way.looksAhead ? { ...way, looksAhead: false } : way;
  let { isSecret, isEncoded, isCiphertext, isConfiguration, isSchema } = way;
  const next = path[depth + 1];
  const afterNext = path[depth + 2];
  if (depth === 0 && step === 'sops') isCiphertext = isSopsEncrypted(way.value);
  const field = kind === 'Secret' ? step : kind === 'SecretList' && step === 'items' ? afterNext : undefined;
  if (isData(field)) {
    isSecret = true;
    isEncoded = field === 'data';
  }
  if (kind === 'SealedSecret' && step === 'spec') {
    isCiphertext ||= next === 'encryptedData' || next === 'data';
    if (next === 'template' && isData(afterNext)) isSecret = true;
  } else if (kind === 'ConfigMap' && (step === 'data' || step === 'binaryData')) isConfiguration = true;
  else if (kind === 'ConfigMapList' && step === 'items' && isConfigurationData(afterNext)) isConfiguration = true;
  else if (kind === 'CustomResourceDefinition') isSchema = true;
  return {
    value: way.value,
    kind,
    isSecret,
    isEncoded,
    isCiphertext,
    isConfiguration,
    isSchema: isSchema || step === 'openAPIV3Schema',
    isStore: way.isStore || storeKinds.has(kind),
    isGenerated: way.isGenerated || step === 'secretGenerator',
    looksAhead: (step === 'items' && kind.endsWith('List')) || (step === 'spec' && kind === 'SealedSecret'),
  };
}

const isData = (step: string | number | undefined): boolean => step === 'data' || step === 'stringData';
const isConfigurationData = (step: string | number | undefined): boolean => step === 'data' || step === 'binaryData';

function childOf(value: JsonValue | undefined, step: string | number): JsonValue | undefined {
  if (typeof step === 'number') return Array.isArray(value) ? (value as readonly JsonValue[])[step] : undefined;
  return isObject(value) && Object.hasOwn(value, step) ? value[step] : undefined;
}

/** SOPS signs what it encrypted: its `mac` is ciphertext. Anything else under the name `sops` is judged like other fields. */
export function isSopsEncrypted(root: JsonValue | undefined): boolean {
  const mac = childOf(childOf(root, 'sops'), 'mac');
  return typeof mac === 'string' && mac.startsWith('ENC[');
}

function nameOf(parent: JsonValue | undefined, path: Path): { readonly key: string; readonly isPair: boolean } {
  const last = path.at(-1);
  if (typeof last === 'string') {
    if (valueFields.has(last) && isObject(parent)) {
      for (const field of nameFields) {
        const name = childOf(parent, field);
        if (typeof name === 'string') return { key: name, isPair: true };
      }
    }
    return { key: last, isPair: false };
  }
  // `["--password", "hunter2"]`: the option names the item after it.
  if (typeof last === 'number' && last > 0) {
    const option = childOf(parent, last - 1);
    if (typeof option === 'string' && /^--?[A-Za-z][\w.-]*$/.test(option)) return { key: option, isPair: true };
  }
  for (let at = path.length - 2; at >= 0; at--) {
    const step = path[at];
    if (typeof step === 'string') return { key: step, isPair: false };
  }
  return { key: '', isPair: false };
}

function whereOf(path: Path, { isConfiguration, isSchema, isStore }: Way, isPair: boolean): Where {
  const last = path.at(-1);
  const above = path.at(-2);
  if (isSchema) return 'prose';
  if (typeof last === 'number') return typeof above === 'string' && argumentLists.has(above) ? 'argument' : 'field';
  if (above === 'annotations' || above === 'commonAnnotations') return proseFields.has(String(last)) ? 'prose' : 'annotation';
  if (isConfiguration) return 'configuration';
  if (isPair) return 'env';
  if (typeof above === 'string' && (labelParents.has(above) || /(?:Ref|Selector|KeyFrom|remoteRef)$/.test(above))) return 'label';
  if (typeof last === 'string' && publicFields.has(last)) return 'label';
  if (isStore && typeof last === 'string' && /^(?:secretKey|key|property|remoteKey|objectName|objectAlias)$/.test(last))
    return 'label';
  return typeof last === 'string' && proseFields.has(last) ? 'prose' : 'field';
}
