import { assessAll } from './checks/assess.ts';
import { checks } from './checks/index.ts';
import type { Bundle } from './evidence/bundle.ts';
import { createFacts } from './facts/fact.ts';
import { inventory } from './facts/inventory.ts';
import { objects } from './facts/objects.ts';
import { evidenceOf } from './review/evidence-items.ts';
import { withManifests } from './review/manifests.ts';
import { notesOf } from './review/notes.ts';
import { viewsOf } from './review/views.ts';
import { isWorkloadKind } from './kube/workload.ts';
import { formatPlace, SeaworthyError } from './model/errors.ts';
import { type ReviewResult, resultSchemaVersion } from './model/result.ts';
import { remedies } from './remedies/index.ts';
import { resolveStandard } from './standard/standard.ts';
import { conclude } from './verdict/conclude.ts';

/**
 * The whole program: facts from the bundle, assessments by every check of the standard, and what follows from them. Pure and
 * synchronous: the same bundle and moment give the same result, byte for byte, on any machine.
 *
 * @param bundle everything that decides, masked.
 * @param options.asOf the moment of judgement, RFC 3339 UTC; default: when the evidence was collected.
 * @throws SeaworthyError SW_NO_OBJECTS when the sources hold no object, SW_STANDARD_FILE or SW_REVIEW_FILE when what was declared
 * does not fit the checks.
 */
export function review(bundle: Bundle, { asOf = bundle.collectedAt }: { readonly asOf?: string } = {}): ReviewResult {
  const facts = createFacts(bundle);
  const known = facts(inventory);
  if (known.objects.length === 0) throw noObjects(facts(objects).problems);
  const declared = bundle.declared.review;
  const standard = resolveStandard(checks, bundle.declared.standard);
  const demands = checks.flatMap((check) => {
    const demanded = standard.checks.get(check.id);
    return demanded === undefined ? [] : [{ check, parameters: demanded.parameters }];
  });
  const assessments = assessAll(demands, facts, asOf);
  const { notes, ...conclusion } = conclude({ checks, remedies, standard, assessments, review: declared, asOf });
  const { name, title, phase, owner, environment, environmentAssumed, launchAt, status, documentVersion } = declared;
  return {
    schemaVersion: resultSchemaVersion,
    tool: bundle.tool,
    review: defined({ name, title, phase, owner, environment, environmentAssumed, launchAt, status, documentVersion }),
    standard: { id: standard.id, digest: standard.digest },
    asOf,
    ...conclusion,
    plan: withManifests(conclusion.plan, facts, asOf),
    views: viewsOf(facts, asOf, standard.checks.get('load-test')?.parameters),
    evidence: evidenceOf(bundle),
    notes: [...notesOf(bundle, facts, asOf), ...notes],
    inventory: {
      objects: known.objects.length,
      workloads: known.system.filter((object) => isWorkloadKind(object.group, object.ref.kind)).length,
      byKind: countKinds(known.objects.map(({ ref }) => ref.kind)),
    },
  };
}

/** The error for sources that hold no object, with the first reason why. */
export function noObjects(
  problems: readonly { readonly file: string; readonly problem: { readonly message: string } }[],
): SeaworthyError {
  const [first] = problems;
  if (first === undefined)
    return new SeaworthyError('SW_NO_OBJECTS', 'The sources hold no Kubernetes object.', {
      hint: 'Give the folder of the manifests, a kustomization, a chart, or a dump.',
    });
  const position =
    'position' in first.problem ? (first.problem.position as { readonly line: number; readonly column: number }) : {};
  return new SeaworthyError(
    'SW_NO_OBJECTS',
    `The sources hold no Kubernetes object that can be read: ${first.problem.message.replace(/\.$/, '')}.`,
    { where: formatPlace({ file: first.file, ...position }) },
  );
}

function countKinds(kinds: readonly string[]): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const kind of [...kinds].sort()) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return Object.fromEntries(counts);
}

/** Without the keys whose value is undefined. */
function defined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
