import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checks } from '../../src/checks/index.ts';
import { examine } from '../../src/checks/testing.ts';
import type { Assessment } from '../../src/model/judgement.ts';
import { type Answer, divergences } from './polaris-divergences.ts';

/** Objects by question, with the answer of another tool in the file's name; beside the checkout where it is present at all. */
const corpus = join(import.meta.dirname, '../../../shared/corpora/polaris-checks');

/** Each folder is one question. That tool reads the files as the whole world, so absence means absence here too. */
const complete = ['*'];

interface Mapping {
  /** Our checks that answer the question of the folder. */
  readonly checks: readonly string[];
  /** What of their answers corresponds: a pattern of the message or of a step of its proof. Absent: any failure does. */
  readonly about?: RegExp;
  /** What the question takes for granted and the files lack. */
  readonly beside?: (text: string) => string;
  /** Files that ask the same as our checks, where the others do not. */
  readonly only?: { readonly files: RegExp; readonly why: string };
}

const podSecurity = (about: RegExp): Mapping => ({ checks: ['pod-security-standard'], about });
const takeover: Mapping = { checks: ['cluster-escalation', 'namespace-escalation', 'dangling-binding'] };
const administrator: Mapping = { checks: ['cluster-admin-binding', 'cluster-escalation', 'namespace-escalation'] };

const autoscaler = (deployment: string) => `
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: beside }
spec: { minReplicas: 3, maxReplicas: 9, scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: ${deployment} } }
`;
const service = (label: string) => `
apiVersion: v1
kind: Service
metadata: { name: beside }
spec: { selector: { ${label} }, ports: [{ port: 80 }] }
`;
/** A role that nobody holds gives nobody anything: the first role of the file is given to a ServiceAccount. */
const bound = (kind: 'Role' | 'ClusterRole') => (text: string) => {
  const namespace = /^ {2}namespace: (\S+)/m.exec(text)?.[1] ?? 'default';
  return `
apiVersion: rbac.authorization.k8s.io/v1
kind: ${kind}Binding
metadata: { name: beside, ${kind === 'Role' ? `namespace: ${namespace}` : ''} }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ${kind}, name: "${/^ {2}name: (\S+)/m.exec(text)?.[1] ?? ''}" }
subjects: [{ kind: ServiceAccount, name: someone, namespace: ${namespace} }]
---
apiVersion: v1
kind: ServiceAccount
metadata: { name: someone, namespace: ${namespace} }
`;
};

/** Every folder: how it maps to our checks, or why it is none of ours. */
const folders: Readonly<Record<string, Mapping | string>> = {
  automountServiceAccountToken: { checks: ['token-automount'] },
  clusterrolePodExecAttach: { ...takeover, beside: bound('ClusterRole') },
  clusterrolebindingClusterAdmin: administrator,
  clusterrolebindingPodExecAttach: takeover,
  cpuLimitsMissing: 'opinion: a CPU limit throttles a container on an idle node; a request already gives it its share',
  cpuRequestsMissing: { checks: ['resource-requests'], about: /no cpu/ },
  dangerousCapabilities: podSecurity(/ adds /),
  deploymentMissingReplicas: { checks: ['replicas'] },
  hostIPCSet: podSecurity(/hostIPC/),
  hostNetworkSet: podSecurity(/hostNetwork/),
  hostPIDSet: podSecurity(/hostPID/),
  hostPathSet: podSecurity(/path of the node/),
  hostPortSet: podSecurity(/port \d+ of the node/),
  hostProcess: podSecurity(/HostProcess/),
  hpaMaxAvailability: 'opinion: an autoscaler without room to scale is a matter of capacity, which a load test judges',
  hpaMinAvailability: {
    checks: ['replicas'],
    beside: () => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: php-apache }
spec: { selector: { matchLabels: { app: web } }, template: { metadata: { labels: { app: web } }, spec: { containers: [{ name: web, image: web }] } } }
---${service('app: web')}`,
  },
  insecureCapabilities: podSecurity(/does not drop ALL/),
  linuxHardening: {
    ...podSecurity(/seccomp/),
    only: {
      files: /seccomp|nothing/,
      why: 'it is content with one of four mechanisms; the standard asks for seccomp whatever else is set',
    },
  },
  livenessProbeMissing: { checks: ['liveness-probe'] },
  memoryLimitsMissing: { checks: ['memory-limits'] },
  memoryRequestsMissing: { checks: ['resource-requests'], about: /no memory/ },
  metadataAndInstanceMismatched: 'opinion: a convention of labels',
  missingNetworkPolicy: {
    checks: ['egress-isolation'],
    only: {
      files: /egress|wrong|success/,
      why: 'ingress is judged by namespace here: a Pod that no policy selects must be closed too',
    },
  },
  missingPodDisruptionBudget: { checks: ['pod-disruption-budget'], beside: () => autoscaler('zookeeper') },
  nakedPod: 'a sample of a rule of somebody’s own, about labels',
  notReadOnlyRootFilesystem: 'hardening that no level of the Pod Security Standards asks for',
  oneController: 'a sample of a rule of somebody’s own, about labels',
  pdbDisruptionsIsZero: 'budgets without a selector cover no Pod, and what a budget allows depends on how many it covers',
  pdbMinAvailableGreaterThanHPAMinReplicas: { checks: ['pod-disruption-budget'], about: /^PodDisruptionBudget/ },
  priorityClassNotSet: 'opinion: the default priority is a decision too',
  privilegeEscalationAllowed: podSecurity(/allowPrivilegeEscalation/),
  procMount: podSecurity(/proc/),
  pullPolicyNotAlways: 'opinion: a digest names the same image however it is pulled',
  readinessProbeMissing: { checks: ['readiness-probe'], beside: () => service('test: readiness') },
  resourceRange: 'a sample of a rule of somebody’s own, about sizes',
  rolePodExecAttach: { ...takeover, beside: bound('Role') },
  rolebindingClusterAdminClusterRole: administrator,
  rolebindingClusterAdminRole: administrator,
  rolebindingClusterRolePodExecAttach: takeover,
  rolebindingRolePodExecAttach: takeover,
  runAsPrivileged: podSecurity(/is privileged/),
  runAsRootAllowed: podSecurity(/non-root|runAsNonRoot/),
  sensitiveConfigmapContent: { checks: ['literal-credentials'] },
  sensitiveContainerEnvVar: { checks: ['literal-credentials'] },
  tagNotSpecified: { checks: ['pinned-image'], about: /without tag|tag latest/ },
  tlsSettingsMissing: { checks: ['ingress-tls-hosts'] },
  topologySpreadConstraint: {
    checks: ['topology-spread'],
    beside: () => `${autoscaler('demo-basic-demo')}---${service('app.kubernetes.io/instance: demo')}`,
  },
};

/** Ours, by the worst of the corresponding assessments. */
function answerOf({ checks: ids, about, beside }: Mapping, text: string): Answer {
  const context = beside?.(text);
  const objects = context === undefined ? text : `${text}\n---${context}`;
  const said = checks
    .filter(({ id }) => ids.includes(id))
    .flatMap((check) => examine(check, { objects, complete }).filter((assessment) => corresponds(assessment, about)));
  const found = new Set(said.map(({ outcome }) => outcome));
  // Where a control is meant, what is said of it is a violation, and of the other controls nothing counts.
  if (about !== undefined && said.length === 0) return 'pass';
  return (['fail', 'unknown', 'pass', 'not-applicable'] as const).find((outcome) => found.has(outcome)) ?? 'not-applicable';
}

const corresponds = ({ outcome, message, because }: Assessment, about: RegExp | undefined): boolean =>
  about === undefined ||
  (outcome !== 'not-applicable' &&
    ((outcome !== 'pass' && about.test(message)) || (because ?? []).some(({ note }) => about.test(note))));

const theirsOf = (file: string): Answer => (file.includes('/failure') ? 'fail' : 'pass');
/** What is not applicable here is no finding either. */
const agree = (theirs: Answer, ours: Answer) => theirs === ours || (theirs === 'pass' && ours === 'not-applicable');

const present = existsSync(corpus);
const filesOf = (folder: string) =>
  readdirSync(join(corpus, folder))
    .filter((name) => /^(success|failure|mutated)/.test(name))
    .sort()
    .map((name) => `${folder}/${name}`);
const mapped = Object.entries(folders).flatMap(([folder, mapping]) =>
  typeof mapping === 'string' || !present ? [] : [{ folder, mapping }],
);
const asked = mapped.flatMap(({ folder, mapping }) =>
  filesOf(folder)
    .filter((file) => mapping.only?.files.test(file) ?? true)
    .map((file) => ({ file, mapping })),
);

if (!present) console.warn('polaris corpus: skipped, it is not beside this checkout');

describe.skipIf(!present)('polaris corpus', () => {
  const divergent = new Map(divergences.map((entry) => [entry.file, entry]));

  test('every folder is mapped, to checks that exist', () => {
    const onDisk = readdirSync(corpus, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(Object.keys(folders).sort()).toEqual(onDisk.map(({ name }) => name).sort());
    const known = new Set(checks.map(({ id }) => id));
    expect(mapped.flatMap(({ mapping }) => mapping.checks).filter((id) => !known.has(id))).toEqual([]);
  });

  test('every divergence names a file that is asked, once', () => {
    const files = new Set(asked.map(({ file }) => file));
    expect(divergences.map(({ file }) => file).filter((file) => !files.has(file))).toEqual([]);
    expect(divergent.size).toBe(divergences.length);
  });

  test('agreement', () => {
    const all = Object.keys(folders).flatMap(filesOf).length;
    const answers = asked.map(({ file, mapping }) =>
      agree(theirsOf(file), answerOf(mapping, readFileSync(join(corpus, file), 'utf8'))),
    );
    const agreed = answers.filter(Boolean).length;
    console.log(
      `polaris corpus: ${agreed} of ${asked.length} files agree, ${asked.length - agreed} argued; ${all - asked.length} of ${all} ask what is none of ours`,
    );
    expect({ agreed, argued: divergences.length }).toEqual({
      agreed: asked.length - divergences.length,
      argued: asked.length - agreed,
    });
  });

  test.each(asked)('$file', ({ file, mapping }) => {
    const ours = answerOf(mapping, readFileSync(join(corpus, file), 'utf8'));
    const expected = divergent.get(file);
    if (expected === undefined) expect(agree(theirsOf(file), ours), `theirs ${theirsOf(file)}, ours ${ours}`).toBe(true);
    else expect({ theirs: theirsOf(file), ours }).toEqual({ theirs: expected.theirs, ours: expected.ours });
  });
});
