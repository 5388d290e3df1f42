import type { LoadRequest, LoadSetup } from '../../evidence/declared.ts';
import { SeaworthyError } from '../../model/errors.ts';
import { expandTemplate, parseTemplate, type TemplatePart, type TemplateValues } from '../template.ts';
import type { Captured, WorkerTask } from './messages.ts';

/** What one start sends, as undici takes it. */
export interface Prepared {
  readonly path: string;
  readonly method: string;
  /** Names and values by turns. */
  readonly headers: readonly string[];
  readonly body: string | Buffer | null;
  /** Repeating it changes nothing (RFC 9110, 9.2.2), so that it may be sent again where the connection was gone before any answer. */
  readonly repeatable: boolean;
  readonly success: LoadRequest['success'];
}

export interface Filling {
  readonly variables: Readonly<Record<string, string>>;
  readonly setup: Captured;
  readonly row: Readonly<Record<string, string>>;
  readonly iteration: number;
}

const repeatable: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE']);

/**
 * Reads the templates of a request once. What no start can change is filled in here, and a request without such templates is one object
 * for the whole run. Throws SW_LOAD_PLAN for a header that HTTP forbids.
 */
export function prepareRequest(
  request: LoadRequest | LoadSetup,
  { target, runId, userAgent }: Pick<WorkerTask, 'target' | 'runId' | 'userAgent'>,
  known: Pick<Filling, 'variables' | 'setup'>,
): (start: Pick<Filling, 'row' | 'iteration'>) => Prepared {
  const values = ({ row, iteration }: Pick<Filling, 'row' | 'iteration'>): TemplateValues => ({
    ...known,
    row,
    run: { iteration, id: runId },
  });
  const base = new URL(target).pathname.replace(/\/$/, '');
  const path = fixed(request.path, values);
  const headers = headersOf(request, { userAgent, runId }).map(([name, text]) => [name, fixed(text, values)] as const);
  const body = request.body === undefined ? undefined : fixed(request.body, values);
  for (const [name, value] of headers) checkHeader(request.name, name, value);

  const fill = (start: TemplateValues): Prepared => ({
    path: requestPath(base, textOf(path, start)),
    method: request.method,
    headers: headers.flatMap(([name, value]) => [name, textOf(value, start)]),
    body: body === undefined ? null : textOf(body, start),
    repeatable: repeatable.has(request.method),
    success: request.success,
  });
  const texts = [path, ...headers.map(([, value]) => value), ...(body === undefined ? [] : [body])];
  if (texts.some((text) => typeof text !== 'string')) return (start) => fill(values(start));
  const once = fill(values({ row: {}, iteration: 0 }));
  const ready = { ...once, body: once.body === null ? null : Buffer.from(once.body) };
  return () => ready;
}

type Text = string | readonly TemplatePart[];

/** A template in which only what is the same for all starts is left becomes a text. */
function fixed(template: string, values: (start: Pick<Filling, 'row' | 'iteration'>) => TemplateValues): Text {
  const parts = parseTemplate(template);
  const changes = parts.some((part) => part.kind === 'data' || (part.kind === 'run' && part.name === 'iteration'));
  return changes ? parts : expandTemplate(parts, values({ row: {}, iteration: 0 }));
}

const textOf = (text: Text, values: TemplateValues): string => (typeof text === 'string' ? text : expandTemplate(text, values));

/** Ours come first and give way to the scenario's of the same name. */
function headersOf(
  { headers }: Pick<LoadRequest, 'headers'>,
  { userAgent, runId }: { userAgent: string; runId: string },
): [string, string][] {
  const declared = Object.entries(headers).map(([name, value]): [string, string] => [name.toLowerCase(), value]);
  const ours: [string, string][] = [
    ['user-agent', userAgent],
    ['x-seaworthy-run', runId],
  ];
  return [...ours.filter(([name]) => !declared.some(([other]) => other === name)), ...declared];
}

/** Hop-by-hop headers belong to the connection, and the engine has that. */
const reserved: ReadonlySet<string> = new Set(['connection', 'expect', 'keep-alive', 'transfer-encoding', 'upgrade']);

function checkHeader(request: string, name: string, value: Text): void {
  const fail = (why: string) =>
    new SeaworthyError('SW_LOAD_PLAN', `The header "${name}" of the request "${request}" ${why}.`, {
      hint: 'See the scenario of the review file, and the environment variables that it names.',
    });
  if (!/^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(name)) throw fail('has a name that HTTP forbids');
  if (reserved.has(name)) throw fail('belongs to the connection and cannot be set');
  // A token that was read from a file often ends in a line feed.
  if (typeof value === 'string' && /[^\t\x20-\x7e\x80-\xff]/.test(value))
    throw fail('holds a character that HTTP forbids, such as a line feed');
}

/** What a request line cannot carry is percent-encoded; everything else stays as it was written. */
function requestPath(base: string, path: string): string {
  const whole = `${base}${path.startsWith('/') ? '' : '/'}${path}`;
  return whole.toWellFormed().replace(/[^\x21-\x7e]+|#/g, encodeURIComponent);
}

/**
 * Which request a start sends: weights become stretches of the circle, and each start goes on by the golden angle. Shares come out evenly
 * over any stretch of the run, the same in every run, and any worker can tell for any start without asking another.
 */
export function chooseRequest(weights: readonly number[]): (start: number) => number {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let edge = 0;
  const edges = weights.map((weight) => (edge += weight) / total);
  const last = weights.length - 1;
  return (start) => {
    const place = (start * goldenAngle) % 1;
    const index = edges.findIndex((end) => place < end);
    return index === -1 ? last : index;
  };
}

const goldenAngle = (Math.sqrt(5) - 1) / 2;
