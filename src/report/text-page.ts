import pc from 'picocolors';
import type { GateStatus } from '../model/gate.ts';
import type { Verdict } from '../model/result.ts';
import type { State } from './check-state.ts';
import { ascii, clipText, columns, wrapText } from './clean-text.ts';
import type { RenderOptions } from './reporter.ts';

export type Paint = (text: string) => string;
type Tone = 'good' | 'bad' | 'open' | 'quiet';

const glyphs = {
  good: ['\u2714', '+'],
  bad: ['\u2718', 'x'],
  open: ['?', '?'],
  quiet: ['\u00b7', '-'],
  held: ['~', '~'],
} as const;

/** How the text report writes on one kind of terminal. Texts go in clean and without colour; every line that comes out fits. */
export interface Page {
  readonly options: RenderOptions;
  readonly bold: Paint;
  readonly dim: Paint;
  readonly verdict: (verdict: Verdict) => { readonly glyph: string; readonly paint: Paint };
  readonly gate: (status: GateStatus) => { readonly glyph: string; readonly paint: Paint };
  readonly state: (state: State) => { readonly glyph: string; readonly paint: Paint };
  /** A text behind a lead, wrapped under itself. */
  lines(lead: string, text: string, paint?: { readonly lead?: Paint; readonly text?: Paint }): readonly string[];
  /** One line, clipped. */
  line(lead: string, text: string, paint?: { readonly lead?: Paint; readonly text?: Paint }): readonly string[];
}

const same: Paint = (text) => text;

export function textPage(options: RenderOptions): Page {
  const colors = pc.createColors(options.color);
  const width = Math.max(20, Math.floor(options.width));
  const shown = options.unicode ? same : ascii;
  const paints: Readonly<Record<Tone, Paint>> = { good: colors.green, bad: colors.red, open: colors.yellow, quiet: colors.dim };
  const sign = (glyph: keyof typeof glyphs, tone: Tone) => ({
    glyph: glyphs[glyph][options.unicode ? 0 : 1],
    paint: paints[tone],
  });
  const put = (lead: string, texts: readonly string[], paint: { readonly lead?: Paint; readonly text?: Paint } = {}) =>
    texts.map((text, index) => {
      const before = index === 0 ? lead : ' '.repeat(columns(lead));
      // Painting white space would leave it at the end of a line whose text is empty.
      return text === ''
        ? (paint.lead ?? same)(before.trimEnd())
        : `${(paint.lead ?? same)(before)}${(paint.text ?? same)(text)}`;
    });
  return {
    options,
    bold: colors.bold,
    dim: colors.dim,
    verdict: (verdict) =>
      verdict === 'launch' ? sign('good', 'good') : verdict === 'do-not-launch' ? sign('bad', 'bad') : sign('held', 'open'),
    gate: (status) =>
      status === 'approved'
        ? sign('good', 'good')
        : status === 'not-ready'
          ? sign('bad', 'bad')
          : status === 'awaiting'
            ? sign('open', 'open')
            : status === 'conditional'
              ? sign('held', 'open')
              : sign('quiet', 'quiet'),
    state: (state) =>
      state === 'pass'
        ? sign('good', 'good')
        : state === 'fail'
          ? sign('bad', 'bad')
          : state === 'unknown'
            ? sign('open', 'open')
            : state === 'not-applicable'
              ? sign('quiet', 'quiet')
              : sign('held', 'open'),
    lines: (lead, text, paint) => put(shown(lead), wrapText(shown(text), width - columns(lead)), paint),
    line: (lead, text, paint) => put(shown(lead), [clipText(shown(text), width - columns(lead))], paint),
  };
}
