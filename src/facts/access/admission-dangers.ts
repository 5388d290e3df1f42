import { clusterAdmin, type Danger } from './danger.ts';
import { needs } from './need.ts';
import { grantsIn } from './permission.ts';
import type { Rights } from './rights.ts';
import type { Surroundings } from './surroundings.ts';

const admission = 'admissionregistration.k8s.io';

const hooks = [
  {
    need: needs.writeMutatingWebhooks,
    kind: 'MutatingWebhookConfiguration',
    gain: clusterAdmin,
    note: 'alter every object on its way into the API by a mutating webhook',
  },
  {
    need: needs.writeValidatingWebhooks,
    kind: 'ValidatingWebhookConfiguration',
    gain: { kind: 'secrets', namespace: '*' },
    note: 'read every written object, Secrets too, by a validating webhook',
  },
] as const;

/** E31: what keeps others from writing bad objects, and who may take it away. */
const guardrails = [
  { need: needs.removeValidatingPolicies, kind: 'ValidatingAdmissionPolicy', what: 'ValidatingAdmissionPolicies' },
  {
    need: needs.removeValidatingPolicyBindings,
    kind: 'ValidatingAdmissionPolicyBinding',
    what: 'ValidatingAdmissionPolicyBindings',
  },
  { need: needs.deleteValidatingWebhooks, kind: 'ValidatingWebhookConfiguration', what: 'validating webhooks' },
  { need: needs.deleteMutatingWebhooks, kind: 'MutatingWebhookConfiguration', what: 'mutating webhooks' },
  { need: needs.removeKyvernoClusterPolicies, kind: 'ClusterPolicy', what: 'Kyverno ClusterPolicies' },
  { need: needs.writeKyvernoExceptions, kind: 'PolicyException', what: 'Kyverno PolicyExceptions' },
  { need: needs.removeGatekeeperTemplates, kind: 'ConstraintTemplate', what: "Gatekeeper's ConstraintTemplates" },
  { need: needs.removeGatekeeperConstraints, kind: 'constraint', what: "Gatekeeper's constraints" },
  { need: needs.writeGatekeeperConfig, kind: 'Config', what: "Gatekeeper's Config" },
] as const;

/** E30 to E32: ways into what passes through the API server. */
export function admissionDangers(rights: Rights, around: Surroundings): readonly Danger[] {
  return [...webhooks(rights, around), ...mutatingPolicies(rights), ...apiGroups(rights), ...guardrailDangers(rights, around)];
}

function webhooks(rights: Rights, around: Surroundings): readonly Danger[] {
  return hooks.flatMap(({ need, kind, gain, note }): Danger[] => {
    const write = rights.permit(need);
    if (!write) return [];
    const exists = write.names === 'all' || write.names.some((name) => around.has(admission, kind, undefined, name));
    const names = write.names === 'all' ? '' : write.names.join(', ');
    return [{ edge: 'E30', gain, note, grants: write.grants, ...(exists ? {} : { assumption: `a ${kind} ${names} exists` }) }];
  });
}

function mutatingPolicies(rights: Rights): readonly Danger[] {
  const policies = rights.permit(needs.writeMutatingPolicies);
  const bindings = rights.permit(needs.createMutatingPolicyBindings);
  if (!policies || !bindings) return [];
  return [
    {
      edge: 'E31',
      gain: clusterAdmin,
      note: 'alter every object on its way into the API by a MutatingAdmissionPolicy',
      grants: grantsIn(policies, bindings),
      assumption: 'the cluster serves MutatingAdmissionPolicy',
    },
  ];
}

/** E32: whoever serves an API group, or converts its objects, sees and alters what its clients send. */
function apiGroups(rights: Rights): readonly Danger[] {
  const found: Danger[] = [];
  const services = rights.permit(needs.writeApiServices);
  if (services)
    found.push({
      edge: 'E32',
      gain: clusterAdmin,
      note: 'serve an API group itself by an APIService',
      grants: services.grants,
      assumption: 'a client with more rights uses an API group that it may take over',
    });
  const definitions = rights.permit(needs.changeDefinitions);
  if (definitions)
    found.push({
      edge: 'E32',
      gain: clusterAdmin,
      note: 'convert custom resources itself by the webhook of a CustomResourceDefinition',
      grants: definitions.grants,
      assumption: 'an operator with more rights acts on custom resources of a definition that it may change',
    });
  return found;
}

function guardrailDangers(rights: Rights, around: Surroundings): readonly Danger[] {
  const met = guardrails.flatMap(({ need, kind, what }) => {
    const permission = rights.permit(need);
    if (permission === undefined) return [];
    const { names } = permission;
    const there = names === 'all' || names.some((name) => around.has(need.group, kind, undefined, name));
    return [{ what, permission, missing: there ? undefined : `a ${kind} ${names.join(' or ')} exists` }];
  });
  // What is certain is told; of what depends on objects that no source shows, the first.
  const certain = met.filter(({ missing }) => missing === undefined);
  const told = certain.length > 0 ? certain : met.slice(0, 1);
  const [first] = told;
  if (first === undefined) return [];
  return [
    {
      edge: 'E31',
      gain: { kind: 'policy', namespace: '*' },
      note: `change or remove ${told.map(({ what }) => what).join(', ')}`,
      grants: grantsIn(...told.map(({ permission }) => permission)),
      ...(first.missing === undefined ? {} : { assumption: first.missing }),
    },
  ];
}
