import { z } from 'zod';
import { gateIds, gateStatuses } from '../model/gate.ts';
import { levels, outcomes } from '../model/judgement.ts';
import { resultSchemaVersion, tiers } from '../model/result.ts';

const momentText = () => z.string().describe('RFC 3339, UTC: 2026-03-06T08:50:00Z');
const count = () => z.int().nonnegative();

const objectRef = z
  .object({
    apiVersion: z.string().describe('seaworthy.dev/v1alpha1 for targets that are no Kubernetes objects'),
    kind: z.string(),
    namespace: z.exactOptional(z.string()),
    name: z.string(),
    container: z.exactOptional(z.string()),
  })
  .meta({ id: 'ObjectRef', description: 'Identity of a thing in the Kubernetes API, or of one of the tool\u2019s own targets' });

const location = z
  .object({
    file: z.string(),
    line: z.exactOptional(z.int().positive().describe('1-based; absent for rendered sources')),
    column: z.exactOptional(z.int().positive()),
    endLine: z.exactOptional(z.int().positive()),
    endColumn: z.exactOptional(z.int().positive()),
    path: z.string().describe('Path inside the object: spec.template.spec.containers[0].image'),
  })
  .meta({ id: 'Location' });

const proof = z
  .object({ note: z.string(), target: objectRef, location: z.exactOptional(location) })
  .meta({ id: 'Proof', description: 'One step of the proof' });

const waiver = z
  .object({ owner: z.string(), reason: z.string(), expires: momentText(), compensatingControl: z.exactOptional(z.string()) })
  .meta({ id: 'Waiver', description: 'Covers a finding; a waived finding is never a pass' });

const attestation = z
  .object({
    by: z.string(),
    at: momentText(),
    expires: momentText(),
    statement: z.string(),
    evidence: z.exactOptional(z.string()),
  })
  .meta({ id: 'Attestation', description: 'A person\u2019s dated statement that settled an unknown' });

const fingerprint = () =>
  z
    .string()
    .regex(/^[0-9a-f]{16}$/)
    .describe('Identity across runs: check, target, message id and key');

const assessment = z
  .object({
    outcome: z.enum(outcomes),
    reason: z.exactOptional(z.enum(['missing', 'stale', 'undecidable', 'error', 'needs-a-person', 'assumed', 'claimed'])),
    messageId: z.string(),
    message: z.string(),
    fingerprint: fingerprint(),
    target: objectRef,
    location: z.exactOptional(location),
    because: z.exactOptional(z.array(proof)),
    remedy: z.exactOptional(z.string()),
    waiver: z.exactOptional(waiver),
    attestation: z.exactOptional(attestation),
    until: z.exactOptional(momentText()),
  })
  .meta({ id: 'Assessment', description: 'What was concluded about one target of one check' });

const counts = z
  .object({
    pass: count(),
    fail: count(),
    unknown: count(),
    notApplicable: count(),
    waived: count().describe('Overlays the other numbers; not part of their sum'),
  })
  .meta({ id: 'Counts' });

const signOff = z
  .object({
    role: z.string(),
    state: z.enum(['missing', 'signed', 'lapsed', 'expired']),
    by: z.exactOptional(z.string()),
    at: z.exactOptional(momentText()),
  })
  .meta({ id: 'SignOff' });

const gate = z
  .object({
    id: z.enum(gateIds),
    title: z.string(),
    status: z.enum(gateStatuses),
    summary: z.string(),
    counts,
    signOffs: z.array(signOff),
    decidedBy: z.array(z.string()).describe('Fingerprints, or sign-off/<gate>/<role>'),
  })
  .meta({ id: 'Gate' });

const check = z
  .object({
    id: z.string(),
    gate: z.enum(gateIds),
    level: z.enum(levels),
    title: z.string(),
    rationale: z.string(),
    references: z.array(z.string()),
    outcome: z.enum(outcomes),
    waived: z.boolean().describe('Every finding of the check is waived'),
    attestable: z.boolean(),
    assessments: z.array(assessment),
  })
  .meta({ id: 'Check' });

const condition = z
  .object({
    fingerprint: z.string(),
    check: z.string(),
    message: z.string(),
    owner: z.string(),
    due: z.exactOptional(momentText()),
  })
  .meta({ id: 'Condition' });

const hours = z.object({ min: z.number(), likely: z.number(), max: z.number() }).meta({ id: 'Hours' });

const task = z
  .object({
    remedy: z.string(),
    tier: z.enum(tiers),
    title: z.string(),
    owner: z.string(),
    hours,
    after: z.array(z.string()).describe('Remedies of this plan that come before'),
    start: z.number().describe('Earliest start in likely hours from the beginning of the plan'),
    slack: z.number(),
    critical: z.boolean(),
    findings: z.array(z.string()).describe('Fingerprints'),
    steps: z.array(z.string()),
    effortBasis: z.string(),
    manifest: z.exactOptional(z.string()),
  })
  .meta({ id: 'Task' });

const plan = z
  .object({
    effort: hours.describe('Total work'),
    hours: hours.describe('Finish with one person for each owner role'),
    hoursToLaunch: hours.describe('Until the last task of tier immediate is done'),
    byPeople: z.array(z.object({ people: z.int().positive(), hours })),
    tasks: z.array(task),
    chain: z.array(z.string()).describe('Remedies of the longest chain, in order'),
  })
  .meta({ id: 'Plan' });

const evidence = z
  .object({
    kind: z.string(),
    status: z.enum(['collected', 'absent', 'failed']),
    source: z.string(),
    collectedAt: z.exactOptional(momentText()),
    digest: z.exactOptional(z.string()),
    reason: z.exactOptional(z.string()),
  })
  .meta({ id: 'Evidence' });

const note = z.object({ id: z.string(), message: z.string(), location: z.exactOptional(location) }).meta({ id: 'Note' });

/** The shape of a result. A type test keeps it and `ReviewResult` equal, in both directions. */
export const resultSchema = z.object({
  schemaVersion: z.literal(resultSchemaVersion),
  tool: z.object({ version: z.string() }),
  review: z.object({
    name: z.string(),
    title: z.exactOptional(z.string()),
    phase: z.exactOptional(z.string()),
    owner: z.exactOptional(z.string()),
    environment: z.string(),
    environmentAssumed: z.boolean(),
    launchAt: z.exactOptional(momentText()),
    status: z.exactOptional(z.string()),
    documentVersion: z.exactOptional(z.string()),
  }),
  standard: z.object({ id: z.string(), digest: z.string() }),
  asOf: momentText(),
  validUntil: z.exactOptional(momentText()).describe('The earliest moment at which time alone can move the verdict'),
  verdict: z.enum(['launch', 'launch-with-conditions', 'do-not-launch', 'no-verdict']),
  basis: z.array(z.enum(['refuted', 'unproven', 'unsigned'])),
  decidedBy: z.array(z.string()).describe('Fingerprints, or sign-off/<gate>/<role>'),
  gates: z.array(gate),
  conditions: z.array(condition),
  checks: z.array(check),
  plan,
  views: z.record(z.string(), z.unknown()),
  evidence: z.array(evidence),
  notes: z.array(note),
  inventory: z.object({ objects: count(), workloads: count(), byKind: z.record(z.string(), count()) }),
});

/** JSON Schema (draft 2020-12) of the JSON report. Objects may gain keys within a major version, so further keys are allowed. */
export function resultJsonSchema(): object {
  const schema = z.toJSONSchema(resultSchema, { target: 'draft-2020-12', io: 'input' });
  return {
    $schema: schema.$schema,
    $id: 'https://seaworthy.dev/schema/review-result.json',
    title: 'Seaworthy review result',
    description: `Result of a production readiness review, schema version ${resultSchemaVersion}`,
    ...schema,
  };
}
