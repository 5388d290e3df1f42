/** Figures of load tests as people read them. ASCII only. */

/** Three digits where they mean something: `0.42 ms`, `12.3 ms`, `142 ms`, `1.21 s`. */
export function milliseconds(ms: number): string {
  if (ms >= 9999.5) return `${(ms / 1000).toFixed(1)} s`;
  if (ms >= 999.5) return `${trimmed((ms / 1000).toFixed(2))} s`;
  return `${trimmed(ms >= 99.95 ? ms.toFixed(0) : ms >= 9.995 ? ms.toFixed(1) : ms.toFixed(2))} ms`;
}

const trimmed = (text: string): string => (text.includes('.') ? text.replace(/\.?0+$/, '') : text);

/** `0.1 %`, `0.083 %`, `12 %`. Never `0 %` for what is not 0. */
export function percent(share: number): string {
  const value = share * 100;
  if (value > 0 && value < 0.0001) return '<0.0001 %';
  return `${value === 0 ? '0' : String(Number(value.toPrecision(value < 1 ? 2 : 3)))} %`;
}

/** `1:05`, `1:02:05`. */
export function span(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (value: number) => String(value).padStart(2, '0');
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** `1,234,567`. */
export const grouped = (value: number): string => String(Math.round(value)).replace(/\B(?=(?:\d{3})+$)/g, ',');

/** `119.9/s`. */
export const perSecond = (rate: number): string => `${Number(rate.toPrecision(4))}/s`;
