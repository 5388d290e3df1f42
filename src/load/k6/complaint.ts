/** Keeps the end of what a program writes to standard error: at most so many characters, so that a program that raves costs nothing. */
export function createTail(maxLength = 32_768): { readonly push: (text: string) => void; readonly text: () => string } {
  let kept = '';
  return {
    push(text) {
      kept = (kept + text).slice(-maxLength);
    },
    text: () => kept,
  };
}

const maxLines = 4;
const maxLineLength = 300;
/** Everything that moves a cursor, changes a colour or reverses a text. */
// oxlint-disable-next-line no-control-regex -- these are what is taken out
const control = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
// oxlint-disable-next-line no-control-regex -- an escape sequence begins with one
const escape = /\u001b\[[0-9;?]{0,20}[A-Za-z]/g;

/**
 * The last complaints of k6 in words for a person. What the script printed is left out, and so are queries of URLs and values of
 * variables: they may be secrets.
 */
export function complaintOf(stderr: string, secrets: Readonly<Record<string, string | undefined>>): string {
  const lines = stderr
    .replaceAll(escape, '')
    .split(/\r?\n/)
    .map((line) => line.replaceAll(control, ' ').trim())
    .filter((line) => line !== '' && !/ source=console\b/.test(line));
  const complaints = lines.flatMap(complaintIn);
  return complaints
    .slice(-maxLines)
    .map((line) => withoutSecrets(line, secrets).slice(0, maxLineLength))
    .join('\n');
}

/** k6 logs `time=... level=... msg="..."`; what is in another form comes from Go or the system, and is kept. */
function complaintIn(line: string): readonly string[] {
  const level = /(?:^| )level=(\w{1,10})(?: |$)/.exec(line)?.[1];
  if (level === undefined) return [line];
  if (level !== 'error' && level !== 'fatal') return [];
  const message = / msg=("(?:[^"\\]|\\.)*"|\S+)/.exec(line)?.[1] ?? line;
  return [message.startsWith('"') ? unquoted(message) : message];
}

function unquoted(text: string): string {
  try {
    return String(JSON.parse(text)).replaceAll(/\s+/g, ' ').replaceAll(control, ' ').trim();
  } catch {
    return text;
  }
}

/** Shorter values are too common in words to be told apart from them. */
const shortestSecret = 4;

export function withoutSecrets(text: string, secrets: Readonly<Record<string, string | undefined>>): string {
  let clean = text;
  const known = Object.entries(secrets).filter((entry): entry is [string, string] => (entry[1]?.length ?? 0) >= shortestSecret);
  // Longest first: a value may be part of another.
  for (const [name, value] of known.sort(([, a], [, b]) => b.length - a.length)) clean = clean.replaceAll(value, `\${${name}}`);
  return clean.replaceAll(/(https?:\/\/)[^\s/@"']{1,200}@/g, '$1').replaceAll(/(https?:\/\/[^\s?#"']{1,500})[?#][^\s"']*/g, '$1');
}
