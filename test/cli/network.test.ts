import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { filesOf, parseCsv } from './folders.ts';
import { run } from './host.ts';

const staging = 'examples/gravl/k8s/staging';
const gravl = filesOf(staging);
const production = filesOf('examples/gravl/k8s/production');

const workload = (id: string, ports = '', kind = 'Deployment', host = false) => {
  const [namespace, name] = id.split('/');
  const spec = `{ ${host ? 'hostNetwork: true, ' : ''}containers: [{ name: main, image: "app:1"${ports === '' ? '' : `, ports: [${ports}]`} }] }`;
  return kind === 'Pod'
    ? `---\napiVersion: v1\nkind: Pod\nmetadata: { name: "${name}", namespace: "${namespace}", labels: { app: "${name}" } }\nspec: ${spec}\n`
    : `---\napiVersion: apps/v1\nkind: ${kind}\nmetadata: { name: "${name}", namespace: "${namespace}" }\nspec:\n  selector: { matchLabels: { app: "${name}" } }\n  template: { metadata: { labels: { app: "${name}" } }, spec: ${spec} }\n`;
};
const policy = (id: string, spec: string) => {
  const [namespace, name] = id.split('/');
  return `---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: ${name}, namespace: ${namespace} }\nspec: ${spec}\n`;
};
const service = (id: string, app: string, ports: string) => {
  const [namespace, name] = id.split('/');
  return `---\napiVersion: v1\nkind: Service\nmetadata: { name: ${name}, namespace: ${namespace} }\nspec: { selector: { app: ${app} }, ports: [${ports}] }\n`;
};
const namespace = (name: string) => `---\napiVersion: v1\nkind: Namespace\nmetadata: { name: ${name} }\n`;

const shop = [
  namespace('shop'),
  workload('shop/web', '{ name: http, containerPort: 8080 }'),
  workload('shop/db', '{ name: sql, containerPort: 5432 }', 'StatefulSet'),
  service('shop/db', 'db', '{ name: pg, port: 15432, targetPort: sql }'),
  policy(
    'shop/db',
    '{ podSelector: { matchLabels: { app: db } }, policyTypes: [Ingress, Egress], ingress: [{ from: [{ podSelector: { matchLabels: { app: web } } }], ports: [{ port: 5432 }] }] }',
  ),
].join('');

async function rows(yaml: string, ...args: readonly string[]): Promise<readonly string[]> {
  const { stdout, stderr, code } = await run(['network', 'k8s', '-f', 'csv', ...args], { 'k8s/a.yaml': yaml });
  expect([stderr, code]).toEqual(['', 0]);
  return stdout.trimEnd().split('\n').slice(1);
}

describe('seaworthy network', () => {
  it.each<[string, readonly string[]]>([
    ['network-staging.txt', [staging]],
    ['network-staging.csv', [staging, '-f', 'csv']],
    ['network-staging.dot', [staging, '-f', 'dot']],
    ['network-staging.mmd', [staging, '-f', 'mermaid']],
    ['network-production.txt', ['examples/gravl/k8s/production']],
    ['network-staging-to-backend.txt', [staging, '--to', 'svc/backend']],
    ['network-staging-from-prometheus.txt', [staging, '--from', 'gravl-monitoring/prometheus']],
    ['network-staging-backup.txt', [staging, '--from', 'postgres-backup', '--to', 'svc/postgres', '--port', '5432']],
    ['network-staging-backend.txt', [staging, '--from', 'backend', '--to', 'postgres', '--port', '5432']],
    ['network-staging-internet.txt', [staging, '--from', 'internet', '--to', 'backend', '--port', 'http']],
    ['network-diff.txt', ['diff', staging, 'examples/gravl/k8s/production']],
  ])('Gravl: %s', async (file, args) => {
    const { stdout, stderr, code } = await run(['network', ...args], { ...gravl, ...production });
    expect([stderr, code]).toEqual(['', 0]);
    await expect(stdout).toMatchFileSnapshot(`golden/${file}`);
  });

  it('tells the truth about staging on one screen', async () => {
    const { stdout } = await run(['network', staging], gravl);
    const lines = stdout.trimEnd().split('\n');
    expect(lines.length).toBeLessThanOrEqual(40);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100);
    expect(stdout).toContain('for egress    every workload (8)');
    expect(stdout).toMatch(/Needed, and denied by a policy\n {2}gravl-staging\/postgres-backup to postgres TCP 5432/);
  });

  it('JSON has the same rows as CSV, with assumptions as a list', async () => {
    const csv = parseCsv((await run(['network', staging, '-f', 'csv'], gravl)).stdout);
    const json = JSON.parse((await run(['network', staging, '-f', 'json'], gravl)).stdout) as Readonly<Record<string, unknown>>[];
    expect(csv[0]).toEqual(['source', 'destination', 'protocol', 'ports', 'verdict', 'assumptions']);
    for (const row of json) expect(Object.keys(row)).toEqual(csv[0]);
    expect(json.map((row) => Object.values(row).map((cell) => (Array.isArray(cell) ? cell.join(';') : cell)))).toEqual(
      csv.slice(1),
    );
  });

  it('nothing to say is an empty list', async () => {
    const deny = policy('a/deny', '{ podSelector: {}, policyTypes: [Ingress, Egress] }');
    const files = { 'k8s/a.yaml': workload('a/x') + deny };
    expect((await run(['network', 'k8s', '-f', 'json'], files)).stdout).toBe('[]\n');
    expect((await run(['network', 'k8s'], files)).stdout).toContain('nobody may connect to a/x');
  });

  it('a cluster without policies is one line', async () => {
    const many = Array.from({ length: 30 }, (_, index) => workload(`n${index % 3}/w${index}`)).join('');
    const { stdout } = await run(['network', 'k8s'], { 'k8s/a.yaml': many });
    expect(stdout).toMatch(
      / {2}every workload \(30\) +every port +from every workload \(30\) and every address outside\n? +the cluster/,
    );
    expect(stdout.split('\n').length).toBeLessThan(20);
  });

  it('bare Pods that everybody reaches are put together, though none has a row with itself', async () => {
    const pods = ['a/x', 'a/y', 'b/z'].map((id) => workload(id, '', 'Pod')).join('');
    const { stdout } = await run(['network', 'k8s'], { 'k8s/a.yaml': pods });
    expect(stdout).toMatch(/ {2}every workload \(3\) +every port +from every workload \(3\)/);
  });

  it('a workload goes without its kind where its name alone says which is meant', async () => {
    const yaml = workload('a/x') + workload('a/two') + workload('a/two', '', 'DaemonSet') + workload('b/z');
    const only = (id: string, kind: string) =>
      policy(
        `a/${id}`,
        `{ podSelector: { matchLabels: { app: ${id} } }, ingress: [{ from: [{ podSelector: { matchLabels: { app: ${kind} } } }] }] }`,
      );
    const { stdout } = await run(['network', 'k8s'], { 'k8s/a.yaml': yaml + only('x', 'two') + only('two', 'x') });
    expect(stdout).toMatch(/Deployment\/x +every port +from DaemonSet\/two and Deployment\/two\n/);
    expect(stdout).toMatch(/DaemonSet\/two and Deployment\/two +every port +from x\n/);
  });

  it('more than a page is told by its number, with the way to see it', async () => {
    const many = Array.from(
      { length: 40 },
      (_, index) =>
        workload(`many/w${index}`) +
        policy(
          `many/p${index}`,
          `{ podSelector: { matchLabels: { app: w${index} } }, ingress: [{ ports: [{ port: ${1000 + index} }] }] }`,
        ),
    ).join('');
    const { stdout } = await run(['network', 'k8s'], { 'k8s/a.yaml': many });
    expect(stdout).toContain('... and 16 more groups: narrow with --namespace');
    expect(stdout.split('\n').length).toBeLessThan(90);
  });
});

describe('external ranges in rows', () => {
  const from = (block: string) =>
    `{ podSelector: {}, policyTypes: [Ingress], ingress: [{ from: [${block}], ports: [{ port: 80 }] }] }`;
  const egress = (block: string) =>
    `{ podSelector: {}, policyTypes: [Ingress, Egress], egress: [{ to: [${block}], ports: [{ port: 80 }] }] }`;

  it('neighbours with the same answer are one range, as a source', async () => {
    const two = '{ ipBlock: { cidr: 10.0.0.0/25 } }, { ipBlock: { cidr: 10.0.0.128/25 } }';
    expect(await rows(workload('a/x') + policy('a/p', from(two)), '--to', 'x')).toContain(
      '10.0.0.0/24,a/Deployment/x,TCP,80,allowed,',
    );
  });

  it('neighbours with the same answer are one range, as a destination; what is no CIDR is first-last', async () => {
    const two = '{ ipBlock: { cidr: 10.0.0.0/25 } }, { ipBlock: { cidr: 10.0.0.128/26 } }';
    expect(await rows(workload('a/x') + policy('a/p', egress(two)), '--from', 'x')).toContain(
      'a/Deployment/x,10.0.0.0-10.0.0.191,TCP,80,allowed,',
    );
  });

  it('one address is a CIDR', async () => {
    expect(await rows(workload('a/x') + policy('a/p', egress('{ ipBlock: { cidr: 10.0.0.1/32 } }')), '--from', 'x')).toContain(
      'a/Deployment/x,10.0.0.1/32,TCP,80,allowed,',
    );
  });

  it('both families are there, in both directions', async () => {
    const all = await rows(workload('a/x'));
    for (const range of ['0.0.0.0/0', '::/0'])
      expect([
        all.includes(`${range},a/Deployment/x,TCP,*,allowed,`),
        all.includes(`a/Deployment/x,${range},UDP,*,allowed,`),
      ]).toEqual([true, true]);
  });

  it('rows are sorted and no row is there twice', async () => {
    const { stdout } = await run(['network', 'examples/gravl/k8s/production', '-f', 'json'], production);
    const keys = (JSON.parse(stdout) as Readonly<Record<string, string>>[]).map(({ source, destination, protocol, verdict }) =>
      JSON.stringify([source, destination, protocol, verdict]),
    );
    const byUnit = (a: string, b: string) => {
      const [x, y] = [JSON.parse(a) as string[], JSON.parse(b) as string[]];
      const at = x.findIndex((cell, index) => cell !== y[index]);
      return at < 0 ? 0 : (x[at] ?? '') < (y[at] ?? '') ? -1 : 1;
    };
    expect(keys).toEqual([...keys].sort(byUnit));
    expect(new Set(keys).size).toBe(keys.length);
  });
});

describe('where traffic enters', () => {
  const ingress = `---\napiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: { name: web, namespace: a }\nspec: { ingressClassName: nginx, defaultBackend: { service: { name: web, port: { number: 80 } } } }\n`;
  const base = workload('a/web') + service('a/web', 'web', '{ port: 80, targetPort: 8080 }');
  const closed = policy('a/deny', '{ podSelector: {}, policyTypes: [Ingress] }');
  const open = policy('a/in', '{ podSelector: {}, ingress: [{ from: [{ namespaceSelector: {} }] }] }');

  it('a controller that is in no source has a name in braces', async () => {
    expect(await rows(base + ingress + open, '--to', 'web')).toContain(
      '{ingress-controller},a/Deployment/web,TCP,8080,allowed,unseen-peer',
    );
  });

  it('a controller in the sources is its workload', async () => {
    const controller = workload('ingress-nginx/controller').replace('app:1', 'registry.k8s.io/ingress-nginx/controller:v1.12.0');
    const found = await rows(base + ingress + open + controller, '--to', 'web');
    expect(found.filter((row) => row.startsWith('{'))).toEqual([]);
    expect(found.filter((row) => row.startsWith('ingress-nginx/') && row.includes(',TCP,'))).toEqual([
      'ingress-nginx/Deployment/controller,a/Deployment/web,TCP,*,allowed,',
    ]);
  });

  it('a backend that policies keep it from is no row, and is told in the table', async () => {
    expect((await rows(base + ingress + closed)).filter((row) => row.startsWith('{'))).toEqual([]);
    const { stdout } = await run(['network', 'k8s'], { 'k8s/a.yaml': base + ingress + closed });
    expect(stdout).toContain('denied by a policy: a/web TCP 8080');
  });

  it('a route of the Gateway API has the Gateway as its source', async () => {
    const route = `---\napiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: { name: r, namespace: a }\nspec: { parentRefs: [{ name: gw, namespace: infra }], rules: [{ backendRefs: [{ name: web, port: 80 }] }] }\n`;
    expect(await rows(base + route + open, '--to', 'web')).toContain(
      '{ingress-controller},a/Deployment/web,TCP,8080,allowed,unseen-peer',
    );
    expect((await rows(base + route + closed)).filter((row) => row.startsWith('{'))).toEqual([]);
    // Its Pods may be beside the Gateway or in the namespace of its controller: who admits one of the two admits it perhaps.
    const infra = policy(
      'a/in',
      '{ podSelector: {}, ingress: [{ from: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: infra } } }] }] }',
    );
    expect(await rows(base + route + infra, '--to', 'web')).toContain(
      '{ingress-controller},a/Deployment/web,TCP,8080,depends,unseen-peer',
    );
    const pods = workload('infra/gw').replace(
      'labels: { app: "gw" }',
      'labels: { app: gw, gateway.networking.k8s.io/gateway-name: gw }',
    );
    expect(await rows(base + route + infra + pods, '--to', 'web')).toEqual(
      ['infra/Deployment/gw,a/Deployment/web,SCTP,*,allowed,namespace-labels-assumed']
        .slice(1)
        .concat(await rows(base + route + infra + pods, '--to', 'web', '--from', 'infra/gw')),
    );
  });

  it('an OpenShift Route names a port of the Pods', async () => {
    const route = `---\napiVersion: route.openshift.io/v1\nkind: Route\nmetadata: { name: r, namespace: a }\nspec: { to: { kind: Service, name: web }, port: { targetPort: 8080 } }\n`;
    expect(await rows(base + route + open, '--to', 'web')).toContain(
      '{ingress-controller},a/Deployment/web,TCP,8080,allowed,unseen-peer',
    );
  });

  it('several unseen controllers are told apart', async () => {
    const other = ingress.replace('name: web, namespace', 'name: other, namespace').replace('nginx', 'traefik');
    const found = (await rows(base + ingress + other + open, '--to', 'web')).filter((row) => row.startsWith('{'));
    expect(found).toHaveLength(2);
    expect(new Set(found.map((row) => row.split(',')[0])).size).toBe(2);
  });
});

describe('one answer and why', () => {
  const ask = (...args: readonly string[]) => run(['network', 'k8s', ...args], { 'k8s/a.yaml': shop });

  it('allowed by a rule, at its place', async () => {
    const { stdout, code } = await ask('--from', 'web', '--to', 'StatefulSet/db', '--port', '5432');
    expect(stdout).toMatch(/^allowed: shop\/Deployment\/web to shop\/StatefulSet\/db, port 5432\n/);
    expect(stdout).toMatch(/ingress rule 1 of NetworkPolicy shop\/db admits it\n {4}k8s\/a\.yaml:\d+:\d+/);
    expect(code).toBe(0);
  });

  it('denied, with every rule that does not admit it', async () => {
    const { stdout, code } = await ask('--from', 'web', '--to', 'db', '--port', '5433');
    expect(stdout).toMatch(/^denied: /);
    expect(stdout).toMatch(/ingress rule 1 of NetworkPolicy shop\/db: the port is none of its ports\n {6}k8s\/a\.yaml:\d+:\d+/);
    expect(code).toBe(0);
  });

  it('denied by the egress of the source', async () => {
    expect((await ask('--from', 'db', '--to', '1.1.1.1', '--port', '443')).stdout).toMatch(
      /egress of shop\/StatefulSet\/db: denied/,
    );
  });

  it('a Service is looked through to its Pods and their port', async () => {
    const { stdout } = await ask('--from', 'web', '--to', 'svc/db', '--port', 'pg');
    expect(stdout).toContain('shop/Service/db port pg leads to shop/StatefulSet/db TCP 5432');
    expect(stdout).toMatch(/^allowed/);
  });

  it('a port by name, a protocol, and short forms', async () => {
    expect((await ask('--from', 'shop/web', '--to', 'shop/db', '--port', 'sql')).stdout).toMatch(/^allowed/);
    expect((await ask('--from', 'shop/Deployment/web', '--to', 'sts/db', '--port', '5432/udp')).stdout).toMatch(/^denied/);
  });

  it('a range that policies treat differently depends, with the sentence once', async () => {
    const block = policy('a/p', '{ podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: 10.0.0.0/8 } }] }] }');
    const { stdout } = await run(['network', 'k8s', '--from', '10.0.0.0/7', '--to', 'x', '--port', '80'], {
      'k8s/a.yaml': workload('a/x') + block,
    });
    expect(stdout).toMatch(/^depends \[a\]/);
    expect(stdout.match(/do not treat all addresses of the range alike/g)).toHaveLength(1);
  });

  it('Pods behind one Service that answer differently are told apart, the denied first', async () => {
    const two = `${shop}${workload('shop/replica')}`
      .replaceAll('app: "replica"', 'app: db, role: replica')
      .replace('matchLabels: { app: db } }, policyTypes', 'matchLabels: { app: db, role: replica } }, policyTypes');
    const { stdout } = await run(['network', 'k8s', '--from', '1.1.1.1', '--to', 'svc/db', '--port', '15432'], {
      'k8s/a.yaml': two.replace('targetPort: sql', 'targetPort: 5432'),
    });
    expect(stdout).toMatch(/^depends: 1\.1\.1\.1 to shop\/Service\/db/);
    expect(stdout.indexOf('denied: 1.1.1.1 to shop/Deployment/replica')).toBeGreaterThan(0);
    expect(stdout.indexOf('denied: 1.1.1.1')).toBeLessThan(stdout.indexOf('allowed: 1.1.1.1 to shop/StatefulSet/db'));
  });

  it('--fail-on makes one answer an exit code', async () => {
    expect((await ask('--from', 'web', '--to', 'db', '--port', '5433', '--fail-on', 'denied')).code).toBe(1);
    expect((await ask('--from', 'web', '--to', 'db', '--port', '5432', '--fail-on', 'denied')).code).toBe(0);
  });

  it('JSON carries the places', async () => {
    const { stdout } = await ask('--from', 'web', '--to', 'db', '--port', '5432', '-f', 'json');
    const value = JSON.parse(stdout) as {
      verdict: string;
      pairs: { directions: { because: { file: string; line: number }[] }[] }[];
    };
    expect(value.verdict).toBe('allowed');
    expect(value.pairs[0]?.directions[1]?.because[0]).toMatchObject({ file: 'k8s/a.yaml' });
  });

  it.each<[string, readonly string[], string]>([
    ['an unknown name', ['--from', 'webb'], 'Did you mean web?'],
    ['an unknown name in a namespace', ['--from', 'shpo/web'], 'Did you mean shop/web'],
    ['an unknown Service', ['--to', 'svc/dd'], 'Did you mean svc/db'],
    ['an unknown namespace', ['--namespace', 'shap'], 'Namespaces with workloads: shop'],
    ['a port without ends', ['--port', '80'], '--port asks one question'],
    ['a port that no container names', ['--from', 'web', '--to', 'db', '--port', 'http'], 'It has: sql'],
    ['a port that the Service has not', ['--from', 'web', '--to', 'svc/db', '--port', '5432'], 'It has: 15432/TCP (pg)'],
    ['a port out of range', ['--from', 'web', '--to', 'db', '--port', '0'], 'ports are 1 to 65535'],
    ['a protocol that is none', ['--from', 'web', '--to', 'db', '--port', '80/HTTP'], 'TCP, UDP or SCTP'],
    ['--fail-on without a question', ['--fail-on', 'denied'], 'needs --from, --to and --port'],
  ])('%s', async (_, args, message) => {
    const { code, stdout, stderr } = await ask(...args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
  });

  it('an ambiguous name lists what it may be; a namespace settles it', async () => {
    const files = { 'k8s/a.yaml': workload('a/web') + workload('b/web') };
    const { code, stderr } = await run(['network', 'k8s', '--from', 'web'], files);
    expect(code).toBe(2);
    expect(stderr).toContain('a/Deployment/web, b/Deployment/web');
    expect((await run(['network', 'k8s', '--from', 'web', '-n', 'a'], files)).code).toBe(0);
  });
});

describe('live Pods whose controller no source holds', () => {
  const live = (name: string) =>
    workload(`shop/${name}`, '{ name: http, containerPort: 8080 }', 'Pod').replace(
      `labels: { app: "${name}" }`,
      'labels: { app: web }, ownerReferences: [{ apiVersion: apps/v1, kind: ReplicaSet, name: web-1, uid: u, controller: true }]',
    );
  const ingress = `---\napiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: { name: web, namespace: shop }\nspec: { defaultBackend: { service: { name: web, port: { number: 80 } } } }\n`;
  const yaml =
    live('web-1-a') +
    live('web-1-b') +
    service('shop/web', 'web', '{ port: 80, targetPort: http }') +
    ingress +
    workload('ops/agent');

  it('go by the controller: in rows, filters and the page', async () => {
    const all = await rows(yaml);
    expect(all.filter((row) => row.includes('/Pod/'))).toEqual([]);
    expect(all).toContain('{ingress-controller},shop/ReplicaSet/web-1,TCP,8080,allowed,unseen-peer');
    expect(await rows(yaml, '-n', 'shop')).toContain('ops/Deployment/agent,shop/ReplicaSet/web-1,TCP,*,allowed,');
    expect((await rows(yaml, '--from', 'shop/web-1'))[0]).toMatch(/^shop\/ReplicaSet\/web-1,/);
    expect(await rows(yaml, '--to', 'svc/web')).toContain('ops/Deployment/agent,shop/ReplicaSet/web-1,TCP,*,allowed,');
    const { stdout } = await run(['network', 'k8s'], { 'k8s/a.yaml': yaml });
    expect(stdout).toContain('Ingress shop/web to web-1 TCP 8080\n');
    expect(stdout).not.toContain('Pod/web-1');
  });
});

describe('cluster-wide policies', () => {
  const labelled = (name: string) => namespace(name).replace('metadata: { name', `metadata: { labels: { team: ${name} }, name`);
  const tiers = `---
apiVersion: policy.networking.k8s.io/v1alpha1
kind: AdminNetworkPolicy
metadata: { name: shut }
spec:
  priority: 10
  subject: { namespaces: { matchLabels: { team: shop } } }
  ingress:
    - { action: Allow, from: [{ namespaces: { matchLabels: { team: ops } } }], ports: [{ portNumber: { protocol: TCP, port: 9090 } }] }
    - { action: Deny, from: [{ namespaces: {} }] }
`;
  const yaml = labelled('shop') + labelled('ops') + workload('shop/web') + workload('ops/agent') + tiers;
  const ask = (...args: readonly string[]) => run(['network', 'k8s', ...args], { 'k8s/a.yaml': yaml });

  it('are in the rows, and what they act on is not called open', async () => {
    const { stdout } = await ask();
    expect(stdout).toMatch(/^2 workloads in 2 namespaces, no NetworkPolicy, 1 cluster-wide policy\./);
    expect(stdout).toMatch(/Deployment\/web +TCP 9090 +from ops\/agent\n/);
    expect(stdout).toMatch(
      /for ingress +ops\/agent: .*\n +shop\/web, which cluster-wide policies act on:\s+AdminNetworkPolicy shut/,
    );
  });

  it('decide a question with their rule, and the rules beside it are told', async () => {
    const { stdout } = await ask('--from', 'agent', '--to', 'web', '--port', '80');
    expect(stdout).toMatch(/^denied/);
    expect(stdout).toMatch(/ingress rule 2 of AdminNetworkPolicy shut \(priority 10\) denies it\n {4}k8s\/a\.yaml:\d+:\d+/);
    expect(stdout).toContain('ingress rule 1 of AdminNetworkPolicy shut (priority 10): the port is none of its ports');
  });
});

describe('what the sources do not say', () => {
  const yaml =
    workload('a/x') +
    policy('a/p', '{ podSelector: {}, policyTypes: [Egress], egress: [{ to: [{ ipBlock: { cidr: 10.0.0.0/8 } }] }] }') +
    workload('b/y');

  it('depends, with the assumption in a row and its sentence in the table; a profile settles it', async () => {
    expect(await rows(yaml)).toContain('a/Deployment/x,b/Deployment/y,TCP,*,depends,ipblock-matches-pods');
    const { stdout } = await run(['network', 'k8s', '--from', 'x'], { 'k8s/a.yaml': yaml });
    expect(stdout).toMatch(/every port perhaps \[a\] +to every workload \(2\)/);
    expect(stdout).toContain('[a] ipblock-matches-pods: An ipBlock matches the addresses of Pods');
    expect(
      (await rows(yaml, '--profile', 'cilium')).filter((row) => row.includes('b/Deployment/y,TCP') && row.startsWith('a/')),
    ).toEqual([]);
  });

  it('a file that cannot be read is named on stderr: no answer counts it', async () => {
    const { stderr, code, stdout } = await run(['network', 'k8s', '-f', 'csv'], {
      'k8s/a.yaml': yaml,
      'k8s/b.yaml': 'apiVersion: v1\nkind: [',
    });
    expect(stderr).toMatch(/^warning: k8s\/b\.yaml:2.*No answer counts what stands there\.\n$/s);
    expect([code, stdout.startsWith('source,')]).toEqual([0, true]);
  });

  it('rules for Pods that are in no source are told', async () => {
    const monitoring = policy(
      'a/m',
      '{ podSelector: {}, ingress: [{ from: [{ namespaceSelector: { matchLabels: { team: ops } }, podSelector: { matchLabels: { app: prometheus } } }], ports: [{ port: 9090 }] }] }',
    );
    const { stdout } = await run(['network', 'k8s'], {
      'k8s/a.yaml': namespace('a') + namespace('b') + workload('a/x') + workload('b/y') + monitoring,
    });
    expect(stdout).toMatch(/Pods with app=prometheus in namespaces with team=ops may connect to a\/x TCP\s+9090/);
  });

  it('a saved bundle is a path', async () => {
    const bundle = join(mkdtempSync(join(tmpdir(), 'seaworthy-')), 'a.bundle.gz');
    await run(['review', 'k8s', '--save', bundle], { 'k8s/a.yaml': shop });
    const direct = await run(['network', 'k8s', '-f', 'csv'], { 'k8s/a.yaml': shop });
    expect((await run(['network', bundle, '-f', 'csv'])).stdout).toBe(direct.stdout);
  });
});

describe('seaworthy network diff', () => {
  const diff = async (before: string, after: string, ...args: readonly string[]) =>
    (await run(['network', 'diff', 'old', 'new', ...args], { 'old/a.yaml': before, 'new/a.yaml': after })).stdout;
  const blocks = (...cidrs: readonly string[]) =>
    workload('a/x') +
    policy(
      'a/p',
      `{ podSelector: {}, policyTypes: [Egress], egress: [{ to: [${cidrs.map((cidr) => `{ ipBlock: { cidr: ${cidr} } }`).join(', ')}] }] }`,
    );
  const ports = (text: string) => workload('a/x') + policy('a/p', `{ podSelector: {}, ingress: [{ ports: [${text}] }] }`);

  it('equal states say so', async () => {
    expect(await diff(shop, shop)).toBe('The same connections are possible in both.\n');
    expect(await diff(shop, shop, '-f', 'csv')).toBe('change,source,destination,protocol,ports,verdict,assumptions\n');
    expect(await diff(shop, shop, '-f', 'json')).toBe('[]\n');
  });

  it('a range or ports that are cut differently are no difference', async () => {
    expect(await diff(blocks('10.0.0.0/8'), blocks('10.0.0.0/9', '10.128.0.0/9'))).toBe(
      'The same connections are possible in both.\n',
    );
    expect(await diff(ports('{ port: 80, endPort: 90 }'), ports('{ port: 80, endPort: 85 }, { port: 86, endPort: 90 }'))).toBe(
      'The same connections are possible in both.\n',
    );
  });

  it('only the part of a range, and of ports, that changes is told', async () => {
    expect((await diff(blocks('10.0.0.0/8'), blocks('10.0.0.0/9'), '-f', 'csv')).split('\n')).toContain(
      'removed,a/Deployment/x,10.128.0.0/9,TCP,*,allowed,',
    );
    const wider = await diff(ports('{ port: 80 }'), ports('{ port: 79, endPort: 81 }'), '-f', 'csv');
    expect(wider.split('\n')).toContain('added,a/Deployment/x,a/Deployment/x,TCP,"79,81",allowed,');
    expect(wider).not.toContain('removed');
  });

  it('a verdict that changes is neither added nor removed', async () => {
    const before =
      workload('a/x') +
      workload('b/y') +
      policy('a/p', '{ podSelector: {}, policyTypes: [Egress], egress: [{ to: [{ ipBlock: { cidr: 10.0.0.0/8 } }] }] }');
    const after =
      workload('a/x') +
      workload('b/y') +
      policy(
        'a/p',
        '{ podSelector: {}, policyTypes: [Egress], egress: [{ to: [{ ipBlock: { cidr: 10.0.0.0/8 } }, { namespaceSelector: {} }] }] }',
      );
    const lines = (await diff(before, after, '-f', 'csv')).split('\n');
    expect(lines).toContain('changed,a/Deployment/x,b/Deployment/y,TCP,*,allowed,');
    expect(await diff(before, after)).toContain('Certain now, where it depended on an assumption');
  });

  it('a path that does not exist is an error', async () => {
    const { code, stderr } = await run(['network', 'diff', 'old', 'nowhere'], { 'old/a.yaml': shop });
    expect([code, stderr.includes('nowhere')]).toEqual([2, true]);
  });
});

describe('hostile names', () => {
  const evil = ['=cmd|calc!A1', 'a\\"b', 'x,y', 'tab\\tx', 'esc\\u001b[31m', 'line\\nbreak', ']; drop', '<script>', 'a|b`c#d'];
  const yaml = evil.map((name) => workload(`shop/${name}`)).join('');
  const files = { 'k8s/a.yaml': yaml };

  it('CSV reads back as it was, formulas too', async () => {
    const cells = parseCsv((await run(['network', 'k8s', '-f', 'csv'], files)).stdout);
    for (const row of cells) expect(row).toHaveLength(6);
    const names = new Set(cells.map(([source]) => source));
    for (const name of ['=cmd|calc!A1', 'a"b', 'x,y', 'line\nbreak', '<script>'])
      expect(names).toContain(`shop/Deployment/${name}`);
  });

  it('JSON reads back as it was', async () => {
    const json = JSON.parse((await run(['network', 'k8s', '-f', 'json'], files)).stdout) as Readonly<Record<string, string>>[];
    expect(new Set(json.map(({ source }) => source))).toContain('shop/Deployment/esc\u001b[31m');
  });

  it.each(['table', 'csv', 'dot', 'mermaid', 'json'])('%s sends no control character to a terminal', async (format) => {
    const { stdout } = await run(['network', 'k8s', '-f', format], files);
    // oxlint-disable-next-line no-control-regex
    expect(stdout).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
  });

  it('DOT and Mermaid labels stay in their quotes', async () => {
    const dot = (await run(['network', 'k8s', '-f', 'dot'], files)).stdout.trimEnd().split('\n');
    for (const line of dot.slice(3, -1))
      expect(line).toMatch(/^ {2}n\d+( -> n\d+)? \[label="(?:[^"\\]|\\["\\])*"(, style=dashed)?\];$/);
    const mermaid = (await run(['network', 'k8s', '-f', 'mermaid'], files)).stdout.trimEnd().split('\n');
    for (const line of mermaid.slice(1))
      expect(line).toMatch(/^ {2}n\d+(?:\["[^"<>`|[\]]*"\]| (?:-->|-\.->)\|"[^"<>`|[\]]*"\| n\d+)$/);
  });

  it('an error about a hostile name is one line and a hint', async () => {
    const { stderr } = await run(['network', 'k8s', '--from', 'no\u001b[2J'], files);
    // oxlint-disable-next-line no-control-regex
    expect(stderr).not.toMatch(/\u001b/);
  });
});

describe('what cannot be relied on', () => {
  const broken = policy('shop/broken', '{ podSelector: {}, ingress: [{ from: [{}] }] }');

  it('a part that the API server refuses is told with its place', async () => {
    const { stdout } = await run(['network', 'k8s'], { 'k8s/a.yaml': namespace('shop') + workload('shop/web') + broken });
    expect(stdout).toMatch(
      /What the API server refuses of policies\n {2}NetworkPolicy shop\/broken: a peer needs a podSelector.*\n(?: {2}.*\n)* {4}k8s\/a\.yaml:\d+:\d+/,
    );
  });

  it('a question does not take a part that cannot be read for one that does not match', async () => {
    const misspelt = policy('shop/misspelt', '{ podSelector: {}, ingress: [{ form: [{ podSelector: {} }] }] }');
    const yaml = namespace('shop') + workload('shop/web') + workload('shop/db') + misspelt;
    const { stdout } = await run(['network', 'k8s', '--from', 'web', '--to', 'db', '--port', '80'], { 'k8s/a.yaml': yaml });
    expect(stdout).toMatch(/^depends/);
    expect(stdout).toContain('ingress rule 1 of NetworkPolicy shop/misspelt: the API server refuses a part of it');
    expect(stdout).not.toContain('none of its peers');
  });

  it('so are policies that nobody here evaluates', async () => {
    const cilium =
      '---\napiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: { name: l7, namespace: shop }\nspec: {}\n';
    const { stdout } = await run(['network', 'k8s'], { 'k8s/a.yaml': namespace('shop') + workload('shop/web') + cilium });
    expect(stdout).toMatch(
      /Policies that are not analysed\n {2}CiliumNetworkPolicy shop\/l7: it can open and close what is told here\n {4}k8s\/a\.yaml:\d+/,
    );
  });

  it('policies without workloads connect nobody', async () => {
    const { stdout, code } = await run(['network', 'k8s'], { 'k8s/a.yaml': broken });
    expect(code).toBe(0);
    expect(stdout).toContain('Without workloads there is nobody to connect');
    expect(stdout).toContain('What the API server refuses of policies');
    expect(stdout).not.toContain('nobody\n');
  });
});
