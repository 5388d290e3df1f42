import { Ajv2020 } from 'ajv/dist/2020.js';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ReviewResult } from '../../src/model/result.ts';
import { type RenderOptions, reportFormats, reporters } from '../../src/report/index.ts';
import { review } from '../../src/review.ts';
import { asOf, gravlBundle, root } from '../gravl.ts';

/** Golden reports: a change of what people read is seen in review. Update with `npm run golden:update`, and say why. */
const options: RenderOptions = { color: false, width: 120, unicode: true, details: 'summary' };
const results = {} as Record<'staging' | 'production', ReviewResult>;
const render = (name: 'staging' | 'production', format: (typeof reportFormats)[number], details = options.details) =>
  [...reporters[format].render(results[name], { ...options, details })].join('');

beforeAll(async () => {
  for (const name of ['staging', 'production'] as const) results[name] = review(await gravlBundle(name), { asOf });
});

describe.each(['staging', 'production'] as const)('Gravl %s', (name) => {
  it('the terminal says', async () => {
    await expect(render(name, 'text')).toMatchFileSnapshot(`gravl-${name}.txt`);
  });

  it('the Markdown review says', async () => {
    await expect(render(name, 'markdown')).toMatchFileSnapshot(`gravl-${name}.md`);
  });

  it('the JSON result fits its published schema', () => {
    const schema = JSON.parse(readFileSync(join(root, 'schema/review-result.schema.json'), 'utf8')) as object;
    const validate = new Ajv2020({ strict: false }).compile(schema);
    validate(JSON.parse(render(name, 'json')));
    expect(validate.errors).toBeNull();
  });

  it.each(reportFormats)('the format %s is the same when rendered again, and ends in one line end', (format) => {
    const first = render(name, format, 'all');
    expect(render(name, format, 'all')).toBe(first);
    expect(first.endsWith('\n') && !first.endsWith('\n\n')).toBe(true);
  });
});

describe('the nine items of the hand-written critical path', () => {
  it.each([
    ['install cert-manager and create a ClusterIssuer', ['install-cert-manager', 'create-issuer'], 'immediate'],
    ['sealed-secrets or External Secrets', ['adopt-managed-secrets'], 'immediate'],
    ['DNS egress', ['allow-dns-egress'], 'immediate'],
    ['load test', ['run-load-test'], 'immediate'],
    ['image scanning', ['scan-images'], 'high'],
    ['alerting thresholds', ['configure-alerts'], 'high'],
    ['runbooks', ['write-runbooks'], 'high'],
    ['Loki storage and the backup job', ['provide-storage-class', 'schedule-backups', 'store-logs'], undefined],
    ['secrets rotation automation', ['automate-secret-rotation'], 'medium'],
  ])('%s', (_, remedies, tier) => {
    const { tasks } = results.staging.plan;
    const places = remedies.map((id) => tasks.findIndex(({ remedy }) => remedy === id));
    expect(places).not.toContain(-1);
    expect(places).toEqual([...places].sort((a, b) => a - b));
    if (tier !== undefined) expect(places.map((place) => tasks[place]?.tier)).toEqual(remedies.map(() => tier));
  });

  it('come in an order that every prerequisite allows', () => {
    const { tasks } = results.staging.plan;
    for (const [index, task] of tasks.entries())
      for (const before of task.after) expect(tasks.findIndex(({ remedy }) => remedy === before)).toBeLessThan(index);
  });
});
