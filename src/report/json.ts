import { compareText } from '../model/object-ref.ts';
import { jsonPieces } from './json-text.ts';
import { inChunks, type Reporter } from './reporter.ts';

/** The order of keys in the published JSON, whatever order an object was built in. What is not listed follows by code unit. */
const keyOrder = `
  schemaVersion tool version review apiVersion kind namespace name container id gate level tier title phase rationale references
  outcome reason messageId message fingerprint check target location file line column endLine endColumn path note because remedy
  owner environment environmentAssumed launchAt status documentVersion standard source collectedAt digest asOf validUntil verdict
  basis pass fail unknown notApplicable waived attestable assessments summary counts signOffs decidedBy gates conditions checks
  plan effort hours hoursToLaunch min likely max byPeople tasks chain after start slack critical findings steps effortBasis
  manifest waiver attestation views evidence notes inventory objects workloads byKind until`
  .trim()
  .split(/\s+/);
const rank: ReadonlyMap<string, number> = new Map(keyOrder.map((key, index) => [key, index]));

function byKeyOrder(a: string, b: string): number {
  return (rank.get(a) ?? keyOrder.length) - (rank.get(b) ?? keyOrder.length) || compareText(a, b);
}

/** The result itself, complete: the API for other programs. `schema/review-result.schema.json` describes it. */
export const json: Reporter = {
  id: 'json',
  title: 'JSON',
  extension: '.json',
  *render(result) {
    yield* inChunks(jsonPieces(result, byKeyOrder));
    yield '\n';
  },
};
