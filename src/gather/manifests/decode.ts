import type { SourceProblem } from '../../kube/yaml/document.ts';

export type Decoded = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly problem: SourceProblem };

/** Bytes to text: UTF-8 (or UTF-16 with a byte order mark), nothing else. Replacement characters would hide what a value really is. */
export function decode(bytes: Uint8Array): Decoded {
  const utf16 = bytes.length >= 2 && ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff));
  if (utf16) return decodeAs(bytes, bytes[0] === 0xff ? 'utf-16le' : 'utf-16be');
  if (bytes.subarray(0, 8192).includes(0))
    return { ok: false, problem: problemAt('binary', 'this is a binary file, not a manifest', 0) };
  return decodeAs(bytes, 'utf-8');
}

function decodeAs(bytes: Uint8Array, encoding: string): Decoded {
  try {
    return { ok: true, text: new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch {
    return {
      ok: false,
      problem: {
        ...problemAt('invalid-utf8', `the file is not valid ${encoding.toUpperCase()}`, 0),
        position: firstInvalid(bytes, encoding),
      },
    };
  }
}

const problemAt = (code: SourceProblem['code'], message: string, offset: number): SourceProblem => ({
  code,
  severity: 'error',
  message,
  position: { line: 1, column: 1, offset },
});

/** Position of the first byte that does not decode, by decoding line by line. */
function firstInvalid(bytes: Uint8Array, encoding: string): SourceProblem['position'] {
  if (encoding !== 'utf-8') return { line: 1, column: 1, offset: 0 };
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let start = 0;
  for (let line = 1; start <= bytes.length; line++) {
    const newline = bytes.indexOf(10, start);
    const end = newline < 0 ? bytes.length : newline;
    try {
      decoder.decode(bytes.subarray(start, end));
    } catch {
      return { line, column: 1, offset: start };
    }
    if (newline < 0) break;
    start = newline + 1;
  }
  return { line: 1, column: 1, offset: 0 };
}
