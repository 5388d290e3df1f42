import { stringify } from 'yaml';
import type { LoadLimits, LoadScenario } from '../../evidence/declared.ts';
import { SeaworthyError } from '../../model/errors.ts';
import { steadyMs } from '../run.ts';
import { emitK6Script, rowsJson, type ScriptOptions, variablesOf } from './emit-script.ts';
import { type Layout, layOut } from './layout.ts';

export interface OperatorOptions extends Omit<ScriptOptions, 'runners' | 'rowsFile'> {
  /** Name of the TestRun; what belongs to it begins with it. */
  readonly name: string;
  readonly namespace?: string;
  readonly runners: number;
  /** Each runner on a node of its own. */
  readonly separate?: boolean;
  /** Image of k6. Default `grafana/k6:1.8.1`, the version that emitted scripts were tried with. */
  readonly image?: string;
  /** Rows of the scenario's data, where it has some. */
  readonly rows?: readonly Readonly<Record<string, string>>[];
}

interface Parts extends OperatorOptions {
  readonly variables: readonly string[];
  readonly files: Readonly<Record<string, string>>;
  readonly totalS: number;
  readonly memoryMib: number;
}

/** Kubernetes refuses a larger ConfigMap. */
const mostBytes = 1_048_576;
const scriptFile = 'load-test.js';
const rowsFile = 'rows.json';

/**
 * The manifests that run a scenario on k6-operator: a ConfigMap with its script and a TestRun (k6.io/v1alpha1), as YAML with the commands that
 * follow. The operator gives each runner its execution segment, so the script holds the whole rate. Values of variables stay in a Secret
 * that this does not write. Throws SW_LOAD_PLAN where the manifests cannot be made.
 */
export function emitK6Operator(scenario: LoadScenario, limits: LoadLimits, options: OperatorOptions): string {
  requireName(options);
  const { rows, runners } = options;
  const script = emitK6Script(scenario, limits, { ...options, ...(rows === undefined ? {} : { rowsFile }) });
  const layout = layOut(scenario, limits, runners);
  const parts: Parts = {
    ...options,
    variables: variablesOf(scenario, options.target),
    files: { [scriptFile]: script, ...(rows === undefined ? {} : { [rowsFile]: rowsJson(rows) }) },
    totalS: Math.ceil((scenario.warmupMs + steadyMs(scenario) + scenario.timeoutMs * (scenario.setup.length + 1)) / 1000),
    memoryMib: memoryOf(layout, runners),
  };
  requireSize(parts);
  const objects = [configMap(parts), testRun(parts)].map((object) =>
    stringify(object, { lineWidth: 0, aliasDuplicateObjects: false }),
  );
  return `${commands(parts)}${objects.join('---\n')}`;
}

/**
 * Measured with 2,400 virtual users: 730 MB, and k6 keeps every latency, nine numbers of 8 bytes for each request. A runner that has no
 * memory left ends in the middle of its part, so there is half as much again.
 */
function memoryOf({ users, planned }: Layout, runners: number): number {
  const mib = 100 + (users * 0.3 + (planned.warmup + planned.steady) * 72e-6) / runners;
  return Math.ceil((mib * 1.5) / 128) * 128;
}

function requireName({ name, namespace, runners }: OperatorOptions): void {
  const fail = (message: string, hint: string) => new SeaworthyError('SW_LOAD_PLAN', message, { hint });
  // Jobs and Services of the operator append to the name, and must stay within 63 characters.
  if (!/^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$/.test(name))
    throw fail(
      'The name of the TestRun is none that Kubernetes takes.',
      'Up to 40 lower-case letters, digits and "-": gravl-load.',
    );
  if (namespace !== undefined && !/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(namespace))
    throw fail('The namespace has no name that Kubernetes takes.', 'Up to 63 lower-case letters, digits and "-".');
  if (!Number.isInteger(runners) || runners < 1 || runners > 1_000)
    throw fail('The number of runners is none that can be used.', 'Give a whole number from 1 to 1000.');
}

function requireSize({ files, name }: Parts): void {
  const bytes = Object.values(files).reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  if (bytes <= mostBytes) return;
  throw new SeaworthyError('SW_LOAD_PLAN', `The script and its rows have ${bytes} bytes, and a ConfigMap holds ${mostBytes}.`, {
    hint: `Take fewer rows. Or write both files with --emit k6, put them on a PersistentVolumeClaim, and name it in the TestRun: script: { volumeClaim: { name: ${name}, file: ${scriptFile} } }.`,
  });
}

const labelsOf = ({ name }: OperatorOptions) => ({
  'app.kubernetes.io/name': name,
  'app.kubernetes.io/component': 'load-test',
});

const metadataOf = (name: string, options: OperatorOptions) => ({
  name,
  ...(options.namespace === undefined ? {} : { namespace: options.namespace }),
  labels: labelsOf(options),
});

const scriptName = (name: string): string => `${name}-script`;
const secretName = (name: string): string => `${name}-variables`;

const configMap = (parts: Parts) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: metadataOf(scriptName(parts.name), parts),
  data: parts.files,
});

const restricted = {
  // Types of the resource definition: this one is a text.
  automountServiceAccountToken: 'false',
  containerSecurityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
};
const seccomp = { seccompProfile: { type: 'RuntimeDefault' } };

function testRun(parts: Parts) {
  const { name, runners, separate, image = 'grafana/k6:1.8.1', variables, memoryMib } = parts;
  const memory = `${memoryMib}Mi`;
  return {
    apiVersion: 'k6.io/v1alpha1',
    kind: 'TestRun',
    metadata: metadataOf(name, parts),
    spec: {
      parallelism: runners,
      ...(separate === true ? { separate } : {}),
      script: { configMap: { name: scriptName(name), file: scriptFile } },
      arguments: '--no-usage-report',
      runner: {
        image,
        metadata: { labels: labelsOf(parts) },
        ...restricted,
        securityContext: { runAsNonRoot: true, ...seccomp },
        env: [
          { name: 'K6_AUTO_EXTENSION_RESOLUTION', value: 'false' },
          ...variables.map((variable) => ({
            name: variable,
            valueFrom: { secretKeyRef: { name: secretName(name), key: variable } },
          })),
        ],
        resources: { requests: { cpu: '1', memory }, limits: { memory } },
      },
      // Its image names its user by name, which runAsNonRoot alone would refuse.
      starter: { ...restricted, securityContext: { runAsNonRoot: true, runAsUser: 65534, ...seccomp } },
    },
  };
}

function commands({ name, namespace, variables, rows, runners, totalS, separate }: Parts): string {
  const inNamespace = namespace === undefined ? '' : ` -n ${namespace}`;
  const pods = `kubectl get pods${inNamespace} -l k6_cr=${name},runner=true`;
  const lines = [
    `A load test by Seaworthy on ${runners} runners of k6-operator. Save this text as ${name}.yaml.`,
    '',
    'Pin the image by digest. Run it away from the nodes of the target, with nodeSelector or tolerations under spec.runner.',
    ...(separate === true ? [`Each runner needs a node of its own: ${runners} nodes with room, or it never begins.`] : []),
    ...(rows === undefined ? [] : ['The ConfigMap holds the rows of data: whoever may read ConfigMaps reads them.']),
    'Never add cleanup: post, which deletes the results with the Pods.',
    '',
    ...(variables.length === 0
      ? []
      : [
          `Values of ${variables.join(', ')}, one NAME=value to a line in a file:`,
          `     kubectl create secret generic ${secretName(name)}${inNamespace} --from-env-file=FILE`,
        ]),
    'Start it, and wait. That it finished does not say that it succeeded; collect tells.',
    `     kubectl apply${inNamespace} --server-side -f ${name}.yaml`,
    `     kubectl wait${inNamespace} testrun/${name} --for=jsonpath='{.status.stage}'=finished --timeout=${totalS + 300}s`,
    'Collect the results of all runners, with their exit codes:',
    `     ${pods} -o json > ${name}-pods.json`,
    `     for pod in $(${pods} -o name); do kubectl logs${inNamespace} "$pod" -c k6 > "\${pod##*/}.log"; done`,
    `     seaworthy load collect ${name}-pods.json ${name}-*.log --runners ${runners} -o ${name}.load-test.json`,
    'Then delete it:',
    `     kubectl delete${inNamespace} -f ${name}.yaml`,
  ];
  return `${lines.map((line) => (line === '' ? '#' : `# ${line}`)).join('\n')}\n`;
}
