import pc from 'picocolors';
import type { LoadLimits } from '../../evidence/declared.ts';
import type { LoadProgress } from '../../load/engine.ts';
import type { Host } from '../host.ts';
import { milliseconds, percent, span } from './words.ts';

/** A piece of the progress line. When the line is too long, pieces of the highest rank go first. */
interface Piece {
  readonly text: string;
  readonly rank: number;
  readonly state?: 'ok' | 'over';
}

/** One line of at most `width` columns: where the run is, what the last second was like, and how the limits stand so far. */
export function progressText(progress: LoadProgress, limits: LoadLimits, width: number, color: boolean): string {
  const colors = pc.createColors(color);
  let pieces = piecesOf(progress, limits);
  while (lengthOf(pieces) > width && pieces.length > 1) {
    const last = Math.max(...pieces.map(({ rank }) => rank));
    pieces = pieces.filter(({ rank }) => rank !== last);
  }
  const paint = ({ text, state }: Piece) => (state === 'ok' ? colors.green(text) : state === 'over' ? colors.red(text) : text);
  return pieces.map(paint).join(gap);
}

const gap = '  ';
const lengthOf = (pieces: readonly Piece[]): number =>
  pieces.reduce((sum, { text }) => sum + text.length + gap.length, -gap.length);

function piecesOf(progress: LoadProgress, limits: LoadLimits): readonly Piece[] {
  const { phase, elapsedS, totalS, lastSecond, lagP99Ms } = progress;
  const time = totalS === undefined ? span(elapsedS) : `${span(elapsedS)}/${span(totalS)}`;
  return [
    { text: `${phase} ${time}`, rank: 0 },
    { text: `${Math.round(lastSecond.rate)}/s`, rank: 1 },
    ...(lastSecond.p50Ms === undefined ? [] : [{ text: `p50 ${milliseconds(lastSecond.p50Ms)}`, rank: 7 }]),
    ...(lastSecond.p95Ms === undefined ? [] : [{ text: `p95 ${milliseconds(lastSecond.p95Ms)}`, rank: 2 }]),
    { text: `failed ${progress.failed}`, rank: 3 },
    ...(progress.dropped === 0 ? [] : [{ text: `dropped ${progress.dropped}`, rank: 4 }]),
    ...(lagP99Ms === undefined ? [] : [{ text: `lag ${milliseconds(lagP99Ms)}`, rank: 8 }]),
    ...limitPieces(progress.steady, limits),
  ];
}

/** Limits by what was counted since the steady window began; absent before. A limit that holds so far has not been kept yet. */
function limitPieces({ n, failed, seconds, over }: LoadProgress['steady'], limits: LoadLimits): readonly Piece[] {
  if (n === 0 || seconds <= 0) return [];
  const piece = (text: string, holds: boolean, rank: number): Piece => ({
    text: `${text} ${holds ? 'ok' : 'OVER'}`,
    rank,
    state: holds ? 'ok' : 'over',
  });
  const latency = (name: string, limitMs: number, share: number, rank: number): readonly Piece[] => {
    const count = over[String(limitMs)];
    return count === undefined ? [] : [piece(`${name}<${milliseconds(limitMs)}`, count / n < share, rank)];
  };
  const rate = (n - failed) / seconds;
  return [
    ...latency('p95', limits.p95Ms, 0.05, 5),
    ...latency('p99', limits.p99Ms, 0.01, 5),
    piece(`errors<${percent(limits.errorRate).replace(' ', '')}`, failed / n < limits.errorRate, 6),
    {
      ...piece(`>${Number(limits.minRps.toPrecision(6))}/s`, rate > limits.minRps, 6),
      text: `>${Number(limits.minRps.toPrecision(6))}/s ${rate > limits.minRps ? 'ok' : 'UNDER'}`,
    },
  ];
}

export interface LiveProgress {
  readonly show: (progress: LoadProgress) => void;
  /** Clears the line, so that what follows starts on a line of its own. */
  readonly done: () => Promise<void>;
}

const everyS = 10;

/** On a terminal one line, rewritten; elsewhere a line every 10 seconds; nothing for `quiet`. Goes to stderr. */
export function liveProgress(
  host: Host,
  limits: LoadLimits,
  options: { readonly quiet: boolean; readonly color: boolean },
): LiveProgress {
  const { terminal, env } = host;
  const rewrites = terminal.stderr && !env['CI'] && env['TERM'] !== 'dumb';
  if (options.quiet && !rewrites) return { show: () => {}, done: async () => {} };
  const width = Math.max(20, Math.min(terminal.columns, 160) - 1);
  let next = 0;
  return {
    show: (progress) => {
      if (rewrites) void host.write('stderr', `\r\u001b[K${progressText(progress, limits, width, options.color)}`);
      else if (progress.elapsedS >= next) {
        next = Math.floor(progress.elapsedS / everyS) * everyS + everyS;
        void host.write('stderr', `${progressText(progress, limits, 160, false)}\n`);
      }
    },
    done: async () => (rewrites ? host.write('stderr', '\r\u001b[K') : undefined),
  };
}
