import type { OnProgress } from '../gather/gather.ts';
import type { Host } from './host.ts';
import { printable } from './render-error.ts';

/** One line on stderr, rewritten for each source; nothing where stderr is no terminal or in CI. */
export function progressLine(host: Host): OnProgress & { done(): Promise<void> } {
  const show = host.terminal.stderr && !host.env['CI'];
  const report = (source: string, index: number, total: number) => {
    if (show) void host.write('stderr', `\r\u001b[Kgathering ${index + 1}/${total}: ${printable(source)}`);
  };
  return Object.assign(report, { done: async () => (show ? host.write('stderr', '\r\u001b[K') : undefined) });
}
