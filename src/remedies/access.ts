import type { Remedy } from './remedy.ts';

export const accessRemedies: readonly Remedy[] = [
  {
    id: 'remove-cluster-admin',
    title: 'Replace cluster-admin bindings by narrow ones',
    owner: 'security',
    effort: { min: 0.5, likely: 1.5, max: 4 },
    effortBasis: 'Finding out what the subject really does takes the time; the Role is short.',
    perTarget: { min: 0.25, likely: 0.5, max: 1 },
    after: [],
    steps: [
      'List what the subject needs (audit log, or its code).',
      'Bind a Role or ClusterRole with exactly that.',
      'Delete the cluster-admin binding.',
    ],
  },
  {
    id: 'cut-cluster-escalation',
    title: 'Cut the paths that lead to the whole cluster',
    owner: 'security',
    effort: { min: 0.5, likely: 2, max: 6 },
    effortBasis: 'One rule a path; what depended on it must be found and tried.',
    perTarget: { min: 0.25, likely: 0.5, max: 1 },
    // Whoever may create Pods where no Pod Security level is enforced is root on a node.
    after: ['enforce-pod-security'],
    steps: [
      'Enforce Pod Security where Pods may be created: it cuts the way from a privileged Pod to its node.',
      'Remove the permission that each other path starts with, or narrow it by resourceNames or namespace.',
      'Where an operator needs it, move the operator to a namespace in which nobody else may create workloads.',
    ],
  },
  {
    id: 'cut-namespace-escalation',
    title: 'Cut what a deployer can become in its namespace',
    owner: 'security',
    effort: { min: 1, likely: 3, max: 8 },
    effortBasis:
      'Moving deployment to a GitOps controller, or splitting deployer and Secrets over two namespaces, changes how people work.',
    after: [],
    steps: [
      'Let a GitOps controller create workloads, so that people and pipelines hold no such right in production; or',
      'keep privileged ServiceAccounts and foreign Secrets out of the namespace that the deployer may create workloads in; or',
      'waive it with a compensating control (reviewed pipeline, admission policy on serviceAccountName and Secret references).',
    ],
  },
  {
    id: 'narrow-permissions',
    title: 'Narrow permissions to what is used',
    owner: 'security',
    effort: { min: 0.5, likely: 1.5, max: 4 },
    effortBasis: 'A rule is minutes; proving that nothing else is used takes a look at the audit log or a test in staging.',
    perTarget: { min: 0.1, likely: 0.25, max: 0.5 },
    after: [],
    steps: [
      'Name verbs, resources and, for Secrets, resourceNames.',
      'Turn cluster-wide grants into grants in the namespaces that need them.',
      'Run the pipeline in staging with the narrower role.',
    ],
  },
  {
    id: 'enforce-pod-security',
    title: 'Enforce a Pod Security Standard on every namespace',
    owner: 'platform',
    effort: { min: 0.25, likely: 0.5, max: 1.5 },
    effortBasis: 'One label a namespace, after a dry run that names what would be refused.',
    after: [],
    steps: [
      'Dry run: `kubectl label --dry-run=server --overwrite ns NAME pod-security.kubernetes.io/enforce=restricted`.',
      "Set enforce to the level that the namespace's Pods reach (baseline at least), and pin its version; Pods that do not reach baseline are hardened or moved first.",
    ],
  },
  {
    id: 'review-operator-accounts',
    proves: true,
    title: 'Review the accounts of operators, backup and logging',
    owner: 'security',
    effort: { min: 0.5, likely: 1, max: 3 },
    effortBasis: 'Reading the effective permissions of a handful of accounts.',
    // An account that many share has no permissions of its own to review.
    after: ['dedicate-service-accounts'],
    steps: [
      'Give each operator an account of its own, or no token: what default holds cannot be reviewed.',
      'Read the effective permissions of each operator account.',
      'Narrow what is not needed, and attest the review with its date.',
    ],
  },
  {
    id: 'dedicate-service-accounts',
    title: 'Give workloads their own ServiceAccounts, without a token where none is needed',
    owner: 'developer',
    effort: { min: 0.25, likely: 0.75, max: 2 },
    effortBasis: 'One ServiceAccount and two lines a workload.',
    after: [],
    steps: [
      'Create a ServiceAccount for each workload that talks to the API.',
      'Set automountServiceAccountToken: false on all others.',
    ],
  },
  {
    id: 'remove-dangling-bindings',
    title: 'Remove bindings that point at nothing',
    owner: 'security',
    effort: { min: 0.1, likely: 0.25, max: 1 },
    effortBasis: 'Deleting after a look at who made it.',
    after: [],
    steps: [
      'Restore the role or the subject if it is missing by mistake.',
      'Otherwise delete the binding: whoever creates the missing part gets its rights.',
    ],
  },
  {
    id: 'mend-dead-rules',
    title: 'Correct or remove rules that allow nothing',
    owner: 'security',
    effort: { min: 0.1, likely: 0.25, max: 1 },
    effortBasis: 'A word in a manifest; the time goes into finding out what was meant.',
    after: [],
    steps: [
      'Ask what the rule was meant to allow, and whether anybody misses it.',
      'Spell verbs, API groups and resources as `kubectl api-resources` prints them, or move what is cluster-scoped to a ClusterRoleBinding.',
      'Remove the rule where nobody needs it.',
    ],
  },
  {
    id: 'add-limit-range',
    title: 'Add a LimitRange to every namespace',
    owner: 'platform',
    effort: { min: 0.25, likely: 0.5, max: 1 },
    effortBasis: 'One object a namespace; its defaults come from the requests in use.',
    after: [],
    steps: [
      'Set default and defaultRequest for cpu and memory, and a maximum.',
      'Apply it before workloads are created: it changes only Pods that come later.',
    ],
  },
];
