/**
 * The architecture, enforced. A module imports only to its left in `model, kube, evidence, facts, checks, remedies, standard,
 * verdict, review`; beside that line stand gather, load, config, report, sign and cli. Each rule says why.
 */
const line = ['model', 'kube', 'evidence', 'facts', 'checks', 'remedies', 'standard', 'verdict'];
const test = '\\.test\\.ts$';
const notTest = [test, '/testing\\.ts$', '/fixture\\.ts$', '/memory-io\\.ts$'];

const folder = (name) => `^src/${name}/`;
const leftOnly = line.map((name, index) => ({
  name: `${name}-imports-only-to-its-left`,
  comment: `Data flows one way. src/${name} may import ${['itself', ...line.slice(0, index)].join(', ')}. Move the shared part to the left, or pass the value in.`,
  severity: 'error',
  from: { path: folder(name), pathNot: notTest },
  to: { path: '^src/', pathNot: line.slice(0, index + 1).map(folder) },
}));

const side = (name, sees, why) => ({
  name: `${name}-sees-${sees.at(-1)}`,
  comment: why,
  severity: 'error',
  from: { path: folder(name), pathNot: notTest },
  to: { path: '^src/', pathNot: [name, ...sees].map(folder) },
});

const io =
  '^(node:)?(fs|fs/promises|child_process|net|http|http2|https|tls|dgram|dns|dns/promises|worker_threads|process|os|readline)$';

export default {
  forbidden: [
    ...leftOnly,
    side('gather', ['model', 'kube', 'evidence'], 'Gatherers collect; they judge nothing, so they need no fact and no check.'),
    side('load', ['model', 'kube', 'evidence'], 'Load engines measure; the performance gate judges.'),
    side(
      'config',
      ['model', 'kube', 'evidence', 'load', 'facts', 'checks', 'remedies', 'standard'],
      'The review file may name checks, remedies, levels and the templates of a load test, and nothing further right.',
    ),
    side('report', ['model'], 'Reporters are pure functions of the result: what they need, the result carries.'),
    {
      name: 'nobody-imports-the-cli',
      comment: 'The command line is an edge. What others need of it belongs further left.',
      severity: 'error',
      from: { pathNot: '^src/cli/' },
      to: { path: '^src/cli/' },
    },
    {
      name: 'no-check-imports-a-check',
      comment: 'What two checks share is a fact: derive it once in src/facts.',
      severity: 'error',
      from: { path: '^src/checks/([^/]+)/([^/]+)\\.ts$', pathNot: notTest },
      to: { path: '^src/checks/[^/]+/', pathNot: '^src/checks/$1/$2\\.(ts|examples\\.yaml)$' },
    },
    {
      name: 'io-only-at-the-edge',
      comment:
        'A review is a pure function of the bundle. Files, processes and sockets are touched behind gather/io.ts, by the evidence store, by load engines and by the host.',
      severity: 'error',
      from: {
        path: '^src/',
        pathNot: [
          '^src/gather/node-io\\.ts$',
          '^src/evidence/store\\.ts$',
          '^src/load/',
          '^src/sign/',
          '^src/cli/host\\.ts$',
          ...notTest,
        ],
      },
      to: { path: io },
    },
    {
      name: 'no-cycles',
      comment: 'A cycle means that two modules are one, or that a third is missing.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-test-code-in-src',
      comment: 'Builders and fakes are for tests.',
      severity: 'error',
      from: { path: '^src/', pathNot: notTest },
      to: { path: ['^test/', test, '/testing\\.ts$', '/fixture\\.ts$', '/memory-io\\.ts$'] },
    },
    {
      name: 'no-dev-dependency-in-src',
      comment: 'The published package has only its dependencies.',
      severity: 'error',
      from: { path: '^src/', pathNot: notTest },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], pathNot: '@types' },
    },
    {
      name: 'resolvable',
      comment: 'An import that leads nowhere.',
      severity: 'error',
      from: {},
      // Packages of types alone resolve to nothing that runs.
      to: { couldNotResolve: true, pathNot: '^sarif$' },
    },
  ],
  options: {
    parser: 'swc',
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)__snapshots__/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
      extensions: ['.ts', '.js', '.mjs', '.json'],
    },
  },
};
