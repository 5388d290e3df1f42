import { clean } from '../report/clean-text.ts';

export interface Edge {
  readonly from: string;
  readonly to: string;
  readonly label: string;
  /** It holds under an assumption only. */
  readonly open: boolean;
}

/** Nodes in the order in which edges first name them. */
function nodesOf(edges: readonly Edge[], alone: readonly string[]): ReadonlyMap<string, string> {
  const names = new Set([...edges.flatMap(({ from, to }) => [from, to]), ...alone]);
  return new Map([...names].map((name, index) => [name, `n${index}`]));
}

/** A Graphviz digraph. `alone`: nodes that may have no edge. */
export function* dot(name: string, edges: readonly Edge[], alone: readonly string[] = []): Generator<string> {
  const nodes = nodesOf(edges, alone);
  yield `digraph ${name} {\n  rankdir=LR;\n  node [shape=box];\n`;
  for (const [label, id] of nodes) yield `  ${id} [label="${dotText(label)}"];\n`;
  for (const { from, to, label, open } of edges)
    yield `  ${nodes.get(from)} -> ${nodes.get(to)} [label="${dotText(label)}"${open ? ', style=dashed' : ''}];\n`;
  yield '}\n';
}

const dotText = (text: string): string => clean(text).replace(/["\\]/g, '\\$&');

/** A Mermaid flowchart. */
export function* mermaid(edges: readonly Edge[], alone: readonly string[] = []): Generator<string> {
  const nodes = nodesOf(edges, alone);
  yield 'flowchart LR\n';
  for (const [label, id] of nodes) yield `  ${id}["${mermaidText(label)}"]\n`;
  for (const { from, to, label, open } of edges)
    yield `  ${nodes.get(from)} ${open ? '-.->' : '-->'}|"${mermaidText(label)}"| ${nodes.get(to)}\n`;
}

/** Everything that Mermaid, or the HTML around it, could take for its own becomes an entity code. */
const mermaidText = (text: string): string =>
  clean(text).replace(/[^\p{L}\p{N} ._:/*,;()+@{}-]/gu, (character) => `#${character.codePointAt(0)};`);
