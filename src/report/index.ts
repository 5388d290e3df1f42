import { github } from './github.ts';
import { json } from './json.ts';
import { junit } from './junit.ts';
import { markdown } from './markdown.ts';
import type { Reporter } from './reporter.ts';
import { sarif } from './sarif.ts';
import { text } from './text.ts';

export { stepSummary } from './github.ts';
export type { RenderOptions, Reporter } from './reporter.ts';

export const reportFormats = ['text', 'markdown', 'json', 'sarif', 'junit', 'github'] as const;
export type ReportFormat = (typeof reportFormats)[number];

export const isReportFormat = (name: string): name is ReportFormat => (reportFormats as readonly string[]).includes(name);

/** Every format by its name. */
export const reporters: Readonly<Record<ReportFormat, Reporter>> = { text, markdown, json, sarif, junit, github };
