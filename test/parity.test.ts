import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checks } from '../src/checks/index.ts';
import { gateIds } from '../src/model/gate.ts';
import { levels } from '../src/model/judgement.ts';
import { version } from '../src/model/version.ts';
import { remedies, remedyById } from '../src/remedies/index.ts';
import { referencePages } from '../tools/generate-docs.ts';

const root = join(import.meta.dirname, '..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const filesOf = (gate: string) => (existsSync(join(root, 'src/checks', gate)) ? readdirSync(join(root, 'src/checks', gate)) : []);

describe('checks, files, examples and tests agree', () => {
  it('every check file is in the registry, and the registry has no other', () => {
    const files = gateIds.flatMap((gate) =>
      filesOf(gate).flatMap((name) => (/^[a-z0-9-]+\.ts$/.test(name) ? [`${gate}/${name.slice(0, -3)}`] : [])),
    );
    expect(checks.map(({ gate, id }) => `${gate}/${id}`).sort()).toEqual(files.sort());
  });

  it.each(checks.map((check) => [check.id, check] as const))(
    '%s has examples, a test, a remedy, and texts of the agreed form',
    (id, check) => {
      const files = filesOf(check.gate);
      expect(files).toContain(`${id}.examples.yaml`);
      expect(files).toContain(`${id}.test.ts`);
      expect(remedyById(check.remedy)?.id).toBe(check.remedy);
      expect(check.title).not.toMatch(/\.$/);
      expect(check.rationale).toMatch(/\.$/);
      expect(check.whenToWaive).toMatch(/\.$/);
      expect(check.references.length).toBeGreaterThan(0);
      for (const url of check.references) expect(() => new URL(url)).not.toThrow();
      for (const [message, text] of Object.entries(check.messages)) expect(text, message).toMatch(/[.?}]$/);
    },
  );

  it('ids are unique', () => {
    expect(new Set(checks.map(({ id }) => id)).size).toBe(checks.length);
  });
});

describe('the recommended standard', () => {
  /** The levels that a launch review demands, by gate: blocker, high, medium, advisory. */
  const table: Readonly<Record<string, readonly [string, string, string, string]>> = {
    secrets: [
      'committed-secret, literal-credentials, managed-secrets',
      'jwt-secret-strength, database-password-strength, tls-key-access',
      'secret-rotation, rotation-procedure, secret-options-documented, encryption-at-rest',
      'secret-as-file',
    ],
    access: [
      'cluster-admin-binding, cluster-escalation',
      'namespace-escalation, wildcard-permissions, secret-write-access, secret-read-access, cluster-scope-write, cross-namespace-access, pod-security-enforcement',
      'operator-accounts, default-service-account, token-automount, dangling-binding, limit-range',
      '',
    ],
    network: [
      'default-deny-ingress, intended-flows, dns-egress',
      'unintended-flows, monitoring-access, vacuous-selector, ignored-policy-rules',
      'egress-isolation, log-egress',
      '',
    ],
    tls: [
      'certificate-automation, issuer-configured, ingress-issuer, ingress-tls-hosts, production-hostnames',
      'https-redirect, tls-termination',
      'certificate-procedure',
      '',
    ],
    workloads: [
      'retired-apis',
      'resource-requests, memory-limits, readiness-probe, replicas, pod-security-standard, ingress-controller-supported',
      'pod-disruption-budget, topology-spread, rollout-strategy, graceful-termination, health-probe-design',
      'liveness-probe',
    ],
    images: ['', 'pinned-image, image-scan, image-secrets', 'scan-before-push', ''],
    data: ['', 'storage-class-exists, backup-schedule, restore-drill, migrations-validated', '', ''],
    observability: [
      '',
      'metrics-scraped, alert-rules, alert-routing, runbook-links',
      'dashboards, log-storage, monitoring-operational',
      '',
    ],
    performance: ['load-test', '', '', ''],
    release: [
      'readable-input',
      'staging-complete, services-healthy, runbooks, rollback-procedure, go-live-procedure, dns-configured',
      'on-call-cover',
      '',
    ],
  };

  it.each(gateIds)('demands of gate %s what the table says', (gate) => {
    const demanded = levels.map((level) =>
      checks
        .filter((check) => check.gate === gate && check.level === level)
        .map(({ id }) => id)
        .sort(),
    );
    const wanted = (table[gate] ?? []).map((row) =>
      row
        .split(', ')
        .filter((id) => id !== '')
        .sort(),
    );
    // More may be demanded than the table asks, never less.
    for (const [index, ids] of wanted.entries()) expect(demanded[index]).toEqual(expect.arrayContaining(ids));
  });
});

describe('remedies', () => {
  it('are each the remedy of some check', () => {
    const used = new Set(checks.map(({ remedy }) => remedy));
    expect(remedies.map(({ id }) => id).filter((id) => !used.has(id))).toEqual([]);
  });

  it('have prerequisites that exist and form no cycle', () => {
    const visit = (id: string, path: readonly string[]): void => {
      expect(path, `cycle at ${id}`).not.toContain(id);
      const remedy = remedyById(id);
      expect(remedy, id).toBeDefined();
      for (const before of remedy?.after ?? []) visit(before, [...path, id]);
    };
    for (const { id } of remedies) visit(id, []);
  });

  it.each(remedies.map((remedy) => [remedy.id, remedy] as const))('%s argues its effort', (_, { effort, effortBasis, steps }) => {
    expect(effort.min).toBeGreaterThan(0);
    expect(effort.min).toBeLessThanOrEqual(effort.likely);
    expect(effort.likely).toBeLessThanOrEqual(effort.max);
    expect(effortBasis).toMatch(/\.$/);
    expect(steps.length).toBeGreaterThan(0);
  });
});

describe('the package', () => {
  const manifest = JSON.parse(read('package.json')) as {
    version: string;
    dependencies: Record<string, string>;
    devDependencies: Record<string, string>;
  };

  it('has the version that the program prints', () => {
    expect(version).toBe(manifest.version);
  });

  it('has a reason for each dependency, and no reason without one', () => {
    const [, shipped = '', development = '', example = ''] = read('docs/dependencies.md').split(/^## /m);
    const named = (section: string) =>
      [...section.matchAll(/^\| ([^|]+) \|/gm)]
        .flatMap(([, cell]) => (cell ?? '').split(',').map((name) => name.trim()))
        .filter((name) => name !== 'package' && name !== '---');
    expect(named(shipped).sort()).toEqual(Object.keys(manifest.dependencies).sort());
    expect(named(development).sort()).toEqual(Object.keys(manifest.devDependencies).sort());
    const service = JSON.parse(read('examples/gravl/service/package.json')) as { dependencies: Record<string, string> };
    expect(named(example).sort()).toEqual(Object.keys(service.dependencies).sort());
  });
});

describe('the reference', () => {
  const pages = referencePages();

  it.each([...pages.keys()])('%s is current (npm run generate)', (path) => {
    expect(existsSync(join(root, path)), path).toBe(true);
    expect(read(path)).toBe(pages.get(path));
  });
});
