import { isObject, type JsonValue, textAt, texts, valueAt } from '../kube/json.ts';

/** Labels of a scrape target before its relabelling. A key that is missing from the map is empty; `undefined` is not known. */
export type TargetLabels = ReadonlyMap<string, string | undefined>;

export type Relabelled =
  | { readonly kept: 'yes'; readonly address: string | undefined }
  | { readonly kept: 'no' }
  | { readonly kept: 'unknown'; readonly why: string };

const mostRules = 200;

/**
 * Applies relabel_configs as far as they can be decided: keep, drop, keepequal, dropequal, and what replaces a label. Regular
 * expressions are those of RE2 and come from the input: only alternatives of plain text with wildcards are evaluated, the rest is unknown.
 * https://prometheus.io/docs/prometheus/latest/configuration/configuration/#relabel_config
 */
export function relabel(rules: readonly JsonValue[], labels: TargetLabels): Relabelled {
  const current = new Map(labels);
  let doubt: string | undefined;
  for (const rule of rules.slice(0, mostRules)) {
    if (!isObject(rule)) continue;
    const action = (textAt(rule, 'action') ?? 'replace').toLowerCase();
    const sources = texts(valueAt(rule, 'source_labels'));
    if (action === 'keep' || action === 'drop') {
      const matched = matches(rule, sources, current);
      if (matched === undefined) doubt ??= `a ${action} rule on ${sources.join(', ') || 'no label'}`;
      else if (matched === (action === 'drop')) return { kept: 'no' };
    } else if (action === 'replace') replace(rule, sources, current);
    else if (action === 'keepequal' || action === 'dropequal') doubt ??= `a ${action} rule`;
  }
  return doubt === undefined ? { kept: 'yes', address: current.get('__address__') } : { kept: 'unknown', why: doubt };
}

function joined(rule: JsonValue, sources: readonly string[], labels: TargetLabels): string | undefined {
  const values = sources.map((source) => (labels.has(source) ? labels.get(source) : ''));
  return values.some((value) => value === undefined) ? undefined : values.join(textAt(rule, 'separator') ?? ';');
}

function matches(rule: JsonValue, sources: readonly string[], labels: TargetLabels): boolean | undefined {
  const text = joined(rule, sources, labels);
  const regex = valueAt(rule, 'regex');
  const pattern =
    regex === undefined
      ? '.*'
      : typeof regex === 'boolean' || typeof regex === 'number'
        ? String(regex)
        : typeof regex === 'string'
          ? regex
          : undefined;
  return text === undefined || pattern === undefined ? undefined : matchesWhole(pattern, text);
}

/** Ways in which people put the annotated port into the address: `([^:]+)(?::\d+)?;(\d+)` with `$1:$2`. */
const addressWithPort = /^\(\[\^:\]\+\)\(\?::\\d\+\)\?;\(\\d\+\)$/;
const portWithAddress = /^\(\\d\+\);\(\(\(\(25\[0-5\]/;

function replace(rule: JsonValue, sources: readonly string[], labels: Map<string, string | undefined>): void {
  const target = textAt(rule, 'target_label');
  if (target === undefined) return;
  const regex = textAt(rule, 'regex') ?? '(.*)';
  const replacement = (textAt(rule, 'replacement') ?? '$1').replaceAll('${', '$').replaceAll('}', '');
  const text = joined(rule, sources, labels);
  if (target === '__address__' && sources.length === 2) {
    const [first = '', second = ''] = sources.map((source) => labels.get(source) ?? '');
    const [address, port] = sources[0] === '__address__' ? [first, second] : [second, first];
    const known = addressWithPort.test(regex) || portWithAddress.test(regex);
    if (known && text !== undefined) {
      if (/^\d{1,5}$/.test(port)) labels.set(target, `${address.split(':')[0]}:${port}`);
      return;
    }
  }
  if (text !== undefined && (regex === '(.*)' || regex === '(.+)') && replacement === '$1') {
    if (text !== '' || regex === '(.*)') labels.set(target, text);
    return;
  }
  const matched = text === undefined ? undefined : matchesWhole(regex, text);
  if (matched === false) return;
  labels.set(target, matched === true && !replacement.includes('$') ? replacement : undefined);
}

/** Whether an anchored pattern matches, in time linear in the text for each wildcard. Undefined: the pattern has more than is evaluated. */
export function matchesWhole(pattern: string, text: string): boolean | undefined {
  if (pattern.length > 2000 || text.length > 4000) return undefined;
  const alternatives = splitAlternatives(unwrap(pattern));
  const answers = alternatives.map((alternative) => {
    const parts = literalParts(unwrap(alternative));
    return parts === undefined ? undefined : matchesParts(parts, text);
  });
  if (answers.includes(true)) return true;
  return answers.includes(undefined) ? undefined : false;
}

/** Removes `^`, `$` and one pair of parentheses around the whole. */
function unwrap(pattern: string): string {
  const bare = pattern.replace(/^\^/, '').replace(/(?<!\\)\$$/, '');
  const inner = /^\((?:\?:)?([^()]*)\)$/.exec(bare)?.[1];
  return inner ?? bare;
}

const splitAlternatives = (pattern: string): readonly string[] => (/[()[\]]/.test(pattern) ? [pattern] : pattern.split('|'));

/** Literal texts and wildcards: `.*` (any), `.+` (at least one). Undefined where something else stands there. */
function literalParts(pattern: string): readonly string[] | undefined {
  const parts: string[] = [];
  let literal = '';
  for (let at = 0; at < pattern.length; at += 1) {
    const character = pattern.charAt(at);
    const next = pattern.charAt(at + 1);
    if (character === '.' && (next === '*' || next === '+')) {
      parts.push(literal, `.${next}`);
      literal = '';
      at += 1;
    } else if (character === '\\' && /[.\-/_:+*?()[\]{}|^$\\]/.test(next)) {
      literal += next;
      at += 1;
    } else if (/[.*+?()[\]{}|^$\\]/.test(character)) return undefined;
    else literal += character;
  }
  return [...parts, literal];
}

function matchesParts(parts: readonly string[], text: string): boolean {
  // Positions that the parts so far can end at; `.` matches everything but a line break.
  let ends: ReadonlySet<number> = new Set([0]);
  for (const part of parts) {
    const next = new Set<number>();
    if (part === '.*' || part === '.+') {
      const first = Math.min(...ends) + (part === '.+' ? 1 : 0);
      for (let end = first; end <= text.length; end += 1) next.add(end);
    } else for (const end of ends) if (text.startsWith(part, end)) next.add(end + part.length);
    if (next.size === 0) return false;
    ends = next;
  }
  return ends.has(text.length);
}
