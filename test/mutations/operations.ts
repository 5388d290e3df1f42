import { type LoadTestRecord, sealRecord, type UnsealedRecord } from '../../src/evidence/load-tests/record.ts';
import { aRecord, type RunShape } from '../../src/evidence/load-tests/testing.ts';
import type { Edit } from '../gravl-edits.ts';
import { cut, production, reviewFile, swap, type Mutation, unattested } from './row.ts';

const backend = production('backend');
const digest = 'gravl/backend@sha256:a2f3329b28c0f46bc19a16119c3fb14c1afa5fee0f7bf86e6c40100a8d697ba0';

const runFile = 'evidence/load-test.json';
/** The run with other content, sealed again as if it had been measured so. */
const resealed = (change: (record: UnsealedRecord) => UnsealedRecord): Edit => ({
  file: runFile,
  change(text) {
    const parsed = JSON.parse(text) as LoadTestRecord;
    const record = Object.fromEntries(Object.entries(parsed).filter(([name]) => name !== 'digest' && name !== 'format'));
    return JSON.stringify(sealRecord(change(record as unknown as UnsealedRecord)));
  },
});
const without = (record: UnsealedRecord, key: 'images' | 'environment'): UnsealedRecord =>
  Object.fromEntries(Object.entries(record).filter(([name]) => name !== key)) as UnsealedRecord;
/** Another measurement of the same test on the same images. */
const rerun = (shape: RunShape): Edit => ({
  file: runFile,
  change(text) {
    const { test, images, environment, startedAt, target } = JSON.parse(text) as LoadTestRecord;
    return JSON.stringify(aRecord(shape, { test, images, environment, startedAt, target }));
  },
});

/** Images, observability, performance and release. */
export const operationsMutations: readonly Mutation[] = [
  {
    check: 'image-scan',
    without: 'the report about backend',
    edits: [{ file: 'evidence/scan-backend.json', remove: true }],
    outcome: 'unknown',
    message: 'no-report',
  },
  {
    check: 'image-scan',
    without: 'a report that is clean',
    edits: [
      swap(
        'evidence/scan-frontend.json',
        '"Type": "alpine"',
        '"Type": "alpine", "Vulnerabilities": [{ "VulnerabilityID": "CVE-2026-0001", "PkgName": "zlib", "Severity": "CRITICAL" }]',
      ),
    ],
    outcome: 'fail',
    message: 'vulnerable',
  },
  {
    check: 'image-secrets',
    without: 'the attestation',
    edits: unattested('image-secrets'),
    outcome: 'unknown',
    message: 'not-searched',
  },
  {
    check: 'pinned-image',
    without: 'the digest',
    edits: [swap(backend, digest, 'gravl/backend:2.4.0')],
    outcome: 'fail',
    message: 'tag',
  },
  {
    check: 'scan-before-push',
    without: 'the attestation',
    edits: unattested('scan-before-push'),
    outcome: 'unknown',
    message: 'undeclared',
  },

  {
    check: 'alert-routing',
    without: 'the integrations',
    edits: [{ file: production('alert-routing'), change: (text) => text.replace(/ {6}pagerdutyConfigs:\n( {8}.*\n)+/, '') }],
    outcome: 'fail',
    message: 'silent',
  },
  {
    check: 'alert-rules',
    without: 'the rules',
    edits: [{ file: production('alert-rules'), remove: true }],
    outcome: 'fail',
    message: 'none',
  },
  {
    check: 'metrics-scraped',
    without: 'the label by which Prometheus selects',
    edits: [
      swap(
        production('service-monitors'),
        'name: frontend\n  namespace: gravl-prod\n  labels:\n    prometheus: gravl',
        'name: frontend\n  namespace: gravl-prod\n  labels:\n    prometheus: other',
      ),
    ],
    outcome: 'unknown',
    message: 'undecided',
  },
  {
    check: 'runbook-links',
    without: 'a link',
    edits: [
      cut(
        production('alert-rules'),
        '            runbook_url: https://github.com/gravl/gravl/blob/main/docs/runbooks/backend-down.md\n',
      ),
    ],
    outcome: 'fail',
    message: 'absent',
  },
  {
    check: 'dashboards',
    without: 'the dashboards',
    edits: [{ file: production('dashboards'), remove: true }],
    outcome: 'fail',
    message: 'none',
  },
  {
    check: 'log-storage',
    without: 'a StorageClass that exists',
    edits: [swap(production('loki'), 'storageClassName: gp3', 'storageClassName: gp2')],
    outcome: 'fail',
    message: 'unbound',
  },
  {
    check: 'monitoring-operational',
    without: 'the attestation',
    edits: unattested('monitoring-operational'),
    outcome: 'unknown',
    message: 'not-live',
  },

  {
    check: 'load-test',
    without: 'the run',
    edits: [{ file: 'evidence/load-test.json', remove: true }],
    outcome: 'unknown',
    message: 'not-run',
  },
  {
    check: 'load-test',
    without: 'a record as it was written',
    edits: [swap(runFile, '"steadyS":300', '"steadyS":301')],
    outcome: 'unknown',
    message: 'not-run',
  },
  {
    check: 'load-test',
    without: 'the digests',
    edits: [resealed((record) => without(record, 'images'))],
    outcome: 'unknown',
    message: 'no-digests',
  },
  {
    check: 'load-test',
    without: 'the environment',
    edits: [resealed((record) => without(record, 'environment'))],
    outcome: 'unknown',
    message: 'no-environment',
  },
  {
    check: 'load-test',
    without: 'blocks of time',
    edits: [resealed((record) => ({ ...record, blocks: [] }))],
    outcome: 'unknown',
    message: 'no-bound',
  },
  {
    check: 'load-test',
    without: 'the scenario that is declared now',
    edits: [swap(reviewFile, 'rate: 120', 'rate: 130')],
    outcome: 'unknown',
    message: 'other-scenario',
  },
  {
    check: 'load-test',
    without: 'a generator that kept its plan',
    edits: [resealed((record) => ({ ...record, generator: { lagP99Ms: 60, loopDelayP99Ms: 60, cpu: 0.9, startedShare: 1 } }))],
    outcome: 'unknown',
    message: 'invalid',
  },
  {
    check: 'load-test',
    without: 'a latency below the threshold',
    edits: [rerun({ p95Ms: 242.3 })],
    outcome: 'fail',
    message: 'p95',
  },
  { check: 'load-test', without: 'fewer failures', edits: [rerun({ failed: 60 })], outcome: 'fail', message: 'errors' },

  {
    check: 'readable-input',
    without: 'readable YAML',
    edits: [swap(backend, 'replicas: 3', 'replicas: [3')],
    outcome: 'fail',
    message: 'unreadable',
  },
  {
    check: 'dns-configured',
    without: 'the attestation',
    edits: unattested('dns-configured'),
    outcome: 'unknown',
    message: 'unseen',
  },
  {
    check: 'go-live-procedure',
    without: 'the document',
    edits: [{ file: 'docs/go-live.md', remove: true }],
    outcome: 'fail',
    message: 'missing',
  },
  {
    check: 'rollback-procedure',
    without: 'the declaration',
    edits: [cut(reviewFile, '    - { kind: rollback-procedure, path: docs/rollback.md }\n')],
    outcome: 'unknown',
    message: 'undeclared',
  },
  {
    check: 'runbooks',
    without: 'the text of one',
    edits: [{ file: 'docs/runbooks/loki-down.md', content: '# Loki is down\n\nTODO\n' }],
    outcome: 'fail',
    message: 'open',
  },
  {
    check: 'services-healthy',
    without: 'the attestation',
    edits: unattested('services-healthy'),
    outcome: 'unknown',
    message: 'unseen',
  },
  {
    check: 'staging-complete',
    without: 'the attestation',
    edits: unattested('staging-complete'),
    outcome: 'unknown',
    message: 'not-live',
  },
  {
    check: 'on-call-cover',
    without: 'the attestation',
    edits: unattested('on-call-cover'),
    outcome: 'unknown',
    message: 'undated',
  },
];
