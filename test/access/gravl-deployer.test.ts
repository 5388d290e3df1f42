import { describe, expect, it } from 'vitest';
import { findingsOf } from '../../src/model/result.ts';
import { review } from '../../src/review.ts';
import { asOf, gravlBundle } from '../gravl.ts';

const findingsAt = async (name: 'staging' | 'production', check: string) =>
  findingsOf(review(await gravlBundle(name), { asOf })).flatMap(({ check: { id }, assessment }) =>
    id === check && assessment.target.name === 'gravl-deployer' ? [assessment] : [],
  );

describe('a deployer that may create workloads uses every ServiceAccount and mounts every Secret of its namespace', () => {
  it.each(['staging', 'production'] as const)('the review of Gravl %s shows it, and what would cut it', async (name) => {
    const place = name === 'staging' ? 'gravl-staging' : 'gravl-prod';
    const [finding, ...more] = await findingsAt(name, 'namespace-escalation');
    expect(more).toEqual([]);
    expect(finding?.message).toContain(
      `ServiceAccount ${place}/gravl-deployer can take over namespace ${place} (use every ServiceAccount, mount every Secret)`,
    );
    expect(finding?.message).toMatch(/To cut it: take from ServiceAccount .* on apps\/deployments/);
    expect(finding?.message).toContain(`or have an admission policy hold what it deploys in ${place} to one ServiceAccount`);
  });

  it('names both ways of production, and the admission policies that may refuse them', async () => {
    const [finding] = await findingsAt('production', 'namespace-escalation');
    expect(finding?.message).toContain('patch on apps/deployments (backend, frontend)');
    expect(finding?.message).toContain('create on batch/jobs');
    expect(finding?.message).toContain('ValidatingAdmissionPolicyBinding gravl-deployer-jobs and 1 more may refuse that');
  });

  it('in staging, where no level is enforced, it is root on a node, and a level would cut that', async () => {
    const [finding] = await findingsAt('staging', 'cluster-escalation');
    expect(finding?.message).toContain('leads to root on a node');
    expect(finding?.message).toContain('enforce the Pod Security level baseline or restricted in Namespace gravl-staging');
  });
});
