import type { SlotOf, SourceFile } from '../../evidence/bundle.ts';
import type { SourceSpec } from '../../evidence/source-spec.ts';
import { isObject, type JsonValue, textAt } from '../../kube/json.ts';
import { parseText } from '../../kube/yaml/parse.ts';
import { SeaworthyError } from '../../model/errors.ts';
import type { Path } from '../../model/judgement.ts';
import type { Io } from '../io.ts';
import { objectsSlot, sourceFile } from '../manifests/manifests.ts';
import { explainFailure, renderLimits } from '../render.ts';

/**
 * Renders a chart by `helm template`, twice: what differs between two renderings (a random password, a time) is generated anew at
 * each install, so it proves nothing and is kept out of digests. Test hooks are left out: they are not part of what launches.
 * Throws SW_TOOL_MISSING or SW_TOOL_FAILED.
 */
export async function renderHelm(io: Io, spec: Extract<SourceSpec, { kind: 'helm' }>): Promise<SlotOf<'objects'>> {
  const first = await template(io, spec);
  const second = await template(io, spec);
  const stream = withoutTests(first);
  const file = sourceFile(spec.chart, stream, false);
  const generated = differences(stream, withoutTests(second));
  const rendered: SourceFile = { ...file, origins: originsOf(stream, spec.chart), generatedAtRender: generated };
  return objectsSlot(spec, `helm chart ${spec.chart}`, 'helm', [rendered], io.now(), stableContent(file.text ?? '', generated));
}

async function template(io: Io, spec: Extract<SourceSpec, { kind: 'helm' }>): Promise<string> {
  const args = ['template', spec.release, spec.chart, '--include-crds'];
  if (spec.namespace !== undefined) args.push('--namespace', spec.namespace);
  for (const values of spec.values) args.push('--values', values);
  if (spec.kubeVersion !== undefined) args.push('--kube-version', spec.kubeVersion);
  for (const version of spec.apiVersions) args.push('--api-versions', version);
  const result = await io.run('helm', args, renderLimits);
  if (result.ok) return new TextDecoder().decode(result.stdout);
  if (result.problem === 'not-found') {
    throw new SeaworthyError('SW_TOOL_MISSING', 'The chart was not rendered: helm is not installed.', {
      where: spec.chart,
      hint: 'Install helm, or render it elsewhere and give the output: helm template RELEASE CHART | seaworthy review -',
    });
  }
  throw new SeaworthyError('SW_TOOL_FAILED', `helm could not render the chart: ${explainFailure(result)}.`, {
    where: spec.chart,
    hint: `Run it yourself to see all of it: helm template ${spec.chart}`,
  });
}

const sourceComment = /^# Source: (.+)$/m;

/** Cuts the stream at its separators and drops documents that are Helm tests. */
function withoutTests(stream: string): string {
  return stream
    .split(/^(?=---)/m)
    .filter((part) => {
      if (!part.includes('helm.sh/hook')) return true;
      const value = parseText(part).documents[0]?.value;
      const hook = textAt(value, 'metadata', 'annotations', 'helm.sh/hook') ?? '';
      return !hook.split(',').some((name) => /^test(-success|-failure)?$/.test(name.trim()));
    })
    .join('');
}

/** The template of each document, by document index. Helm names it in a comment, which masking would remove. */
function originsOf(stream: string, chart: string): readonly string[] {
  const origins: string[] = [];
  for (const part of stream.split(/^(?=---)/m)) {
    const named = sourceComment.exec(part)?.[1];
    // Helm starts the path with the chart's name; the user knows the chart by its folder.
    const path = named === undefined ? chart : `${chart}/${named.slice(named.indexOf('/') + 1)}`;
    for (const _ of parseText(part).documents) origins.push(path);
  }
  return origins;
}

function differences(a: string, b: string): readonly { readonly document: number; readonly path: Path }[] {
  const left = parseText(a).documents;
  const right = parseText(b).documents;
  const found: { document: number; path: Path }[] = [];
  for (const [index, document] of left.entries())
    compare(document.value, right[index]?.value, [], (path) => found.push({ document: index, path }));
  return found;
}

/** The documents without the values that each rendering invents anew. */
function stableContent(
  text: string,
  generated: readonly { readonly document: number; readonly path: Path }[],
): readonly JsonValue[] {
  return parseText(text).documents.map((document) =>
    generated.filter((leaf) => leaf.document === document.index).reduce((value, leaf) => blank(value, leaf.path), document.value),
  );
}

function blank(value: JsonValue, path: Path): JsonValue {
  const [step, ...rest] = path;
  if (step === undefined) return null;
  if (Array.isArray(value))
    return (value as readonly JsonValue[]).map((item, index) => (index === step ? blank(item, rest) : item));
  return isObject(value) && typeof step === 'string' && Object.hasOwn(value, step)
    ? { ...value, [step]: blank(value[step] ?? null, rest) }
    : value;
}

function compare(a: JsonValue, b: JsonValue | undefined, path: Path, report: (path: Path) => void): void {
  if (Array.isArray(a) && Array.isArray(b)) {
    for (const [index, item] of (a as readonly JsonValue[]).entries())
      compare(item, (b as readonly JsonValue[])[index], [...path, index], report);
  } else if (isObject(a) && isObject(b)) {
    for (const [key, item] of Object.entries(a)) compare(item, b[key], [...path, key], report);
  } else if (a !== b) report(path);
}
