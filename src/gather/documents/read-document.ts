import type { DocumentData, DocumentSection } from '../../evidence/bundle.ts';

const openMarkers: readonly { readonly marker: string; readonly pattern: RegExp }[] = [
  { marker: 'TODO', pattern: /\bTODO\b/ },
  { marker: 'TBD', pattern: /\bTBD\b/ },
  { marker: 'FIXME', pattern: /\bFIXME\b/ },
  { marker: 'XXX', pattern: /\bXXX\b/ },
  { marker: 'to be completed', pattern: /\bto be (completed|written|defined|done|decided|filled in)\b/i },
  { marker: 'coming soon', pattern: /\bcoming soon\b/i },
  { marker: '???', pattern: /\?\?\?/ },
  { marker: 'lorem ipsum', pattern: /\blorem ipsum\b/i },
  // `<your team here>`, but not an HTML tag, a link or a placeholder inside a command that the reader fills in.
  {
    marker: 'placeholder',
    pattern: /<(?:insert|your|fill|add|describe|name of)\b[^>\n]{0,80}>|\[(?:insert|your|fill in|add)\b[^\]\n]{0,80}\](?!\()/i,
  },
];

/**
 * The structure of a Markdown document: headings, words under each, and marks of unfinished text. The text itself is not kept:
 * a judgement needs to know only whether somebody wrote something there.
 */
export function readDocument(documentKind: string, path: string, text: string): DocumentData {
  const sections: { heading: string; level: number; line: number; words: number }[] = [];
  const markers: { marker: string; line: number }[] = [];
  let words = 0;
  let fence: string | undefined;
  let inComment = false;
  let title: string | undefined;
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const fenceMark = /^\s{0,3}(```+|~~~+)/.exec(raw)?.[1];
    if (fenceMark !== undefined && (fence === undefined || fenceMark.startsWith(fence))) {
      fence = fence === undefined ? fenceMark : undefined;
      continue;
    }
    const { visible, open }: Visible = fence === undefined ? withoutComments(raw, inComment) : { visible: raw, open: false };
    inComment = open;
    const heading = fence === undefined ? /^\s{0,3}(#{1,6})\s+(.*?)\s*#*\s*$/.exec(visible) : null;
    if (heading?.[1] !== undefined) {
      const name = heading[2] ?? '';
      title ??= name;
      sections.push({ heading: name, level: heading[1].length, line: index + 1, words: 0 });
    } else {
      const count = visible.match(/[\p{L}\p{N}][\p{L}\p{N}'’-]*/gu)?.length ?? 0;
      words += count;
      const section = sections.at(-1);
      if (section) section.words += count;
    }
    const found = openMarkers.find(({ pattern }) => pattern.test(visible));
    if (found) markers.push({ marker: found.marker, line: index + 1 });
  }
  const result: readonly DocumentSection[] = sections;
  return { documentKind, path, ...(title === undefined ? {} : { title }), words, sections: result, openMarkers: markers };
}

interface Visible {
  readonly visible: string;
  readonly open: boolean;
}

/** Templates hide their instructions in HTML comments: what only a comment says is not written. */
function withoutComments(line: string, inComment: boolean): Visible {
  let visible = '';
  let rest = line;
  let open = inComment;
  while (rest !== '') {
    const mark = rest.indexOf(open ? '-->' : '<!--');
    if (mark < 0) return { visible: open ? visible : visible + rest, open };
    if (!open) visible += rest.slice(0, mark);
    rest = rest.slice(mark + (open ? 3 : 4));
    open = !open;
  }
  return { visible, open };
}
