import { StringDecoder } from 'node:string_decoder';

/** Cuts a stream of UTF-8 bytes into lines. */
export interface LineSplitter {
  /** Hands over every line that ends in these bytes, without its line break. Throws RangeError once a line is too long. */
  readonly push: (bytes: Uint8Array) => void;
  /** What stands behind the last line break. */
  readonly tail: () => string;
}

/** `maxLength`: of one line, in UTF-16 units. Nothing longer is ever held. */
export function createLineSplitter(maxLength: number, onLine: (line: string) => void): LineSplitter {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  return {
    push(bytes) {
      const text = decoder.write(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
      let from = 0;
      for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', from)) {
        const end = at > from && text.charCodeAt(at - 1) === carriageReturn ? at - 1 : at;
        if (rest.length + end - from > maxLength) throw new RangeError('a line is too long');
        onLine(rest === '' ? text.slice(from, end) : withoutReturn(rest + text.slice(from, end)));
        rest = '';
        from = at + 1;
      }
      rest += from === 0 ? text : text.slice(from);
      if (rest.length > maxLength) throw new RangeError('a line is too long');
    },
    tail: () => rest + decoder.end(),
  };
}

const carriageReturn = 13;

/** The carriage return may have come at the end of the bytes before. */
const withoutReturn = (line: string): string => (line.endsWith('\r') ? line.slice(0, -1) : line);
