import { type Command, Option } from 'commander';
import type { RenderOptions } from '../report/index.ts';
import type { Host } from './host.ts';

export interface ViewOptions {
  readonly color: 'auto' | 'always' | 'never';
  readonly details: RenderOptions['details'];
}

/** Options of commands that print reports. */
export function viewOptions(command: Command): Command {
  return command
    .addOption(new Option('--color <when>', 'colours in the terminal').choices(['auto', 'always', 'never']).default('auto'))
    .addOption(
      new Option('--details <what>', 'how much the text report shows').choices(['summary', 'findings', 'all']).default('summary'),
    );
}

/** How to render here: colour, width and characters follow the terminal and its usual variables. Files get neither colour nor a width of their own. */
export function renderOptions(host: Host, options: ViewOptions, toFile: boolean): RenderOptions {
  const { env, terminal } = host;
  const wanted =
    options.color === 'always' ||
    (options.color === 'auto' && terminal.stdout && !env['NO_COLOR'] && env['TERM'] !== 'dumb') ||
    (options.color === 'auto' && Boolean(env['FORCE_COLOR']));
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || '';
  return {
    color: wanted && !toFile,
    width: Math.max(60, Math.min(terminal.stdout && !toFile ? terminal.columns : 120, 160)),
    unicode: toFile || !terminal.stdout || /utf-?8/i.test(locale) || locale === '',
    details: options.details,
  };
}

/** Columns of a table on stdout: those of the terminal within reason, and 100 where there is none. */
export const pageWidth = ({ terminal }: Host): number => (terminal.stdout ? Math.max(60, Math.min(terminal.columns, 160)) : 100);
