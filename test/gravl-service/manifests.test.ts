import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { demoPassword } from '../../examples/gravl/service/src/demo/data.ts';
import { isProbe } from '../../examples/gravl/service/src/http/health.ts';
import { createMetrics } from '../../examples/gravl/service/src/metrics.ts';
import { backendSettings, databaseSettings } from '../../examples/gravl/service/src/settings.ts';

const folder = join(import.meta.dirname, '..', '..', 'examples', 'gravl');
const read = (path: string) => readFileSync(join(folder, path), 'utf8');

interface Container {
  readonly name: string;
  readonly args?: readonly string[];
  readonly ports?: readonly { readonly name: string; readonly containerPort: number }[];
  readonly env?: readonly { readonly name: string; readonly value?: string }[];
  readonly [probe: `${string}Probe`]: { readonly httpGet?: { readonly path: string } } | undefined;
}

function containerOf(path: string): Container {
  const [workload] = parseAllDocuments(read(path)).map(
    (document) => document.toJS() as { spec: { template: { spec: { containers: Container[] } } } },
  );
  const [container] = workload?.spec.template.spec.containers ?? [];
  if (container === undefined) throw new Error(`${path} has no container`);
  return container;
}

describe.each(['staging', 'production'])('the manifests of %s fit the service', (environment) => {
  const backend = containerOf(`k8s/${environment}/backend.yaml`);
  const variables = Object.fromEntries((backend.env ?? []).map(({ name, value }) => [name, value ?? 'from-a-secret']));

  it('in the paths of their probes', () => {
    const probes = [backend.startupProbe, backend.readinessProbe, backend.livenessProbe].filter((probe) => probe !== undefined);
    expect(probes.length).toBeGreaterThan(1);
    for (const { httpGet } of probes) expect(isProbe(httpGet?.path ?? ''), httpGet?.path).toBe(true);
  });

  it('in their ports', () => {
    const { port, metricsPort } = backendSettings(variables);
    expect(backend.ports?.map(({ name, containerPort }) => [name, containerPort])).toEqual([
      ['http', port],
      ['metrics', metricsPort],
    ]);
  });

  it('in the names of their variables', () => {
    const source = ['environment', 'jwt-secret', 'settings', 'main', 'logging']
      .map((file) => read(`service/src/${file}.ts`))
      .join('');
    for (const name of Object.keys(variables)) expect(source, name).toContain(name.replace(/_FILE$/, ''));
  });

  it('in what they say of the database', () => {
    const { DATABASE_PASSWORD_FILE: _file, ...others } = variables;
    expect(databaseSettings({ ...others, DATABASE_PASSWORD: 'from-a-secret' }, 'serving')).toMatchObject({
      postgres: { connection: { host: variables.DATABASE_HOST, port: 5_432, database: 'gravl' } },
    });
  });
});

describe('production', () => {
  it('migrates with arguments that the service takes', () => {
    expect(containerOf('k8s/production/migration.yaml').args).toEqual(['migrate', 'up']);
  });

  it('generates a JWT secret that the service takes: hexadecimal, at least 64 characters', () => {
    const generators = parseAllDocuments(read('k8s/production/secret-generators.yaml')).map(
      (document) => document.toJS() as { metadata: { name: string }; spec: { length: number; encoding?: string } },
    );
    const { spec } = generators.find(({ metadata }) => metadata.name === 'jwt-secret') ?? { spec: { length: 0 } };
    expect(spec).toMatchObject({ encoding: 'hex' });
    // Two hex digits for each character.
    expect(spec.length).toBeGreaterThanOrEqual(32);
  });

  it.each(['k8s/production/alert-rules.yaml', 'k8s/production/dashboards.yaml'])(
    'asks in %s for metrics that the backend has',
    async (path) => {
      const metrics = createMetrics(() => ({ open: 0, idle: 0, waiting: 0 }));
      metrics.started()({ method: 'GET', route: '/api/v1/workouts', status: 200, seconds: 0.01 });
      const text = await metrics.text();
      const asked = [...read(path).matchAll(/(\w+)\{job=\\?"backend\\?"/g)]
        .map(([, name]) => name ?? '')
        .filter((name) => name !== 'up');
      expect(new Set(asked).size).toBeGreaterThan(2);
      for (const name of new Set(asked)) expect(text, name).toMatch(new RegExp(`^${name}[ {]`, 'm'));
    },
  );
});

describe('the load test', () => {
  it('is the same in the k6 script and in the review file', () => {
    const script = read('k8s/production/load-test.js');
    const review = parseAllDocuments(read('production.seaworthy.yaml'))[0]?.toJS() as {
      spec: {
        loadTest: { scenario: { rate: number; warmup: string; duration: string; setup: { body: Record<string, string> }[] } };
      };
    };
    const { rate, warmup, duration, setup } = review.spec.loadTest.scenario;
    expect(script).toContain(`const RATE = ${rate};`);
    for (const value of [warmup, duration, setup[0]?.body['email']]) expect(script).toContain(`'${value}'`);
    expect(setup[0]?.body['password']).toBe('${GRAVL_PASSWORD}');
    expect(script).toContain(`__ENV.GRAVL_PASSWORD || '${demoPassword}'`);
  });
});
