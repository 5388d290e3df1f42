import type { DeclaredLoadTest, DeclaredReview, StandardOverlay } from '../evidence/declared.ts';
import type { SourceSpec } from '../evidence/source-spec.ts';
import { SeaworthyError, formatPlace } from '../model/errors.ts';
import { momentMs, formatMoment } from '../model/time.ts';
import { normaliseLoadTest } from './load-test.ts';
import { maskLoadTest } from './mask-load-test.ts';
import { dirname, joinPath } from './paths.ts';
import type { ReadFile } from './read-file.ts';
import type { ReviewFile } from './schema.ts';

type Spec = NonNullable<ReviewFile['spec']>;
type SourceEntry = NonNullable<Spec['sources']>[number];

export interface Normalised {
  readonly review: DeclaredReview;
  readonly sources: readonly SourceSpec[];
  readonly overlay: StandardOverlay | undefined;
  /** Unmasked, for a run: `review.loadTest` is its masked form. */
  readonly loadTest: DeclaredLoadTest | undefined;
}

/** The review file with every default filled in, every moment in UTC and every path relative to the working directory. */
export function normaliseReview(read: ReadFile<ReviewFile>, file: string, environmentOverride: string | undefined): Normalised {
  const { value, placeOf } = read;
  const spec: Spec = value.spec ?? {};
  const { metadata } = value;
  const folder = dirname(file);
  const environment = environmentOverride ?? spec.environment;
  const at = (list: string, index: number) => ({ place: placeOf('spec', list, index) });
  const loadTest = normaliseLoadTest(read, folder);
  const review: DeclaredReview = {
    name: metadata.name,
    ...optional('title', metadata.title),
    ...optional('phase', metadata.phase),
    ...optional('owner', spec.owner),
    ...optional('status', spec.status),
    ...optional('documentVersion', spec.documentVersion),
    environment: environment ?? 'production',
    environmentAssumed: environment === undefined,
    ...optional('launchAt', spec.launchAt === undefined ? undefined : utc(spec.launchAt)),
    file,
    ...optional('select', spec.select),
    ...optional('network', spec.network === undefined ? undefined : { ...optional('profile', spec.network.profile) }),
    providedElsewhere: (spec.providedElsewhere ?? []).map((item, index) => ({
      kind: item.kind,
      name: item.name,
      ...optional('apiVersion', item.apiVersion),
      ...optional('namespace', item.namespace),
      ...optional('labels', item.labels),
      owner: item.owner,
      reason: item.reason,
      expires: utc(item.expires),
      ...at('providedElsewhere', index),
    })),
    ...optional(
      'traffic',
      spec.traffic?.map((flow, index) => ({
        from: flow.from,
        to: flow.to,
        ...optional('port', flow.port),
        protocol: flow.protocol ?? 'TCP',
        ...at('traffic', index),
      })),
    ),
    datastores: (spec.datastores ?? []).map((item, index) => ({
      name: item.name,
      kind: item.kind,
      managed: item.managed ?? true,
      ...optional('owner', item.owner),
      ...at('datastores', index),
    })),
    ...optional('loadTest', loadTest === undefined ? undefined : maskLoadTest(loadTest)),
    documents: (spec.documents ?? []).map((item, index) => ({
      kind: item.kind,
      path: joinPath(folder, item.path),
      ...at('documents', index),
    })),
    attestations: (spec.attestations ?? []).map((item, index) => {
      const attestation = {
        check: item.check,
        ...optional('target', item.target),
        by: item.by,
        at: utc(item.at),
        expires: utc(item.expires),
        statement: item.statement,
        ...optional('evidence', item.evidence === undefined ? undefined : joinPath(folder, item.evidence)),
        ...at('attestations', index),
      };
      if (attestation.expires <= attestation.at) throw badOrder('attestations', index, placeOf, 'expires before it was made');
      return attestation;
    }),
    waivers: (spec.waivers ?? []).map((item, index) => ({
      check: item.check,
      ...optional('target', item.target),
      ...optional('fingerprint', item.fingerprint),
      owner: item.owner,
      reason: item.reason,
      expires: utc(item.expires),
      ...optional('compensatingControl', item.compensatingControl),
      ...at('waivers', index),
    })),
    signOffs: { roles: spec.signOffs?.roles ?? {}, gates: withoutUndefined(spec.signOffs?.gates ?? {}) },
    plan: {
      overrides: (spec.plan?.overrides ?? []).map((item, index) => ({
        remedy: item.remedy,
        ...optional('effort', item.effort),
        ...optional('owner', item.owner),
        ...optional('after', item.after),
        place: placeOf('spec', 'plan', 'overrides', index),
      })),
      tasks: (spec.plan?.tasks ?? []).map((item, index) => ({
        ...item,
        after: item.after ?? [],
        place: placeOf('spec', 'plan', 'tasks', index),
      })),
    },
  };
  return {
    review,
    sources: normaliseSources(spec, review, folder),
    overlay: overlayOf(spec, metadata.name, placeOf('spec', 'standard')),
    loadTest,
  };
}

const badOrder = (list: string, index: number, placeOf: ReadFile<ReviewFile>['placeOf'], problem: string) =>
  new SeaworthyError('SW_REVIEW_FILE', `spec.${list}[${index}] ${problem}.`, {
    where: formatPlace(placeOf('spec', list, index)),
  });

const utc = (moment: string): string => formatMoment(momentMs(moment));

/** A one-key object, or an empty one: `exactOptionalPropertyTypes` forbids writing undefined. */
function optional<K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } {
  return (value === undefined ? {} : { [key]: value }) as { readonly [P in K]?: V };
}

function withoutUndefined<V>(record: Readonly<Record<string, V | undefined>>): Record<string, V> {
  return Object.fromEntries(Object.entries(record).filter((entry): entry is [string, V] => entry[1] !== undefined));
}

function normaliseSources(spec: Spec, review: DeclaredReview, folder: string): readonly SourceSpec[] {
  const common = { role: 'system', environment: review.environment } as const;
  const first = review.file ?? '.';
  return [
    ...(spec.sources ?? []).map((entry) => normaliseSource(entry, review.environment, folder)),
    ...review.documents.map((item): SourceSpec => ({ kind: 'document', documentKind: item.kind, path: item.path, ...common })),
    ...(spec.evidence?.imageScans ?? []).map(
      (path): SourceSpec => ({ kind: 'image-scan', path: joinPath(folder, path), ...common }),
    ),
    ...(review.loadTest?.results ?? []).map(
      ({ path, ...stated }): SourceSpec => ({ kind: 'load-test', path, stated, ...common }),
    ),
    ...(review.loadTest?.script === undefined ? [] : [{ kind: 'load-script', path: review.loadTest.script, ...common } as const]),
    { kind: 'git', path: first, ...common },
  ];
}

function normaliseSource(entry: SourceEntry, launch: string, folder: string): SourceSpec {
  const role = entry.role ?? 'system';
  const shared = {
    role,
    environment: role === 'comparison' ? (entry.environment ?? 'comparison') : launch,
    ...optional('complete', entry.complete),
    ...optional('namespace', entry.namespace),
  };
  if ('manifests' in entry) return { kind: 'manifests', path: joinPath(folder, entry.manifests), ...shared };
  if ('dump' in entry) return { kind: 'dump', path: joinPath(folder, entry.dump), ...shared };
  if ('kustomize' in entry) return { kind: 'kustomize', path: joinPath(folder, entry.kustomize), ...shared };
  const { chart, values = [], release, namespace, kubeVersion, apiVersions = [] } = entry.helm;
  return {
    kind: 'helm',
    chart: joinPath(folder, chart),
    values: values.map((path) => joinPath(folder, path)),
    release: release ?? 'release',
    ...optional('kubeVersion', kubeVersion),
    apiVersions,
    ...shared,
    ...optional('namespace', namespace ?? entry.namespace),
  };
}

function overlayOf(spec: Spec, name: string, place: StandardOverlay['place']): StandardOverlay | undefined {
  const signOffs = withoutUndefined(spec.signOffs?.gates ?? {});
  const given = spec.standard;
  if (given === undefined && Object.keys(signOffs).length === 0) return undefined;
  return {
    origin: 'review',
    id: name,
    levels: given?.levels ?? {},
    parameters: given?.parameters ?? {},
    exemptGates: {},
    waivableUnknowns: [],
    signOffs,
    ...optional('place', place),
  };
}
