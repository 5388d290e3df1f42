import type { LoadRequest, LoadScenario, LoadSetup } from '../evidence/declared.ts';
import { SeaworthyError, formatPlace } from '../model/errors.ts';
import type { Path } from '../model/judgement.ts';
import { nearest } from '../model/suggest.ts';
import { isNone, type ScenarioFile } from './load-test-schema.ts';
import { maskPairs } from './mask-load-test.ts';
import { parseLength } from './measures.ts';
import { joinPath } from './paths.ts';
import { type Refuse, requireKnownNames, requireNamesOnce } from './scenario-names.ts';

export const methods = ['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
const withoutBody: readonly string[] = ['GET', 'HEAD', 'OPTIONS'];
/** The engine writes these itself; a second one would make another message of it. */
const ownHeaders = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** The value of everything that a scenario leaves open. */
export const scenarioDefaults = {
  warmupMs: 30_000,
  timeoutMs: 10_000,
  connections: 256,
  protocol: 'http/1.1',
  tls: { verify: true },
  success: [[200, 399]],
} as const satisfies Partial<LoadScenario> & { readonly success: LoadRequest['success'] };

/** One GET of `/`: the scenario of a command line without a review file, and of a scenario that names no request. */
export const defaultRequest: LoadRequest = {
  name: 'GET /',
  method: 'GET',
  path: '/',
  weight: 1,
  headers: {},
  success: scenarioDefaults.success,
};

/**
 * The scenario with every default filled in. Paths of files stay relative to the review file, so that the scenario is the same one
 * wherever the command runs. Throws what `refuse` builds.
 */
export function normaliseScenario(given: ScenarioFile, refuse: Refuse): LoadScenario {
  const setup = (given.setup ?? []).map((item, index): LoadSetup => {
    const at = (...rest: Path): Path => ['setup', index, ...rest];
    return { ...requestOf(item, at, refuse), capture: captureOf(item.capture ?? {}, at, refuse) };
  });
  const requests = (given.requests ?? []).map(
    (item, index): LoadRequest => ({
      ...requestOf(item, (...rest) => ['requests', index, ...rest], refuse),
      weight: item.weight ?? 1,
    }),
  );
  const scenario: LoadScenario = {
    stages: stagesOf(given, refuse),
    warmupMs: given.warmup === undefined ? scenarioDefaults.warmupMs : lengthOf(given.warmup),
    timeoutMs: given.timeout === undefined ? scenarioDefaults.timeoutMs : lengthOf(given.timeout),
    connections: given.connections ?? scenarioDefaults.connections,
    protocol: given.protocol ?? scenarioDefaults.protocol,
    tls: { verify: given.tls?.verify ?? true, ...(given.tls?.ca === undefined ? {} : { ca: joinPath('.', given.tls.ca) }) },
    setup,
    requests: requests.length === 0 ? [defaultRequest] : requests,
    ...(given.data === undefined ? {} : { data: joinPath('.', given.data) }),
  };
  requireNamesOnce(setup, 'setup', refuse);
  requireNamesOnce(scenario.requests, 'requests', refuse);
  requireKnownNames(scenario, refuse);
  return scenario;
}

const lengthOf = (text: string | number): number => (isNone(text) ? 0 : Math.max(1, Math.round(parseLength(String(text)) ?? 0)));

function stagesOf({ rate, duration, stages }: ScenarioFile, refuse: Refuse): LoadScenario['stages'] {
  if (stages !== undefined) {
    const one = rate === undefined ? (duration === undefined ? undefined : 'duration') : 'rate';
    if (one !== undefined)
      throw refuse(
        [one],
        `the scenario has both stages and a ${one} of its own.`,
        'Put it into the stages, or leave the stages out.',
      );
    return stages.map((stage) => ({ from: stage.rate, to: stage.to ?? stage.rate, durationMs: lengthOf(stage.duration) }));
  }
  const missing = rate === undefined ? 'rate' : duration === undefined ? 'duration' : undefined;
  if (rate === undefined || duration === undefined)
    throw refuse(
      [],
      `the scenario needs "${missing}".`,
      'Write rate: 120 and duration: 5m, or stages: [{ rate: 120, duration: 5m }].',
    );
  return [{ from: rate, to: rate, durationMs: lengthOf(duration) }];
}

type RequestFile = NonNullable<ScenarioFile['requests']>[number] | NonNullable<ScenarioFile['setup']>[number];
type At = (...rest: Path) => Path;

function requestOf(item: RequestFile, at: At, refuse: Refuse): Omit<LoadRequest, 'weight'> {
  const method = methodOf(item.method ?? 'GET', at, refuse);
  const path = item.path ?? '/';
  if (!/^(?:\/(?!\/)|\$\{)/.test(path) || /[\s#\\]/.test(path))
    throw refuse(
      at('path'),
      'a path begins with one "/" and holds no blank, "#" or "\\".',
      'The host is that of the target: path: /api/items?page=1',
    );
  if (item.body !== undefined && withoutBody.includes(method))
    throw refuse(at('body'), `a ${method} request has no body.`, 'Add method: POST, or leave the body out.');
  const isJson = item.body !== undefined && typeof item.body !== 'string';
  const headers = headersOf(item.headers ?? {}, at, refuse);
  return {
    // Names stand in messages and records, where no secret may.
    name: item.name ?? maskPairs(`${method} ${path}`),
    method,
    path,
    headers: isJson && headers['content-type'] === undefined ? { ...headers, 'content-type': 'application/json' } : headers,
    ...(item.body === undefined ? {} : { body: typeof item.body === 'string' ? item.body : JSON.stringify(item.body) }),
    success:
      item.success === undefined
        ? scenarioDefaults.success
        : item.success.map((value, index) => rangeOf(value, at('success', index), refuse)),
  };
}

function methodOf(given: string, at: At, refuse: Refuse): string {
  const method = methods.find((candidate) => candidate === given.toUpperCase());
  if (method !== undefined) return method;
  const guess = nearest(given.toUpperCase(), methods);
  throw refuse(
    at('method'),
    'the method is none that is known.',
    guess === undefined ? `One of: ${methods.join(', ')}.` : `Did you mean "${guess}"?`,
  );
}

/** Names in lower case, as HTTP/2 demands and HTTP/1.1 does not mind. */
function headersOf(
  given: Readonly<Record<string, string | number | boolean>>,
  at: At,
  refuse: Refuse,
): Readonly<Record<string, string>> {
  const headers = new Map<string, string>();
  for (const [key, value] of Object.entries(given)) {
    const name = key.toLowerCase();
    if (!/^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(name)) throw refuse(at('headers', key), 'this is no name of a header.');
    if (ownHeaders.has(name)) throw refuse(at('headers', key), `the header ${name} is written by the engine.`, 'Leave it out.');
    if (headers.has(name)) throw refuse(at('headers', key), `the header ${name} is named twice.`);
    // oxlint-disable-next-line no-control-regex
    if (/[\u0000-\u0008\u000a-\u001f\u007f]/.test(String(value)))
      throw refuse(at('headers', key), 'the value of a header holds no line breaks or control characters.');
    headers.set(name, String(value));
  }
  return Object.fromEntries(headers);
}

function captureOf(given: Readonly<Record<string, string>>, at: At, refuse: Refuse): Readonly<Record<string, string>> {
  for (const [name, pointer] of Object.entries(given)) {
    if (!/^[A-Za-z_][A-Za-z0-9_-]*$/.test(name))
      throw refuse(
        at('capture', name),
        'a captured value needs a name of letters, digits, "_" and "-".',
        'capture: { token: /token }',
      );
    if (!/^(?:\/(?:[^~]|~[01])*)?$/.test(pointer))
      throw refuse(
        at('capture', name),
        'this is no JSON pointer.',
        'A pointer names the way into the answer: /token or /data/0/id',
      );
  }
  return given;
}

function rangeOf(value: string | number, path: Path, refuse: Refuse): readonly [number, number] {
  const match = /^([1-5][0-9]{2})(?:-([1-5][0-9]{2}))?$/.exec(String(value).trim());
  const from = Number(match?.[1]);
  const to = Number(match?.[2] ?? match?.[1]);
  if (match === null || from > to) throw refuse(path, 'this is no range of statuses.', 'success: [200, "201-204"]');
  return [from, to];
}

/** `refuse` for a scenario of a review file: names the place. */
export const refuseAt =
  (placeOf: (...path: Path) => { readonly file: string; readonly line: number; readonly column: number }): Refuse =>
  (path, message, hint) =>
    new SeaworthyError('SW_REVIEW_FILE', message, {
      where: formatPlace(placeOf(...path)),
      ...(hint === undefined ? {} : { hint }),
    });
