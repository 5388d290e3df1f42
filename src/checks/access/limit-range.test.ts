import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../kube/json.ts';
import { workloadValue } from '../../kube/testing.ts';
import { examine, verdicts } from '../testing.ts';
import { limitRange } from './limit-range.ts';

const yaml = (...objects: readonly JsonObject[]) => objects.map((object) => JSON.stringify(object)).join('\n---\n');

const range = (limits: readonly JsonObject[], namespace = 'default'): JsonObject => ({
  apiVersion: 'v1',
  kind: 'LimitRange',
  metadata: { name: 'limits', namespace },
  spec: { limits: [...limits] },
});
const said = (parts: Parameters<typeof examine>[1]) => verdicts(examine(limitRange, parts));

describe('limit-range', () => {
  it.each([
    ['a default limit', [{ type: 'Container', default: { memory: '1Gi' } }], 'pass bounded'],
    ['a maximum, which is the default limit too', [{ type: 'Container', max: { memory: '1Gi' } }], 'pass bounded'],
    ['a maximum of the Pod', [{ type: 'Pod', max: { memory: '1Gi' } }], 'pass bounded'],
    ['a default request bounds nothing', [{ type: 'Container', defaultRequest: { memory: '1Gi' } }], 'fail no-memory-bound'],
    ['a bound on cpu bounds no memory', [{ type: 'Container', default: { cpu: 1 } }], 'fail no-memory-bound'],
    ['a bound on volumes bounds no memory', [{ type: 'PersistentVolumeClaim', max: { storage: '1Gi' } }], 'fail no-memory-bound'],
    ['no item', [], 'fail no-memory-bound'],
  ])('%s', (_, limits, expected) => {
    expect(said({ objects: yaml(workloadValue(), range(limits)) })).toEqual([`${expected} Namespace/default`]);
  });

  it('a LimitRange of another namespace bounds nothing here', () => {
    expect(said({ objects: yaml(workloadValue(), range([{ type: 'Container', default: { memory: '1Gi' } }], 'other')) })).toEqual(
      ['fail absent Namespace/default'],
    );
  });

  it('none in the sources is unknown, unless they are complete', () => {
    expect(said({ objects: yaml(workloadValue()) })).toEqual(['unknown unseen Namespace/default']);
    expect(said({ objects: yaml(workloadValue()), complete: ['LimitRange'] })).toEqual(['fail absent Namespace/default']);
  });

  it('a declared LimitRange is assumed until it expires', () => {
    const review = {
      providedElsewhere: [
        {
          kind: 'LimitRange',
          namespace: 'default',
          name: 'limits',
          owner: 'platform',
          reason: 'r',
          expires: '2026-05-01T00:00:00Z',
        },
      ],
    };
    expect(
      examine(limitRange, { objects: yaml(workloadValue()), review }).map(({ outcome, reason }) => [outcome, reason]),
    ).toEqual([['pass', 'assumed']]);
    expect(said({ objects: yaml(workloadValue()), review, asOf: '2026-06-01T00:00:00Z' })).toEqual([
      'unknown unseen Namespace/default',
    ]);
  });
});
