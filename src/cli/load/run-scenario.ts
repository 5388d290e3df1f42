import type { System } from '../../config/load.ts';
import type { LoadTestRecord } from '../../evidence/load-tests/record.ts';
import { runLoadTest } from '../../load/run.ts';
import type { Host } from '../host.ts';
import type { Demand } from './demand.ts';
import type { LoadEngines } from './engines.ts';
import { type TestedImages, testedImages } from './images.ts';
import { chooseTarget, headNotes, prepareScenario } from './prepare.ts';
import { type LoadOptions } from './options.ts';
import { liveProgress } from './progress.ts';
import { recordedForm } from './scenario.ts';
import { stderrColor } from './terminal.ts';
import { interruptible } from './interrupt.ts';

/** A record, and what the command has to say about it beside its page. */
export interface Ran {
  readonly record: LoadTestRecord;
  readonly remarks: readonly string[];
}

/** Runs a scenario with the embedded engine. `substituteFor`: the declared script that does not run. */
export async function runScenario(
  host: Host,
  system: System | undefined,
  { limits }: Demand,
  options: LoadOptions,
  engines: LoadEngines,
  substituteFor: string | undefined,
): Promise<Ran> {
  const { loadTest } = system ?? {};
  const chosen = chooseTarget(loadTest, options);
  const { environment } = chosen;
  const prepared = await prepareScenario(host, system, chosen, limits, options);
  const tested = await testedImages(host, system, environment, options);
  const head = {
    subject: { scenario: recordedForm(prepared.scenario), ...(substituteFor === undefined ? {} : { substituteFor }) },
    target: prepared.target.shown,
    ...(environment === undefined ? {} : { environment }),
    ...(tested.images === undefined ? {} : { images: tested.images }),
    variables: Object.keys(prepared.variables).sort(),
    startedAt: host.io.now(),
    notes: headNotes(prepared.target, environment, prepared.changed),
  };
  const progress = liveProgress(host, limits, { quiet: options.format === 'json', color: stderrColor(host, options.color) });
  const record = await interruptible(host, progress, (signal) =>
    runLoadTest(head, () => engines.embedded(prepared.plan, { signal, onProgress: progress.show })),
  );
  return { record, remarks: remarksOn(environment, tested) };
}

/** What a review will ask of the record and cannot find there. */
export const remarksOn = (environment: string | undefined, { words, advice }: TestedImages): readonly string[] => [
  `Images: ${words}.${advice === undefined ? '' : ` ${advice}`}`,
  ...environmentRemark(environment),
];

export const environmentRemark = (environment: string | undefined): readonly string[] =>
  environment === undefined
    ? ['Environment: not said, so that no review accepts the run. Add --target-environment staging, or whatever it is.']
    : [];
