import { z } from 'zod';
import { networkProfiles } from '../evidence/declared.ts';
import { gateIds } from '../model/gate.ts';
import { levels } from '../model/judgement.ts';
import { tiers } from '../model/result.ts';
import { parseMoment } from '../model/time.ts';
import { loadTestSchema } from './load-test-schema.ts';

/** The API version of our own files. */
export const configApiVersion = 'seaworthy.dev/v1alpha1';

const text = z.string().min(1);
const moment = z
  .string()
  .superRefine((value, context) => {
    const parsed = parseMoment(value);
    if (!parsed.ok) context.addIssue({ code: 'custom', message: parsed.problem });
  })
  .describe('A date (2026-09-01: its start in UTC) or a date-time with a zone.');
const port = z.union([z.int().min(1).max(65_535), z.string().regex(/[a-z]/, 'a port is a number, or the name of a port')]);

const role = z
  .enum(['system', 'platform', 'comparison'])
  .describe('system: under review. platform: what it stands on. comparison: another environment.');
const sourceCommon = {
  role: role.optional(),
  environment: text.optional().describe('Environment of a comparison source.'),
  complete: z
    .array(text)
    .optional()
    .describe(
      'Kinds of which this source holds all that exist; absence of these means absence. Default: the namespaced kinds found in it.',
    ),
  namespace: text.optional().describe('Namespace of objects that name none.'),
};
const source = z
  .union([
    z.strictObject({ manifests: text.describe('File, directory, glob, or "-" for standard input.'), ...sourceCommon }),
    z.strictObject({ dump: text.describe('Output of kubectl get -o json.'), ...sourceCommon }),
    z.strictObject({ kustomize: text.describe('Directory of a kustomization.'), ...sourceCommon }),
    z.strictObject({
      helm: z.strictObject({
        chart: text,
        values: z.array(text).optional(),
        release: text.optional(),
        namespace: text.optional(),
        kubeVersion: text.optional().describe('Kubernetes version that the chart is rendered for.'),
        apiVersions: z.array(text).optional().describe('API versions that the chart may find in the cluster.'),
      }),
      ...sourceCommon,
    }),
  ])
  .describe('Where objects come from: one of manifests, dump, kustomize, helm.');

const hours = z
  .strictObject({ min: z.number().min(0), likely: z.number().min(0), max: z.number().min(0) })
  .describe('Hours of work.');
const parameters = z.record(text, z.record(text, z.unknown()));
const gateRoles = z.partialRecord(z.enum(gateIds), z.array(text));

const providedElsewhere = z.strictObject({
  apiVersion: text.optional(),
  kind: text,
  name: text,
  namespace: text.optional(),
  labels: z.record(z.string(), z.string()).optional(),
  owner: text,
  reason: text,
  expires: moment,
});

const attestation = z.strictObject({
  check: text,
  target: text.optional().describe('Kind/name or Kind/namespace/name; absent: every target of the check.'),
  by: text,
  at: moment,
  expires: moment,
  statement: text,
  evidence: text.optional().describe('Path or URL of the proof.'),
});

const waiver = z.strictObject({
  check: text,
  target: text.optional().describe('Kind/name or Kind/namespace/name; absent: every finding of the check.'),
  fingerprint: z
    .string()
    .regex(/^[0-9a-f]{16}$/, 'a fingerprint has 16 hex digits, as reports print them')
    .optional(),
  owner: text,
  reason: text,
  expires: moment,
  compensatingControl: text.optional(),
});

const standardOverlay = {
  extends: z.array(text).optional().describe('recommended, manifests, or the path of an organisation standard.'),
  levels: z.record(text, z.enum(levels)).optional(),
  parameters: parameters.optional(),
};

/** The review file, as people write it. Everything but the head is optional. */
export const reviewFileSchema = z.strictObject({
  apiVersion: z.literal(configApiVersion),
  kind: z.literal('Review'),
  metadata: z.strictObject({ name: text, phase: z.string().optional(), title: z.string().optional() }),
  spec: z
    .strictObject({
      owner: text.optional(),
      status: text.optional(),
      documentVersion: text.optional(),
      environment: text.optional().describe('The launch target. Default: production.'),
      launchAt: moment.optional(),
      select: z
        .strictObject({ namespaces: z.array(text).min(1) })
        .optional()
        .describe('Narrows the review in a repository of many systems.'),
      sources: z.array(source).optional(),
      providedElsewhere: z
        .array(providedElsewhere)
        .optional()
        .describe('Platform objects that are in no source: assumptions with owner, reason and end.'),
      standard: z.strictObject(standardOverlay).optional().describe('Tightening only; loosening is a waiver.'),
      traffic: z
        .array(
          z.strictObject({ from: text, to: text, port: port.optional(), protocol: z.enum(['TCP', 'UDP', 'SCTP']).optional() }),
        )
        .optional()
        .describe('Intended flows; everything else is expected to be denied.'),
      network: z
        .strictObject({
          profile: z
            .enum(networkProfiles)
            .optional()
            .describe('The plugin that enforces policies: settles what Kubernetes leaves open. none: no plugin does.'),
        })
        .optional()
        .describe('What is known of the network of the cluster.'),
      datastores: z
        .array(z.strictObject({ name: text, kind: text, managed: z.boolean().optional(), owner: text.optional() }))
        .optional()
        .describe('Datastores that no object shows, such as managed databases.'),
      loadTest: loadTestSchema(moment).optional(),
      evidence: z.strictObject({ imageScans: z.array(text).optional().describe('Scanner reports: files or globs.') }).optional(),
      documents: z.array(z.strictObject({ kind: text, path: text })).optional(),
      attestations: z.array(attestation).optional(),
      waivers: z.array(waiver).optional(),
      signOffs: z.strictObject({ roles: z.record(text, z.array(text)).optional(), gates: gateRoles.optional() }).optional(),
      plan: z
        .strictObject({
          overrides: z
            .array(
              z.strictObject({ remedy: text, effort: hours.optional(), owner: text.optional(), after: z.array(text).optional() }),
            )
            .optional(),
          tasks: z
            .array(
              z.strictObject({
                id: text,
                title: text,
                tier: z.enum(tiers),
                owner: text,
                effort: hours,
                after: z.array(text).optional(),
              }),
            )
            .optional(),
        })
        .optional(),
    })
    .optional(),
});
export type ReviewFile = z.infer<typeof reviewFileSchema>;

/** An organisation's standard. It may loosen what is built in: that is its right, and the result names its digest. */
export const standardFileSchema = z.strictObject({
  apiVersion: z.literal(configApiVersion),
  kind: z.literal('Standard'),
  metadata: z.strictObject({ name: text }),
  spec: z
    .strictObject({
      ...standardOverlay,
      exemptGates: z
        .partialRecord(z.enum(gateIds), text)
        .optional()
        .describe('Gates that may stay not assessed, with the reason.'),
      waivableUnknowns: z.array(text).optional().describe('Checks whose unknowns a waiver may cover.'),
      signOffs: gateRoles.optional().describe('Roles that must sign a gate.'),
    })
    .optional(),
});
export type StandardFile = z.infer<typeof standardFileSchema>;

/** JSON Schema of the review file, for editors. */
export const reviewFileJsonSchema = (): object => ({
  ...z.toJSONSchema(reviewFileSchema, { target: 'draft-2020-12', io: 'input', unrepresentable: 'any' }),
  title: 'Seaworthy review file',
});
