import type { Command } from 'commander';
import type { System } from '../../config/load.ts';
import type { LoadTestRecord } from '../../evidence/load-tests/record.ts';
import { SeaworthyError } from '../../model/errors.ts';
import { textPage } from '../../report/text-page.ts';
import { readResult } from '../../gather/load-tests/read-result.ts';
import { exitCodes, type ExitCode } from '../exit-codes.ts';
import type { Host } from '../host.ts';
import { collectFiles } from '../load/collect.ts';
import { type Demand, demandOf } from '../load/demand.ts';
import { emitScenario } from '../load/emit.ts';
import { type LoadEngines } from '../load/engines.ts';
import {
  repeated,
  emitOptions,
  formatOptions,
  outputOptions,
  safetyOptions,
  testOptions,
  thresholdOption,
} from '../load/flags.ts';
import { judgeRun } from '../load/judgement.ts';
import type { LoadOptions } from '../load/options.ts';
import { runPage } from '../load/page.ts';
import { coverage, newRecordPath, writeRecord } from '../load/record-file.ts';
import { type Ran, runScenario } from '../load/run-scenario.ts';
import { runScript } from '../load/run-script.ts';
import type { Finish } from '../run.ts';
import { findSystem } from '../system.ts';
import { renderOptions } from '../view.ts';

/** `seaworthy load [PATH]`, `load collect FILE...` and `load show FILE`. */
export function addLoad(program: Command, host: Host, finish: Finish, engines: LoadEngines): void {
  const command = program
    .command('load')
    .description('Run the load test of the review file, or one from the command line, and keep its record as evidence.')
    .argument('[path]', 'the review file, or the folder that holds it')
    // Options behind a subcommand are its own.
    .enablePositionalOptions()
    .option('-c, --config <file>', 'the review file (default: seaworthy.yaml, in the path or here)')
    .option('-e, --environment <name>', 'the launch target (default: production)');
  testOptions(command);
  safetyOptions(command);
  emitOptions(command);
  outputOptions(command)
    .addHelpText('after', loadHelp)
    .action((path: string | undefined, options: LoadOptions) => finish(() => runLoad(host, path, options, engines)));
  const gather = command
    .command('collect')
    .description('Add up the results of the runners of one test: records, logs with their result line, and the list of Pods.')
    .argument('<file...>', 'records of seaworthy load, logs of k6, or the output of kubectl get pods -o json')
    .option('--runners <number>', 'how many there were; fewer results make the run invalid')
    .option('--target-environment <name>', 'what the target was: staging')
    .addOption(repeated('--image <digest>', 'an image that the target ran; repeatable'));
  thresholdOption(gather);
  outputOptions(gather).action((files: string[], options: LoadOptions) => finish(() => runCollect(host, files, options)));
  const show = command
    .command('show')
    .description('Print the page of a kept result again.')
    .argument('<file>', 'a record of seaworthy load');
  thresholdOption(show);
  formatOptions(show).action((file: string, options: LoadOptions) => finish(() => showRecord(host, file, options)));
}

const loadHelp = `
Examples:
  seaworthy load                                                          the load test of seaworthy.yaml
  seaworthy load --target http://127.0.0.1:3000/healthz --rate 120 --duration 60s
  seaworthy load --confirm staging.example                                a target on another machine
  seaworthy load show evidence/load-test-20260310T090000Z.json            the page of a kept result

Exit code 0 where every limit was kept with confidence, 1 where not, 2 for errors.`;

async function runLoad(host: Host, path: string | undefined, options: LoadOptions, engines: LoadEngines): Promise<ExitCode> {
  const system = await findSystem(host, path === undefined ? [] : [path], {
    ...(options.config === undefined ? {} : { config: options.config }),
    ...(options.environment === undefined ? {} : { environment: options.environment }),
  });
  if (options.emit !== undefined) {
    await emitScenario(host, system, options);
    return exitCodes.acceptable;
  }
  const ran = await runChosen(host, system, demandOf(system, options), options, engines);
  return keepResult(host, system, ran, options);
}

/** Writes the record whatever it says, then shows it. */
async function keepResult(
  host: Host,
  system: System | undefined,
  { record, remarks }: Ran,
  options: LoadOptions,
): Promise<ExitCode> {
  const file = options.output ?? (await newRecordPath(host, system, record.startedAt ?? host.io.now()));
  await writeRecord(host, file, record);
  return printResult(host, record, file, demandOf(system, options), options, [
    ...remarks,
    `Record: ${file}. ${coverage(system, file).words}`,
  ]);
}

async function runCollect(host: Host, files: readonly string[], options: LoadOptions): Promise<ExitCode> {
  return keepResult(host, await findSystem(host, [], {}), await collectFiles(host, files, options), options);
}

/** A script is run by k6; the embedded engine stands in for it only where somebody says so. */
function runChosen(
  host: Host,
  system: System | undefined,
  demand: Demand,
  options: LoadOptions,
  engines: LoadEngines,
): Promise<Ran> {
  const { script, engine: declared = 'auto' } = system?.loadTest ?? {};
  const engine = options.engine ?? declared;
  if (engine === 'k6' && script === undefined)
    throw new SeaworthyError('SW_USAGE', 'k6 runs scripts, and the review file names none.', {
      hint: 'Write the scenario as one with --emit k6 -o load-test.js, and name it under spec.loadTest.script.',
    });
  if (system !== undefined && script !== undefined && engine !== 'embedded')
    return runScript(host, system, script, demand, options, engines);
  return runScenario(host, system, demand, options, engines, declared === 'embedded' ? undefined : script);
}

async function printResult(
  host: Host,
  record: LoadTestRecord,
  file: string,
  demand: Demand,
  options: LoadOptions,
  remarks: readonly string[],
): Promise<ExitCode> {
  const judgement = judgeRun(record, demand);
  if (options.format === 'json')
    await host.write('stdout', `${JSON.stringify({ file, judgement, limits: demand.limits, record })}\n`);
  else {
    const page = textPage(renderOptions(host, { color: options.color, details: 'summary' }, false));
    const lines = [...runPage(record, judgement, page), ...remarks.flatMap((remark) => page.lines('  ', remark))];
    await host.write('stdout', `${lines.join('\n')}\n`);
  }
  return judgement.state === 'kept' ? exitCodes.acceptable : exitCodes.notAcceptable;
}

async function showRecord(host: Host, file: string, options: LoadOptions): Promise<ExitCode> {
  const demand = demandOf(await findSystem(host, [], {}), options);
  const read = await readResult(host.io, file, [demand.limits.p95Ms, demand.limits.p99Ms]);
  if (!read.ok)
    throw new SeaworthyError('SW_LOAD_RESULT', `${read.message}.`, read.hint === undefined ? {} : { hint: read.hint });
  return printResult(host, read.record, file, demand, options, []);
}
