import { addDistributions, type Distribution, quantile, totalOf } from '../../evidence/load-tests/distribution.ts';
import type { LoadBlock } from '../../evidence/load-tests/record.ts';
import type { Page } from '../../report/text-page.ts';
import { milliseconds } from './words.ts';

/** A latency that a percentile must stay below. */
export interface LimitLine {
  readonly label: string;
  readonly share: number;
  readonly ms: number;
}

const ticks = [
  [0.5, '50'],
  [0.75, '75'],
  [0.9, '90'],
  [0.95, '95'],
  [0.99, '99'],
  [0.999, '99.9'],
  [0.9999, '99.99'],
] as const;

const rows = 11;
const gutter = 10;

/** How far right a share stands: the axis counts the nines. */
const place = (share: number): number => Math.log10(1 / (1 - share));
const [left, right] = [place(0.5), place(0.9999)];
const shareAt = (x: number): number => 1 - 10 ** -(left + (right - left) * x);
const positionOf = (share: number): number => (place(share) - left) / (right - left);

type Signs = Readonly<Record<'flat' | 'up' | 'from' | 'to' | 'limit' | 'mark' | 'side' | 'foot' | 'tick' | 'corner', string>>;
const unicodeSigns: Signs = {
  flat: '─',
  up: '│',
  from: '╯',
  to: '╭',
  limit: '┄',
  mark: '◆',
  side: '│',
  foot: '─',
  tick: '┬',
  corner: '└',
};
const asciiSigns: Signs = {
  flat: '_',
  up: '|',
  from: '/',
  to: '_',
  limit: '.',
  mark: 'v',
  side: '|',
  foot: '-',
  tick: '+',
  corner: '+',
};

/**
 * The latencies by percentile: a log axis of shares that counts the nines, and a log axis of milliseconds. The curve ends where the next
 * percentile would rest on less than one request. Limits are lines up to their percentile, where the curve must be below the mark.
 */
export function percentileChart(response: Distribution, limits: readonly LimitLine[], page: Page): readonly string[] {
  const total = totalOf(response);
  const width = Math.min(100, page.options.width) - gutter - 1;
  if (total < 2 || width < 30) return [];
  const signs = page.options.unicode ? unicodeSigns : asciiSigns;
  const curve = curveOf(response, total, width);
  const scale = scaleOf([...curve, ...limits.map(({ ms }) => ms)]);
  const cells = Array.from({ length: rows }, () => Array.from({ length: width }, (): string => ' '));
  const put = (row: number, column: number, sign: string) => {
    const line = cells[row];
    if (line !== undefined && column >= 0 && column < width) line[column] = sign;
  };
  const columnOf = (share: number) => Math.round(positionOf(share) * (width - 1));
  for (const { share, ms } of limits)
    for (let column = 0; column <= columnOf(share); column++) put(scale.rowOf(ms), column, page.dim(signs.limit));
  draw(curve, scale.rowOf, signs, put);
  for (const { share, ms } of limits) put(scale.rowOf(ms), columnOf(share), page.bold(signs.mark));
  const labels = new Map(scale.ticks.map((ms) => [scale.rowOf(ms), milliseconds(ms)]));
  return [
    ...cells.map((line, row) => `${(labels.get(row) ?? '').padStart(gutter - 2)} ${signs.side}${line.join('')}`.trimEnd()),
    footOf(width, columnOf, signs),
    namesOf(width, columnOf),
    ...page.lines(
      ' '.repeat(gutter),
      `percentile of ${total} requests; ${signs.mark} limit: ${limits.map(({ label }) => label).join(', ')}`,
      { text: page.dim },
    ),
  ];
}

/** Latency in ms by column. */
function curveOf(response: Distribution, total: number, width: number): readonly number[] {
  const values: number[] = [];
  for (let column = 0; column < width; column++) {
    const share = shareAt(column / (width - 1));
    if ((1 - share) * total < 1 - 1e-9) break;
    values.push((quantile(response, share) ?? 0) / 1000);
  }
  return values;
}

interface Scale {
  readonly rowOf: (ms: number) => number;
  readonly ticks: readonly number[];
}

/** Log scale over all values, with 1, 2 and 5 of each decade as far as they have rows of their own. */
function scaleOf(values: readonly number[]): Scale {
  const low = Math.max(0.01, Math.min(...values) / 1.15);
  const high = Math.max(low * 4, Math.max(...values) * 1.15);
  const rowOf = (ms: number): number =>
    Math.round((rows - 1) * (1 - Math.log(Math.max(low, Math.min(high, ms)) / low) / Math.log(high / low)));
  const steps = high / low > 200 ? [1] : high / low > 20 ? [1, 3] : [1, 2, 5];
  const ticks = Array.from({ length: 9 }, (_, index) => 10 ** (index - 2)).flatMap((decade) =>
    steps.map((step) => step * decade),
  );
  return { rowOf, ticks: ticks.filter((ms) => ms >= low && ms <= high) };
}

/** The curve never falls: each column goes on where the last one was, or rises. */
function draw(
  curve: readonly number[],
  rowOf: (ms: number) => number,
  signs: Signs,
  put: (row: number, column: number, sign: string) => void,
): void {
  let before: number | undefined;
  for (const [column, ms] of curve.entries()) {
    const row = rowOf(ms);
    if (before === undefined || before === row) put(row, column, signs.flat);
    else {
      put(before, column, signs.from);
      for (let between = row + 1; between < before; between++) put(between, column, signs.up);
      put(row, column, signs.to);
    }
    before = row;
  }
}

function footOf(width: number, columnOf: (share: number) => number, signs: Signs): string {
  const marks = new Set(ticks.map(([share]) => columnOf(share)));
  const line = Array.from({ length: width }, (_, column) => (marks.has(column) ? signs.tick : signs.foot)).join('');
  return `${' '.repeat(gutter - 1)}${signs.corner}${line}`;
}

/** Names under their ticks; one that would touch the last is left out. */
function namesOf(width: number, columnOf: (share: number) => number): string {
  let text = '';
  for (const [share, name] of ticks) {
    const start = Math.min(width - name.length, Math.max(0, columnOf(share) - Math.floor(name.length / 2)));
    if (start < text.length + (text === '' ? 0 : 1)) continue;
    text = text.padEnd(start) + name;
  }
  return `${' '.repeat(gutter)}${text}`;
}

const bars = { unicode: '▁▂▃▄▅▆▇█', ascii: '_.-=+*#@' } as const;

/** The 95th percentile of each block of time as a bar, against its limit; blocks above it have a mark of their own below. */
export function blockStrip(blocks: readonly LoadBlock[], limitMs: number, page: Page): readonly string[] {
  const width = Math.min(100, page.options.width) - gutter - 1;
  const values = grouped(blocks, width).flatMap((response) => {
    const us = response === undefined ? undefined : quantile(response, 0.95);
    return us === undefined ? [undefined] : [us / 1000];
  });
  const known = values.filter((value) => value !== undefined);
  if (known.length < 2) return [];
  const signs = page.options.unicode ? bars.unicode : bars.ascii;
  const most = Math.max(limitMs, ...known);
  const bar = (value: number | undefined) =>
    value === undefined ? ' ' : (signs[Math.min(7, Math.floor((value / most) * 8))] ?? ' ');
  const over = values
    .map((value) => (value !== undefined && value >= limitMs ? '^' : ' '))
    .join('')
    .trimEnd();
  const many = over.replaceAll(' ', '').length;
  return [
    `${'p95'.padStart(gutter - 2)}  ${values.map(bar).join('')}`.trimEnd(),
    ...(over === '' ? [] : [`${' '.repeat(gutter)}${over}`]),
    ...page.lines(
      ' '.repeat(gutter),
      `over time, from ${milliseconds(Math.min(...known))} to ${milliseconds(Math.max(...known))}; a full bar is ${milliseconds(most)}${many === 0 ? '' : `; ^ at or above ${milliseconds(limitMs)}`}`,
      { text: page.dim },
    ),
  ];
}

/** Neighbouring blocks together, as many as it takes to fit. */
function grouped(blocks: readonly LoadBlock[], width: number): readonly (Distribution | undefined)[] {
  const size = Math.max(1, Math.ceil(blocks.length / width));
  return Array.from({ length: Math.ceil(blocks.length / size) }, (_, index) => {
    const parts = blocks.slice(index * size, (index + 1) * size).flatMap(({ response }) => response ?? []);
    return parts.length === 0 ? undefined : addDistributions(parts);
  });
}
