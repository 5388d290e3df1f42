/** Reads what `seaworthy review` was pointed at. */
export { gather } from './gather/gather.ts';
export { nodeIo } from './gather/node-io.ts';
export { defaultSystem, loadReviewFile } from './config/load.ts';
export { loadBundle, saveBundle } from './evidence/store.ts';
export { review } from './review.ts';
export { checks, type CheckId } from './checks/index.ts';
export { reporters } from './report/index.ts';
export { version } from './model/version.ts';
export { SeaworthyError, type ErrorCode } from './model/errors.ts';
export type { Bundle } from './evidence/bundle.ts';
export type { Assessment, Level, Location, Outcome } from './model/judgement.ts';
export type { CheckResult, EvidenceItem, GateResult, Plan, PlanTask, ReviewResult, Verdict } from './model/result.ts';
export type { ObjectRef } from './model/object-ref.ts';
