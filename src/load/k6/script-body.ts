/**
 * The part of an emitted script that sends and counts, the same for every scenario. What it uses stands above it in the script: options,
 * target, setupSteps, requests, rows, variables, plan.
 */
export const scriptBody = String.raw`
// Counters add up over runners, which percentiles never do. One counter holds many counts, told apart by the tag c: a metric for
// each of them would cost every virtual user half a megabyte.
const started = new Counter('sw_started');
const okCount = new Counter('sw_ok');
const inBlock = new Counter('sw_block');
const inBucket = new Counter('sw_bucket');
const withLag = new Counter('sw_lag');
const withStatus = new Counter('sw_status');
const withError = new Counter('sw_error');
const tookUs = new Counter('sw_took_us');
const lagUs = new Counter('sw_lag_us');
const blockIndices = Array.from({ length: plan.blocks.count }, (_, index) => index);
const counted = {
  sw_block: blockIndices.flatMap((index) => ['n_' + index, 'failed_' + index, ...plan.limitsMs.map((_, at) => 'over' + at + '_' + index)]),
  sw_bucket: plan.bucketsMs.map((_, index) => String(index)),
  sw_lag: plan.lagsMs.map((_, index) => String(index)),
  sw_status: plan.statuses,
  sw_error: plan.errors,
};
// k6 keeps the count of a tag only where a threshold names it. These always hold. Options are read once, and not from virtual users.
if (__VU === 0)
  for (const [metric, keys] of Object.entries(counted))
    for (const key of keys) options.thresholds[metric + '{c:' + key + '}'] = ['count>=0'];

// A gauge keeps the smallest and the largest of its values.
const took = new Gauge('sw_took_ms');
const lateness = new Gauge('sw_lag_ms');
const offset = new Gauge('sw_offset_ms');
const beginning = new Gauge('sw_steady_start_ms');

const own = (object, key) => (Object.prototype.hasOwnProperty.call(object, key) ? String(object[key]) : '');
const variable = (name) => own(__ENV, name);

const weightSum = requests.reduce((sum, request) => sum + request.weight, 0);
const goldenAngle = (Math.sqrt(5) - 1) / 2;

// Weights are stretches of a circle, and each start goes on by the golden angle: even shares over any stretch of the run.
function choose(iteration) {
  const place = (iteration * goldenAngle) % 1;
  let end = 0;
  for (const request of requests) {
    end += request.weight;
    if (place < end / weightSum) return request;
  }
  return requests[requests.length - 1];
}

// Half of a character is none.
const wellFormed = (text) => Array.from(text, (c) => (/^[\ud800-\udfff]$/.test(c) ? '\ufffd' : c)).join('');

// What a request line cannot carry is percent-encoded; everything else stays as it was written.
function urlOf(base, path) {
  return base + (path.startsWith('/') ? '' : '/') + wellFormed(path).replace(/[^\x21-\x7e]+|#/g, encodeURIComponent);
}

// The base of all requests, and what of it may be shown: a variable behind the host may be a key.
function readTarget() {
  let whole = '';
  let shown = '';
  for (const part of target) {
    const isVariable = typeof part !== 'string';
    const value = isVariable ? variable(part.variable) : part;
    shown += isVariable && /^\s*https?:\/\/[^/?#]+[/?#]/i.test(whole) ? '$' + '{' + part.variable + '}' : value;
    whole += value;
  }
  const match = /^(https?:\/\/(?![^/?#]*@)[^/?#\s]+)([^?#\s]*)/i.exec(whole.trim());
  if (match === null) throw new Error('The target is no URL of http or https without user and password.');
  return { base: match[1] + match[2].replace(/\/$/, ''), shown: /^[^?#]*/.exec(shown.trim())[0] };
}

function ask(request, values, responseType) {
  const headers = {};
  for (const [name, value] of request.headers(values)) headers[name] = value;
  return http.request(request.method, urlOf(values.base, request.path(values)), request.body(values), {
    headers,
    redirects: 0,
    responseCallback: request.expected,
    responseType,
    tags: { name: request.name },
    timeout: plan.timeoutMs + 'ms',
  });
}

// A whole answer: codes from 1400 to 1599 only repeat its status.
const isAnswered = ({ status, error_code }) => status > 0 && (error_code === 0 || (error_code >= 1400 && error_code < 1600));

const isSuccess = (request, response) =>
  isAnswered(response) && request.success.some(([from, to]) => response.status >= from && response.status <= to);

// RFC 6901.
function follow(value, pointer) {
  if (pointer === '') return value;
  let here = value;
  for (const token of pointer.split('/').slice(1)) {
    const key = token.replace(/~1/g, '/').replace(/~0/g, '~');
    if (typeof here !== 'object' || here === null || !Object.prototype.hasOwnProperty.call(here, key)) return undefined;
    here = here[key];
  }
  return here;
}

function capture(step, response, captured) {
  let answer;
  try {
    answer = JSON.parse(response.body);
  } catch (error) {
    throw new Error('The setup request ' + step.number + ' was answered with no JSON.');
  }
  for (const [name, pointer] of step.capture) {
    const value = follow(answer, pointer);
    if (value === undefined || value === null || typeof value === 'object')
      throw new Error('The answer to the setup request ' + step.number + ' holds no value for "' + name + '".');
    captured[name] = String(value);
  }
}

export function setup() {
  const missing = variables.filter((name) => __ENV[name] === undefined);
  if (missing.length > 0) throw new Error('Environment variables are not set: ' + missing.join(', '));
  const { base, shown } = readTarget();
  const tags = exec.vu.metrics.tags;
  const run = tags.testrun_name || __ENV.SEAWORTHY_RUN_ID || String(Date.now());
  const values = { base, run, iteration: 0, row: {}, captured: {} };
  for (const step of setupSteps) {
    const response = ask(step, values, 'text');
    if (!isSuccess(step, response))
      throw new Error('The setup request ' + step.number + ' failed with status ' + response.status + '.');
    if (step.capture.length > 0) capture(step, response, values.captured);
  }
  return {
    base,
    run,
    captured: values.captured,
    shown,
    instance: tags.instance_id || null,
    segment: exec.test.options.executionSegment || null,
    startedAt: Date.now(),
  };
}

function valuesOf(state, iteration) {
  const row = rows.length === 0 ? {} : rows[iteration % rows.length];
  return { base: state.base, run: state.run, captured: state.captured, iteration, row };
}

// k6 may start one more at the very end of a scenario. It sends nothing: numbers stay unique, and requests as many as planned.
export function warmup(state) {
  const iteration = exec.scenario.iterationInTest;
  if (iteration >= plan.warmupStarts) return;
  ask(choose(iteration), valuesOf(state, iteration), 'none');
}

export function steady(state) {
  if (exec.scenario.iterationInTest >= plan.steadyStarts) return;
  const iteration = plan.warmupStarts + exec.scenario.iterationInTest;
  const request = choose(iteration);
  const values = valuesOf(state, iteration);
  const before = Date.now();
  const sinceStart = before - exec.scenario.startTime;
  started.add(1);
  offset.add(sinceStart);
  beginning.add(exec.scenario.startTime);
  if (plan.periodMs !== null) countLag(Math.max(0, sinceStart - exec.scenario.iterationInTest * plan.periodMs));
  const response = ask(request, values, 'none');
  const answered = isAnswered(response);
  // k6 gives some failures no duration; they took their time all the same.
  const ms = answered ? response.timings.duration : Math.max(response.timings.duration, Date.now() - before);
  count(sinceStart, ms, isSuccess(request, response), answered ? response.status : 0, response.error_code);
}

const bucketOf = (bounds, ms) => {
  const index = bounds.findIndex((bound) => ms < bound);
  return String(index < 0 ? bounds.length - 1 : index);
};

// A generator that is late asks less when it hurts most, and says so.
function countLag(ms) {
  withLag.add(1, { c: bucketOf(plan.lagsMs, ms) });
  lateness.add(ms);
  lagUs.add(Math.round(ms * 1000));
}

function count(sinceStart, ms, ok, status, errorCode) {
  const block = Math.min(plan.blocks.count - 1, Math.max(0, Math.floor(sinceStart / plan.blocks.lengthMs)));
  inBlock.add(1, { c: 'n_' + block });
  if (ok) okCount.add(1);
  else inBlock.add(1, { c: 'failed_' + block });
  plan.limitsMs.forEach((limitMs, at) => {
    if (ms >= limitMs) inBlock.add(1, { c: 'over' + at + '_' + block });
  });
  inBucket.add(1, { c: bucketOf(plan.bucketsMs, ms) });
  took.add(ms);
  tookUs.add(Math.round(ms * 1000));
  if (status > 0) withStatus.add(1, { c: statusKey(status) });
  else withError.add(1, { c: errorKey(errorCode) });
}

function statusKey(status) {
  const exact = String(status);
  return plan.statuses.includes(exact) ? exact : Math.min(5, Math.max(1, Math.floor(status / 100))) + 'xx';
}

function errorKey(code) {
  const found = plan.errorCodes.find(([from, to]) => code >= from && code <= to);
  return found === undefined ? 'other' : found[2];
}
`;

/** Statuses with a counter of their own; the others are counted by class. */
export const countedStatuses: readonly string[] = (
  '200 201 202 204 206 301 302 303 304 307 308 400 401 403 404 405 408 409 410 413 415 422 429 500 501 502 503 504 ' +
  '1xx 2xx 3xx 4xx 5xx'
).split(' ');

/** What k6 calls an error (its codes from and to), in the words of a record. */
export const errorCodes: readonly (readonly [number, number, string])[] = [
  [1020, 1020, 'invalid-request'],
  [1050, 1050, 'timeout'],
  [1100, 1199, 'dns'],
  [1201, 1201, 'EPIPE'],
  [1211, 1211, 'connect-timeout'],
  [1212, 1212, 'ECONNREFUSED'],
  [1220, 1220, 'ECONNRESET'],
  [1300, 1399, 'tls'],
  [1600, 1699, 'http2'],
];
export const errorNames: readonly string[] = [...new Set([...errorCodes.map(([, , name]) => name), 'other'])];
