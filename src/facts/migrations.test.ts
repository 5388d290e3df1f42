import { describe, expect, it } from 'vitest';
import type { Bundle } from '../evidence/bundle.ts';
import { aBundle } from '../evidence/testing.ts';
import { createFacts } from './fact.ts';
import { migrations } from './migrations.ts';

const a = `sha256:${'a'.repeat(64)}`;
const b = `sha256:${'b'.repeat(64)}`;
const api = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: api, namespace: shop }
spec: { template: { spec: { containers: [{ name: api, image: "r.io/api@${a}", env: [{ name: DATABASE_HOST, value: postgres }] }] } } }
---
`;
const job = (digest: string, status = '') => `
apiVersion: batch/v1
kind: Job
metadata: { name: migrate, namespace: shop }
spec: { template: { spec: { restartPolicy: Never, containers: [{ name: run, image: "r.io/api@${digest}" }] } } }
${status}
`;

/** Manifests as the system, and a dump of the cluster as the platform. */
function withDump(objects: string, dump: string): Bundle {
  const bundle = aBundle({ objects, platform: dump });
  const slots = bundle.slots.map((slot) =>
    slot.kind === 'objects' && slot.role === 'platform' && slot.status === 'collected'
      ? { ...slot, data: { ...slot.data, files: slot.data.files.map((file) => ({ ...file, live: true })) } }
      : slot,
  );
  return { ...bundle, slots };
}

describe('migrations', () => {
  it.each([
    ['of the image under review', a, 'completed'],
    ['of another image: it proves nothing about this one', b, 'other'],
  ])('the run that a dump shows is %s', (_, digest, run) => {
    const complete = 'status: { conditions: [{ type: Complete, status: "True" }] }';
    const [found] = createFacts(withDump(`${api}${job(a)}`, job(digest, complete)))(migrations);
    expect(found?.migrations.map((migration) => migration.run)).toEqual([run]);
  });
});
