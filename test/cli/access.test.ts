import { describe, expect, it } from 'vitest';
import { filesOf, parseCsv } from './folders.ts';
import { run } from './host.ts';

const staging = 'examples/gravl/k8s/staging';
const gravl = filesOf(staging);
const production = filesOf('examples/gravl/k8s/production');

const rbac = 'apiVersion: rbac.authorization.k8s.io/v1';
const account = (id: string) => {
  const [namespace, name] = id.split('/');
  return `---\napiVersion: v1\nkind: ServiceAccount\nmetadata: { name: "${name}", namespace: ${namespace} }\n`;
};
const role = (id: string, ...rules: readonly string[]) => {
  const [namespace, name] = id.split('/');
  return name === undefined
    ? `---\n${rbac}\nkind: ClusterRole\nmetadata: { name: ${namespace} }\nrules: [${rules.join(', ')}]\n`
    : `---\n${rbac}\nkind: Role\nmetadata: { name: ${name}, namespace: ${namespace} }\nrules: [${rules.join(', ')}]\n`;
};
const rule = (verbs: string, resources: string, group = '""', more = '') =>
  `{ apiGroups: [${group}], resources: [${resources}], verbs: [${verbs}]${more} }`;
/** A binding `namespace/name`, or of the cluster where there is no slash. */
const binding = (id: string, to: string, subject: string) => {
  const [namespace, name] = id.split('/');
  const place = name === undefined ? `{ name: ${namespace} }` : `{ name: ${name}, namespace: ${namespace} }`;
  const kind = name === undefined ? 'ClusterRoleBinding' : 'RoleBinding';
  const [roleKind, roleName] = to.split(' ');
  return `---\n${rbac}\nkind: ${kind}\nmetadata: ${place}\nroleRef: { apiGroup: rbac.authorization.k8s.io, kind: ${roleKind}, name: ${roleName} }\nsubjects: [${subject}]\n`;
};
const sa = (id: string) => {
  const [namespace, name] = id.split('/');
  return `{ kind: ServiceAccount, name: "${name}", namespace: ${namespace} }`;
};

const shop = [
  account('shop/deployer'),
  account('shop/reader'),
  role('shop/reader', rule('get, list', 'pods, pods/log'), rule('get', 'secrets', '""', ', resourceNames: [tls]')),
  binding('shop/reader', 'Role reader', sa('shop/reader')),
  role('nodes', rule('get', 'nodes'), '{ nonResourceURLs: [/metrics], verbs: [get] }'),
  binding('nodes', 'ClusterRole nodes', sa('shop/reader')),
  binding('shop/devs', 'ClusterRole view', '{ kind: Group, name: devs }'),
].join('');
const files = { 'k8s/a.yaml': shop };

describe('seaworthy access', () => {
  it.each<[string, readonly string[]]>([
    ['access-staging.txt', [staging]],
    ['access-staging-deployer.txt', ['gravl-staging/gravl-deployer', staging]],
    ['access-staging-deployer.csv', ['gravl-staging/gravl-deployer', staging, '-f', 'csv']],
    ['access-staging-secrets.txt', ['who-can', 'get', 'secrets', staging]],
    ['access-staging-escalations.txt', ['escalations', staging]],
    ['access-staging-escalations.dot', ['escalations', staging, '-f', 'dot']],
    ['access-staging-escalations.mmd', ['escalations', staging, '-f', 'mermaid']],
    ['access-diff.txt', ['diff', staging, 'examples/gravl/k8s/production']],
  ])('Gravl: %s', async (file, args) => {
    const { stdout, stderr, code } = await run(['access', ...args], { ...gravl, ...production });
    expect([stderr, code]).toEqual(['', 0]);
    await expect(stdout).toMatchFileSnapshot(`golden/${file}`);
  });

  it('the ways to more of staging fit on one screen, with their places and what would cut them', async () => {
    const { stdout } = await run(['access', 'escalations', staging], gravl);
    const lines = stdout.trimEnd().split('\n');
    expect(lines.length).toBeLessThanOrEqual(45);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100);
    expect(lines[2]).toBe('ServiceAccount gravl-staging/gravl-deployer');
    expect(lines[3]).toMatch(/critical +root on a node/);
    expect(stdout).toMatch(/rbac\.yaml:\d+:\d+/);
    expect(stdout).toContain('cut: enforce the Pod Security level baseline or restricted in Namespace gravl-staging');
  });
});

describe('one subject', () => {
  it('who runs commands in Pods is not said to hold every Secret of the namespace', async () => {
    const may = async (verbs: string, resources: string, group?: string) => {
      const yaml = namespaced + role('shop/r', rule(verbs, resources, group)) + binding('shop/b', 'Role r', sa('shop/a'));
      return (await run(['access', 'escalations', 'k8s'], { 'k8s/a.yaml': yaml })).stdout;
    };
    const namespaced = account('shop/a') + account('shop/b');
    expect(await may('create', 'pods/exec')).toMatch(/high +namespace shop \[E13\]/);
    expect(await may('create', 'deployments', 'apps')).toMatch(/every ServiceAccount, Secret and Pod of shop \[E11\]/);
  });

  it('what its rights come to with kubectl, place by place', async () => {
    const granted = (rules: readonly string[], to: (name: string) => string) => [role('shop/r', ...rules), to('r')].join('');
    const ask = async (...rules: readonly string[]) => {
      const yaml = account('shop/a') + granted(rules, (name) => binding('shop/b', `Role ${name}`, sa('shop/a')));
      return (await run(['access', 'shop/a', 'k8s'], { 'k8s/a.yaml': yaml })).stdout;
    };
    expect(await ask(rule('get', 'pods, pods/log'), rule('create', 'pods/exec'))).toContain('\n  with kubectl: exec; logs\n');
    expect(await ask(rule('get, patch', 'deployments', 'apps'))).toContain('\n  with kubectl: apply deployments\n');
    // kubectl reads the Pod first, and a watch alone suffices for nothing.
    expect(await ask(rule('create', 'pods/exec'))).not.toContain('with kubectl');
    expect(await ask(rule('watch', 'pods'))).not.toContain('with kubectl');
    const nodes = [
      rule('get, patch', 'nodes'),
      rule('list', 'pods'),
      rule('get', 'daemonsets', 'apps'),
      rule('create', 'pods/eviction'),
    ];
    const yaml = account('shop/a') + role('ops', ...nodes) + binding('ops', 'ClusterRole ops', sa('shop/a'));
    const { stdout } = await run(['access', 'shop/a', 'k8s'], { 'k8s/a.yaml': yaml });
    expect(stdout).toContain('\n  with kubectl: drain nodes\n');
  });

  const ask = (...args: readonly string[]) => run(['access', ...args], files);

  it.each(['shop/reader', 'reader', 'system:serviceaccount:shop:reader', 'user:system:serviceaccount:shop:reader'])(
    '%s is the ServiceAccount',
    async (name) => {
      expect((await ask(name, 'k8s')).stdout).toMatch(/^ServiceAccount shop\/reader\n/);
    },
  );

  it('rights are told by place, with the rule and the binding that give them', async () => {
    const { stdout } = await ask('reader', 'k8s');
    expect(stdout).toMatch(
      /In shop\n {2}get, list: pods, pods\/log\n {6}Role reader k8s\/a\.yaml:\d+:\d+, by RoleBinding\s+reader k8s\/a\.yaml:\d+:\d+/,
    );
    expect(stdout).toContain('  get: secrets named tls\n');
    expect(stdout).toMatch(/In the whole cluster\n {2}get: nodes\n[\s\S]*\n {2}get: \/metrics\n/);
    expect(stdout).toContain('no workload of the sources runs as it');
  });

  it('users and groups may be called that no binding names', async () => {
    expect((await ask('user:eve', 'k8s')).stdout).toContain('no binding of the sources names it');
    expect((await ask('group:devs', 'k8s')).stdout).toMatch(/In shop\n/);
    expect((await ask('user:eve', 'k8s', '--group', 'devs')).stdout).toMatch(/by Group devs, RoleBinding/);
  });

  it('what is written and has no effect is told', async () => {
    const yaml =
      account('a/x') + role('a/r', rule('get, LIST', 'pods'), rule('get', 'nodes')) + binding('a/b', 'Role r', sa('a/x'));
    const { stdout } = await run(['access', 'a/x', 'k8s'], { 'k8s/a.yaml': yaml });
    expect(stdout).toMatch(/Written, and without effect\n[\s\S]*verbs are lower case[\s\S]*nodes are cluster-scoped/);
    expect(stdout).not.toMatch(/In a\n[\s\S]*get: nodes\n/);
  });

  it('a role that no source holds makes it unknown what it may do', async () => {
    const yaml = account('a/x') + binding('a/b', 'ClusterRole elsewhere', sa('a/x'));
    const { stdout } = await run(['access', 'a/x', 'k8s'], { 'k8s/a.yaml': yaml });
    expect(stdout).toContain('Bound to roles whose rules are not known');
    expect(stdout).toContain('ClusterRole elsewhere is not in the sources');
    const { stdout: csv } = await run(['access', 'a/x', 'k8s', '-f', 'csv'], { 'k8s/a.yaml': yaml });
    expect(parseCsv(csv).some((cells) => cells.includes('unknown') && cells.includes('ClusterRole elsewhere'))).toBe(true);
  });

  it('JSON has one object a rule, with lists', async () => {
    const value = JSON.parse((await ask('reader', 'k8s', '-f', 'json')).stdout) as Readonly<Record<string, unknown>>[];
    expect(value).toContainEqual(
      expect.objectContaining({
        subject: 'shop/reader',
        namespace: 'shop',
        verbs: ['get'],
        resourceNames: ['tls'],
        effective: true,
      }),
    );
    expect(value).toContainEqual(expect.objectContaining({ namespace: '*', nonResourceURLs: ['/metrics'] }));
  });

  it.each<[string, readonly string[], string]>([
    ['an unknown account', ['shop/reeder', 'k8s'], 'Did you mean shop/reader?'],
    ['a bare name', ['deploye', 'k8s'], 'Did you mean shop/deployer?'],
    ['a name that nothing is like', ['zzz', 'k8s'], 'Name a ServiceAccount (shop/deployer), user:NAME or group:NAME.'],
    ['no path', ['shop/reader'], 'no seaworthy.yaml here'],
    ['a path that does not exist', ['shop/reader', 'nowhere'], 'nowhere'],
    [
      'an unknown subject of escalations',
      ['escalations', 'k8s', '--from', 'shop/nobody'],
      'No binding, workload or ServiceAccount',
    ],
    ['an unknown resource', ['who-can', 'get', 'podz', 'k8s'], 'Did you mean pods?'],
    ['a resource of an add-on without its group', ['who-can', 'get', 'frobnicators', 'k8s'], 'widgets.example.com'],
  ])('%s', async (_, args, message) => {
    const { code, stdout, stderr } = await ask(...args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
  });

  it('an ambiguous name lists what it may be', async () => {
    const { code, stderr } = await run(['access', 'x', 'k8s'], { 'k8s/a.yaml': account('a/x') + account('b/x') });
    expect(code).toBe(2);
    expect(stderr).toContain('a/x, b/x');
  });
});

describe('who can', () => {
  it('2.2.15 patch its own Namespace, which is allowed in that namespace alone', async () => {
    const yaml =
      account('shop/a') + role('own', rule('patch', 'namespaces')) + binding('shop/own', 'ClusterRole own', sa('shop/a'));
    const ask = async (name: string) =>
      (await run(['access', 'who-can', 'patch', 'namespaces', '--name', name, 'k8s', '-f', 'csv'], { 'k8s/a.yaml': yaml }))
        .stdout;
    expect(await ask('shop')).toContain('shop/a,shop,true,false,ClusterRole own');
    expect(await ask('ops')).not.toContain('shop/a');
  });

  const who = async (...args: readonly string[]) => {
    const { stdout, code } = await run(['access', 'who-can', ...args, 'k8s', '-f', 'csv'], files);
    expect(code).toBe(0);
    return parseCsv(stdout)
      .slice(1)
      .filter(([, , , byDefault]) => byDefault !== 'true')
      .map(([subject, namespace]) => `${subject} in ${namespace}`);
  };

  it.each<[readonly string[], readonly string[]]>([
    [
      ['list', 'pods'],
      ['group:devs in shop', 'shop/reader in shop'],
    ],
    [['list', 'pods', '-n', 'other'], []],
    [
      ['get', 'pods/log', '-n', 'shop'],
      ['group:devs in shop', 'shop/reader in shop'],
    ],
    [['get', 'secrets'], []],
    [['get', 'secrets', '--name', 'tls'], ['shop/reader in shop']],
    [['get', 'nodes'], ['shop/reader in *']],
    [['get', '/metrics'], ['shop/reader in *']],
    [['get', 'deployments.apps'], ['group:devs in shop']],
    [['get', 'deployments'], ['group:devs in shop']],
    [['get', 'deployments.apps/scale'], ['group:devs in shop']],
    [['delete', 'pods'], []],
  ])('%s', async (args, expected) => {
    expect(await who(...args)).toEqual(expected);
  });

  it('whoever may do it everywhere is told once', async () => {
    const yaml =
      account('a/x') +
      role('wide', rule('get', 'pods')) +
      binding('wide', 'ClusterRole wide', sa('a/x')) +
      binding('b/again', 'ClusterRole wide', sa('a/x'));
    const { stdout } = await run(['access', 'who-can', 'get', 'pods', 'k8s'], { 'k8s/a.yaml': yaml });
    expect(stdout.match(/ServiceAccount a\/x/g)).toHaveLength(1);
    expect(stdout).toContain('ServiceAccount a/x, everywhere');
  });

  it('a role that cannot be seen makes it a perhaps', async () => {
    const yaml = account('a/x') + binding('a/b', 'ClusterRole elsewhere', sa('a/x'));
    const { stdout } = await run(['access', 'who-can', 'get', 'pods', 'k8s'], { 'k8s/a.yaml': yaml });
    expect(stdout).toMatch(
      /No binding of the sources lets anybody get pods\n[\s\S]*Who perhaps can: a role is not known\n {2}ServiceAccount a\/x, in a/,
    );
  });

  it('bindings that no source shows are named as an assumption', async () => {
    expect((await run(['access', 'who-can', 'get', 'pods', 'k8s'], files)).stdout).toMatch(
      /takes for granted that\n {2}there is no /,
    );
  });
});

describe('seaworthy access diff', () => {
  const diff = async (before: string, after: string, ...args: readonly string[]) =>
    (await run(['access', 'diff', 'old', 'new', ...args], { 'old/a.yaml': before, 'new/a.yaml': after })).stdout;
  const grant = (...rules: readonly string[]) => account('a/x') + role('a/r', ...rules) + binding('a/b', 'Role r', sa('a/x'));

  it('equal states say so', async () => {
    expect(await diff(shop, shop)).toBe('The same is allowed in both, and leads to the same.\n');
    expect(await diff(shop, shop, '-f', 'csv')).toBe('change,what,subject,namespace,detail,severity\n');
  });

  it('a rule in two pieces, or under another binding, is no difference', async () => {
    const one = grant(rule('get, list', 'pods, services'));
    const two = grant(rule('get', 'pods, services'), rule('list', 'pods'), rule('list', 'services')).replace(
      'name: b,',
      'name: c,',
    );
    expect(await diff(one, two)).toBe('The same is allowed in both, and leads to the same.\n');
  });

  it('what a wildcard covered already is no addition', async () => {
    const star = grant(rule('"*"', 'configmaps'));
    expect(await diff(star, grant(rule('"*"', 'configmaps'), rule('get', 'configmaps')))).toContain(
      'The same is allowed in both',
    );
    expect(await diff(grant(rule('get', 'configmaps')), star)).toMatch(/\+ a\/x: \* on configmaps in a/);
  });

  it('added and removed rights, and what they lead to', async () => {
    const lines = (await diff(grant(rule('get', 'pods')), grant(rule('create', 'pods')), '-f', 'csv')).split('\n');
    expect(lines).toContain('added,permission,a/x,a,create on pods,');
    expect(lines).toContain('removed,permission,a/x,a,get on pods,');
    expect(lines.some((line) => line.startsWith('added,escalation,a/x,a,namespace:a,'))).toBe(true);
  });

  it('what is written and has no effect is no right', async () => {
    const dead = grant(rule('get', 'pods'), rule('get', 'pods, nodes'), rule('get, LIST', 'pods'));
    expect(await diff(grant(rule('get', 'pods')), dead)).toBe('The same is allowed in both, and leads to the same.\n');
  });

  it('a name that is taken away is a narrower right', async () => {
    const named = grant(rule('get', 'secrets', '""', ', resourceNames: [tls]'));
    const lines = (await diff(grant(rule('get', 'secrets')), named, '-f', 'csv')).split('\n');
    expect(lines).toContain('removed,permission,a/x,a,get on secrets,');
    expect(lines.filter((line) => line.startsWith('added,permission'))).toEqual([]);
  });
});

describe('hostile names', () => {
  const evil = ['=HYPERLINK(1)', 'a\\"b', 'x,y', 'esc\\u001b[31m', 'line\\nbreak', '<b>`|#'];
  const yaml = evil
    .map(
      (name, index) =>
        account(`a/${name}`) +
        role(`a/r${index}`, rule('create', 'pods')) +
        binding(`a/b${index}`, `Role r${index}`, sa(`a/${name}`)),
    )
    .join('');
  const hostile = { 'k8s/a.yaml': yaml };

  it.each(['table', 'csv', 'dot', 'mermaid', 'json'])(
    'escalations as %s send no control character to a terminal',
    async (format) => {
      const { stdout, code } = await run(['access', 'escalations', 'k8s', '-f', format], hostile);
      expect(code).toBe(0);
      // oxlint-disable-next-line no-control-regex
      expect(stdout).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
    },
  );

  it('CSV reads back with the names as they were, formulas too', async () => {
    const cells = parseCsv((await run(['access', 'escalations', 'k8s', '-f', 'csv'], hostile)).stdout);
    for (const row of cells) expect(row).toHaveLength(cells[0]?.length ?? 0);
    const subjects = new Set(cells.map(([subject]) => subject));
    for (const name of ['=HYPERLINK(1)', 'a"b', 'x,y', 'line\nbreak']) expect(subjects).toContain(`a/${name}`);
  });

  it('labels of graphs stay in their quotes', async () => {
    const dot = (await run(['access', 'escalations', 'k8s', '-f', 'dot'], hostile)).stdout.trimEnd().split('\n');
    for (const line of dot.slice(3, -1))
      expect(line).toMatch(/^ {2}n\d+( -> n\d+)? \[label="(?:[^"\\]|\\["\\])*"(, style=dashed)?\];$/);
    const mermaid = (await run(['access', 'escalations', 'k8s', '-f', 'mermaid'], hostile)).stdout.trimEnd().split('\n');
    for (const line of mermaid.slice(1))
      expect(line).toMatch(/^ {2}n\d+(?:\["[^"<>`|[\]]*"\]| (?:-->|-\.->)\|"[^"<>`|[\]]*"\| n\d+)$/);
  });

  it('a name with a line break stays on its line of the table', async () => {
    const { stdout } = await run(['access', 'escalations', 'k8s'], hostile);
    expect(stdout).toContain('ServiceAccount a/line break');
  });
});
