// The load test of Gravl. Staging's address is https://staging.gravl.app.
//
//   k6 run -e GRAVL_API_URL=https://staging.gravl.app k8s/production/load-test.js
//
// Open model: requests start when they are due, whatever the service does. 120 requests a second are offered, so that more than 100 can
// be answered. The user is one of the demo data and protects nothing; another environment names its own in GRAVL_USER and GRAVL_PASSWORD.
import { check, fail } from 'k6';
import http from 'k6/http';

const target = __ENV.GRAVL_API_URL;
const user = __ENV.GRAVL_USER || 'demo@gravl.example';
const password = __ENV.GRAVL_PASSWORD || 'a-long-ride-on-gravel';
const warmup = __ENV.GRAVL_WARMUP || '30s';
const duration = __ENV.GRAVL_DURATION || '5m';

const RATE = 120;
const SHARE_OF_CREATES = 0.1;
// Ten seconds of requests that do not come back: none is left out because the service is slow.
const VIRTUAL_USERS = RATE * 10;

const arrivals = { executor: 'constant-arrival-rate', rate: RATE, timeUnit: '1s', gracefulStop: '10s' };

export const options = {
  scenarios: {
    warmup: { ...arrivals, duration: warmup, preAllocatedVUs: RATE * 2, maxVUs: RATE * 2 },
    steady: { ...arrivals, startTime: warmup, duration, preAllocatedVUs: VIRTUAL_USERS, maxVUs: VIRTUAL_USERS },
  },
  thresholds: {
    'http_req_duration{scenario:steady}': ['p(95)<200', 'p(99)<500'],
    'http_req_failed{scenario:steady}': ['rate<0.001'],
    // Over the whole run, sign-in and the end included, so a little under what the steady part reaches.
    http_reqs: ['rate>100'],
    dropped_iterations: ['count==0'],
    checks: ['rate>0.999'],
  },
  summaryTrendStats: ['avg', 'min', 'med', 'max', 'p(90)', 'p(95)', 'p(99)', 'p(99.9)', 'count'],
  setupTimeout: '30s',
};

export function setup() {
  if (!target) fail('GRAVL_API_URL is not set.');
  const response = http.post(`${target}/api/v1/sessions`, JSON.stringify({ email: user, password }), {
    headers: { 'content-type': 'application/json' },
  });
  if (response.status !== 201) fail(`Sign-in answered ${response.status}.`);
  return { token: response.json('token') };
}

export default function ({ token }) {
  if (Math.random() < SHARE_OF_CREATES) create(token);
  else list(token);
}

function list(token) {
  const response = http.get(`${target}/api/v1/workouts?limit=20`, {
    headers: { authorization: `Bearer ${token}` },
    redirects: 0,
    tags: { name: 'list workouts' },
    timeout: '10s',
  });
  check(response, { 'workouts are listed': ({ status }) => status === 200 });
}

function create(token) {
  const workout = { kind: 'ride', title: 'Load test', startedAt: '2026-03-01T07:30:00Z', durationSeconds: 3600, distanceMeters: 24000 };
  const response = http.post(`${target}/api/v1/workouts`, JSON.stringify(workout), {
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    redirects: 0,
    tags: { name: 'create workout' },
    timeout: '10s',
  });
  check(response, { 'a workout is created': ({ status }) => status === 201 });
}
