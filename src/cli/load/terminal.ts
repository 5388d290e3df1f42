import type { Host } from '../host.ts';
import type { ViewOptions } from '../view.ts';

/** Whether what goes to stderr may have colours. */
export function stderrColor({ env, terminal }: Host, color: ViewOptions['color']): boolean {
  if (color !== 'auto') return color === 'always';
  return (terminal.stderr && !env['NO_COLOR'] && env['TERM'] !== 'dumb') || Boolean(env['FORCE_COLOR']);
}
