import { check } from 'k6';
import http from 'k6/http';

const target = __ENV.GRAVL_API_URL;

export const options = {
  scenarios: {
    steady: {
      executor: 'constant-arrival-rate',
      rate: 120,
      timeUnit: '1s',
      duration: '10m',
      preAllocatedVUs: 240,
      maxVUs: 240,
    },
  },
  thresholds: {
    http_req_duration: ['p(95)<200', 'p(99)<500'],
    http_req_failed: ['rate<0.001'],
    http_reqs: ['rate>100'],
    dropped_iterations: ['count==0'],
  },
  summaryTrendStats: ['avg', 'min', 'med', 'max', 'p(95)', 'p(99)', 'p(99.9)', 'count'],
};

export default function () {
  const response = http.get(`${target}/api/v1/workouts`);
  check(response, { 'status is 200': (answer) => answer.status === 200 });
}
