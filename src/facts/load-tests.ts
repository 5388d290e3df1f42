import { type LoadTestData, type SlotOf, slotsOf } from '../evidence/bundle.ts';
import type { DeclaredReview } from '../evidence/declared.ts';
import { scenarioDigest } from '../evidence/load-tests/scenario-digest.ts';
import { compareText } from '../model/object-ref.ts';
import { parseMoment } from '../model/time.ts';
import { evidence, fact } from './fact.ts';
import { declaredReview } from './inventory.ts';

export interface LoadRun extends LoadTestData {
  /** In UTC, so that text order is time order; a record may have another zone. */
  readonly startedAt?: string;
}

export interface LoadTests {
  /** Runs, newest first; undated ones last. */
  readonly runs: readonly LoadRun[];
  /** Declared results that are missing or could not be read. */
  readonly unread: readonly { readonly source: string; readonly reason: string }[];
  readonly declared: DeclaredTest;
}

/** The test that the review file describes, as it stands now. */
export interface DeclaredTest {
  /** `sha256`: of the script; absent where it could not be read, and `reason` says why. */
  readonly script?: { readonly path: string; readonly sha256?: string; readonly reason?: string };
  /** Digest of the scenario. */
  readonly scenario?: string;
  /** True where the review file has the embedded engine run the scenario, whatever script it names beside. */
  readonly embedded: boolean;
}

const loadTestSlots = evidence('load-test-slots', (bundle) =>
  slotsOf(bundle, 'load-test').filter(({ role }) => role !== 'comparison'),
);
const loadScriptSlots = evidence('load-script-slots', (bundle) =>
  slotsOf(bundle, 'load-script').filter(({ role }) => role !== 'comparison'),
);

/** The load-test runs of the review, and the test they should be of. */
export const loadTests = fact('load-tests', [loadTestSlots, loadScriptSlots, declaredReview], loadTestsOf);

function loadTestsOf(
  slots: readonly SlotOf<'load-test'>[],
  scripts: readonly SlotOf<'load-script'>[],
  { loadTest }: DeclaredReview,
): LoadTests {
  const runs = slots.flatMap((slot) => (slot.status === 'collected' ? [runOf(slot.data)] : []));
  const unread = slots.flatMap((slot) =>
    slot.status === 'collected' ? [] : [{ source: slot.source, reason: sentence(slot.reason) }],
  );
  return {
    runs: runs.sort((a, b) => compareText(b.startedAt ?? '', a.startedAt ?? '') || compareText(a.path, b.path)),
    unread: unread.sort((a, b) => compareText(a.source, b.source)),
    declared: {
      embedded: loadTest?.engine === 'embedded',
      ...(loadTest?.script === undefined ? {} : { script: scriptOf(loadTest.script, scripts) }),
      ...(loadTest?.scenario === undefined ? {} : { scenario: scenarioDigest(loadTest.scenario) }),
    },
  };
}

function runOf({ path, record }: LoadTestData): LoadRun {
  const started = record.startedAt === undefined ? undefined : parseMoment(record.startedAt);
  return { path, record, ...(started?.ok === true ? { startedAt: started.text } : {}) };
}

function scriptOf(path: string, [slot]: readonly SlotOf<'load-script'>[]): NonNullable<DeclaredTest['script']> {
  if (slot?.status === 'collected') return { path, sha256: slot.data.sha256 };
  return { path, reason: slot === undefined ? 'nobody read it' : sentence(slot.reason) };
}

const sentence = (reason: string): string => reason.replace(/\.$/, '');
