import { readSource } from '../../kube/yaml/source.ts';
import { formatPath } from '../../model/judgement.ts';
import type { Strength } from '../../model/mask.ts';
import { detect } from './detect.ts';
import { isReference } from './placeholder.ts';
import { strengthOf } from './strength.ts';
import { scanText } from './text-scan.ts';
import { contextOf, contextReader } from './where.ts';

type CredentialLeaf = { readonly path: string } & Strength;

const mostLeaves = 1000;

/** The leaves of a configuration that hold a credential. Undefined where the text is not what its name says, or cannot be read in full. */
export function leavesOfText(text: string, format: string): readonly CredentialLeaf[] | undefined {
  return format === 'yaml' || format === 'json' ? leavesOfTree(text) : leavesOfLines(text);
}

function leavesOfTree(text: string): readonly CredentialLeaf[] | undefined {
  const { documents, problems, leaves } = readSource(text);
  if (documents.length === 0 || problems.some(({ severity }) => severity === 'error')) return undefined;
  if (documents.some(({ value }) => typeof value !== 'object')) return undefined;
  const found: CredentialLeaf[] = [];
  const contexts = documents.map((document) => contextReader(document.value));
  for (const leaf of leaves) {
    const isText = typeof leaf.value === 'string' || typeof leaf.value === 'number';
    if (leaf.isKey || !isText || found.length >= mostLeaves) continue;
    const value = String(leaf.value);
    const { key, where, isSecret } = contexts[leaf.documentIndex]?.(leaf.path) ?? contextOf(null, leaf.path);
    const detection = isSecret
      ? { strength: strengthOf(value) }
      : detect(key, value, where === 'prose' ? 'configuration' : where);
    if (detection !== undefined) found.push({ path: shownPath(leaf.path), ...detection.strength });
  }
  return found;
}

/** Keys may be tokens themselves. */
function shownPath(path: readonly (string | number)[]): string {
  return formatPath(path.map((step) => (typeof step === 'string' && scanText(step).length > 0 ? 'x'.repeat(step.length) : step)));
}

const line = /^\s*(?:[;#!].*|\[+([^\]]{1,200})\]+\s*(?:[;#].*)?|(?:export\s+)?([\w.$"' /-]{1,200}?)\s*[=:]\s*(.*))?$/;

/** INI, TOML, properties and env files. A line of another shape makes the whole undefined. */
function leavesOfLines(text: string): readonly CredentialLeaf[] | undefined {
  const found: CredentialLeaf[] = [];
  let section = '';
  for (const row of text.split(/\r?\n/)) {
    if (row.length > 100_000) return undefined;
    const match = line.exec(row);
    if (match === null) return undefined;
    section = match[1] ?? section;
    const key = match[2];
    if (key === undefined || found.length >= mostLeaves) continue;
    const value = unquoted(match[3] ?? '');
    if (isReference(value)) continue;
    const detection = detect(key, value, 'env');
    if (detection !== undefined) found.push({ path: shownPath(section === '' ? [key] : [section, key]), ...detection.strength });
  }
  return found;
}

function unquoted(value: string): string {
  const quoted = /^(?:"""([^"]*)"""|"([^"]*)"|'([^']*)')/.exec(value);
  return quoted === null ? value.trim() : (quoted[1] ?? quoted[2] ?? quoted[3] ?? '');
}
