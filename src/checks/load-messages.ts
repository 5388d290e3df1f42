/** Everything that the load-test check can say; shared by the files that make its judgements. */
export const loadMessages = {
  'not-run': 'No result of a load test is in the sources{unread}. Run one, and declare its result under spec.loadTest.results.',
  invalid: 'The run {path} says nothing: {problem}.',
  undated: 'The run {path} does not say when it began.',
  future: 'The run {path} is dated {startedAt}, after this review.',
  'no-environment': 'The run {path} does not say in which environment it ran.',
  environment: 'The run {path} was in {environment}; accepted are {accepted}.',
  'other-script': 'The run {path} was of {ran}, and not of {script} as it stands now. Run it again.',
  'unread-script':
    'Whether the run {path} was of {script} as it stands now is not known: the script could not be read ({reason}).',
  'other-scenario': 'The run {path} was of another test than the scenario of the review file. Run it again.',
  'no-digests': 'The run {path} does not say which images it was against.',
  tags: 'Whether the run {path} was of these images is not known: {image} is named by tag. Pin it by digest.',
  'other-images': 'The run {path} was not of {image}.',
  foreign: 'The run {path} was of an image that is not under review: {digest}.',
  'closed-model':
    'The run {path} kept the limits, and each of its users waited for an answer before the next request (closed model): a server that stalls is asked less and looks faster than it is. Send requests at a fixed rate.',
  'unknown-model':
    'The run {path} kept the limits, and does not say whether its requests started by a plan or waited for answers, which makes a stall look short. State `model: open` beside the result if they started by a plan.',
  'too-little-load':
    'The run {path} kept the limits at {rate} requests a second; more than {limit} are asked for, and it cannot show that those would be served. Run it at a higher rate.',
  p95: '{path}: 95 % of requests took up to {value}; the limit is below {limit}{counted}.',
  p99: '{path}: 99 % of requests took up to {value}; the limit is below {limit}{counted}.',
  errors: '{path}: {value} of requests failed{counted}; the limit is below {limit}.',
  throughput: '{path}: {value} requests a second succeeded; more than {limit} are asked for.',
  stale: 'The run {path} is of {startedAt}; it may be {days} days old.',
  inconclusive:
    '{path}: {figure} stays below {limit} in this run, and might not in another: with 95 % confidence up to {upper} of requests {miss}, and fewer than {allowed} may. {advice}.',
  'no-bound':
    '{path}: within the limits in this run ({figures}), and what another would show is open: the result has too few blocks of time for a confidence ({blocks} of at least {seconds} s; {wanted} are needed). Run it longer, or with an engine that keeps more than a summary.',
  uncounted:
    '{path}: {figure} stays below {limit} in this run, and what another would show is open: its blocks of time do not count requests at that limit. Run it with this limit.',
  'cut-bucket':
    '{path}: whether {figure} stays below {limit} is not in the result: a bucket of its histogram lies on both sides of the limit.',
  within:
    '{path} ({startedAt}, {engine}, in {environment}): p95 {p95}, p99 {p99}, {errors} failed, {rps} requests a second; limits {limits}.{confidence}{remarks}',
} as const;
