import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { argv, exit } from 'node:process';
import { gateIds } from '../src/model/gate.ts';
import { camelCase, registryText } from './registry.ts';

/** `npm run new:check <gate> <id>`: the three files of a check and its line in the registry. */
const [gate = '', id = ''] = argv.slice(2);
const isGate = (gateIds as readonly string[]).includes(gate);
if (!isGate || !/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(id)) {
  console.error(
    `usage: npm run new:check <gate> <id>\n  gates: ${gateIds.join(', ')}\n  id: a kebab-case noun that names the subject, for example image-age`,
  );
  exit(2);
}
const root = join(import.meta.dirname, '..');
const folder = join(root, 'src', 'checks', gate);
const name = camelCase(id);
if (existsSync(join(folder, `${id}.ts`))) {
  console.error(`${gate}/${id} exists already`);
  exit(2);
}
mkdirSync(folder, { recursive: true });
const write = (path: string, text: string) => writeFileSync(join(folder, path), text);

write(
  `${id}.ts`,
  `import { workloads } from '../../facts/workloads.ts';
import { defineCheck } from '../define-check.ts';

export const ${name} = defineCheck({
  id: '${id}',
  gate: '${gate}',
  level: 'advisory',
  title: 'Every workload is named',
  rationale: 'Say what happens to whom without it.',
  remedy: 'mend-input',
  references: ['https://kubernetes.io/docs/'],
  decidedBy: 'manifests',
  attestable: false,
  whenToWaive: 'Say when it is reasonable to accept a finding.',
  needs: { workloads },
  parameters: {},
  messages: {
    missing: '{workload} is not named.',
    present: '{workload} is named.',
  },
  looksFor: ['*'],
  *targets({ workloads }) {
    for (const workload of workloads.system) yield { ref: workload.ref, object: workload.object, workload };
  },
  assess({ workload }, _, say) {
    const data = { workload: workload.ref.name };
    return workload.ref.name === '' ? say.fail('missing', data) : say.pass('present', data);
  },
});
`,
);
write(
  `${id}.examples.yaml`,
  `- name: a workload with a name
  outcome: pass
  message: present
  objects: |
    apiVersion: v1
    kind: Pod
    metadata: { name: web, namespace: shop }
    spec:
      containers: [{ name: web, image: registry.example/web:1.2.3 }]
- name: no workload in the sources
  outcome: unknown
  message: unseen-targets
  objects: |
    apiVersion: v1
    kind: ConfigMap
    metadata: { name: settings, namespace: shop }
`,
);
write(
  `${id}.test.ts`,
  `import { describe, expect, it } from 'vitest';
import { examine, verdicts } from '../testing.ts';
import { ${name} } from './${id}.ts';

describe('${id}', () => {
  it.each([['a bare Pod is a workload', 'apiVersion: v1\\nkind: Pod\\nmetadata: { name: web }\\nspec: { containers: [{ name: web }] }', ['pass present Pod/web']]])('%s', (_, objects, expected) => {
    expect(verdicts(examine(${name}, { objects }))).toEqual(expected);
  });
});
`,
);

writeFileSync(join(root, 'src', 'checks', 'index.ts'), registryText(root));
console.log(`Wrote src/checks/${gate}/${id}.{ts,examples.yaml,test.ts} and its line in src/checks/index.ts.
Edit the three files, then: npm run generate && npx vitest run src/checks/${gate}/${id} test/examples.test.ts`);
