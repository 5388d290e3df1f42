import type { ReviewResult } from '../model/result.ts';

/** How to render. `width` is in columns; `details` is how much the text report shows; formats for machines ignore all of them. */
export interface RenderOptions {
  readonly color: boolean;
  readonly width: number;
  readonly unicode: boolean;
  readonly details: 'summary' | 'findings' | 'all';
}

/** A pure function of the result, with its name. */
export interface Reporter {
  readonly id: string;
  readonly title: string;
  /** How file names of this format end, with the dot. */
  readonly extension: string;
  /** Chunks of bounded size; joined, they end in exactly one line feed. Nothing is built as one string that grows with the cluster. */
  render(result: ReviewResult, options: RenderOptions): Iterable<string>;
}

const chunkSize = 16_384;

/** Joins small pieces to chunks of about 16 KiB, so that writing costs one call for hundreds of lines. */
export function* inChunks(pieces: Iterable<string>): Generator<string> {
  let chunk = '';
  for (const piece of pieces) {
    chunk += piece;
    if (chunk.length >= chunkSize) {
      yield chunk;
      chunk = '';
    }
  }
  if (chunk !== '') yield chunk;
}

/** Lines to chunks; each line gets its line feed. */
export function* inLines(lines: Iterable<string>): Generator<string> {
  for (const line of lines) yield `${line}\n`;
}
