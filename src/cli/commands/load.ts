import { type Command, Option } from 'commander';
import type { System } from '../../config/load.ts';
import type { LoadLimits } from '../../evidence/declared.ts';
import type { LoadTestRecord } from '../../evidence/load-tests/record.ts';
import { SeaworthyError } from '../../model/errors.ts';
import { textPage } from '../../report/text-page.ts';
import { exitCodes, type ExitCode } from '../exit-codes.ts';
import type { Host } from '../host.ts';
import { type LoadEngines } from '../load/engines.ts';
import { judgeRun } from '../load/judgement.ts';
import type { LoadOptions } from '../load/options.ts';
import { runPage } from '../load/page.ts';
import { chooseLimits } from '../load/prepare.ts';
import { coverage, newRecordPath, readRecordFile, writeRecord } from '../load/record-file.ts';
import { type Ran, runScenario } from '../load/run-scenario.ts';
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
  outputOptions(command)
    .addHelpText('after', loadHelp)
    .action((path: string | undefined, options: LoadOptions) => finish(() => runLoad(host, path, options, engines)));
  const show = command
    .command('show')
    .description('Print the page of a kept result again.')
    .argument('<file>', 'a record of seaworthy load');
  thresholdOption(show);
  viewOf(show).action((file: string, options: LoadOptions) => finish(() => showRecord(host, file, options)));
}

function testOptions(command: Command): void {
  command
    .option('--target <url>', 'where the load goes (default: that of the review file)')
    .option('--target-environment <name>', 'what the target is: staging')
    .addOption(
      new Option('--engine <name>', 'auto: k6 for a script, else the embedded engine').choices(['auto', 'embedded', 'k6']),
    )
    .option('--rate <number>', 'requests a second; changes the scenario')
    .option('--duration <length>', 'of the measured part: 60s, 5m; changes the scenario')
    .option('--warmup <length>', 'before it, not counted; changes the scenario')
    .option('--timeout <length>', 'of one request; changes the scenario')
    .option('--connections <number>', 'most connections at one time; changes the scenario')
    .addOption(new Option('--protocol <name>', 'changes the scenario').choices(['http/1.1', 'h2']))
    .option('--insecure', 'do not verify certificates; changes the scenario')
    .option('--workers <number>', 'threads that send (default: by the rate)');
  thresholdOption(command);
  command
    .option('--image <digest>', 'an image that the target runs; repeatable', collect, [])
    .option('--images-under-review', 'the target runs the images under review');
}

const thresholdOption = (command: Command): Command =>
  command.option(
    '--threshold <limit>',
    "another limit for this run: 'p95<200ms', 'p99<500ms', 'errors<0.1%', 'throughput>100/s'; repeatable",
    collect,
    [],
  );

const safetyOptions = (command: Command): Command =>
  command
    .option('--confirm <host>', 'you may put load on this host; needed for other machines and for production')
    .option('--max-rate <number>', 'raise the cap of 2000 requests a second')
    .option('--max-duration <length>', 'raise the cap of one hour');

const outputOptions = (command: Command): Command =>
  viewOf(
    command.option(
      '-o, --output <file>',
      'where the record goes (default: evidence/load-test-<moment>.json beside the review file)',
    ),
  );

const viewOf = (command: Command): Command =>
  command
    .addOption(new Option('-f, --format <format>', 'what to print').choices(['text', 'json']).default('text'))
    .addOption(new Option('--color <when>', 'colours in the terminal').choices(['auto', 'always', 'never']).default('auto'));

const loadHelp = `
Examples:
  seaworthy load                                                          the load test of seaworthy.yaml
  seaworthy load --target http://127.0.0.1:3000/healthz --rate 120 --duration 60s
  seaworthy load --confirm staging.example                                a target on another machine
  seaworthy load show evidence/load-test-20260310T090000Z.json            the page of a kept result

Exit code 0 where every limit was kept with confidence, 1 where not, 2 for errors.`;

const collect = (value: string, previous: readonly string[]): readonly string[] => [...previous, value];

async function runLoad(host: Host, path: string | undefined, options: LoadOptions, engines: LoadEngines): Promise<ExitCode> {
  const system = await findSystem(host, path === undefined ? [] : [path], {
    ...(options.config === undefined ? {} : { config: options.config }),
    ...(options.environment === undefined ? {} : { environment: options.environment }),
  });
  const ran = await runChosen(host, system, options, engines);
  const file = options.output ?? (await newRecordPath(host, system, ran.record.startedAt ?? host.io.now()));
  await writeRecord(host, file, ran.record);
  return printResult(host, ran.record, file, chooseLimits(system?.loadTest, options), options, [
    ...ran.remarks,
    `Record: ${file}. ${coverage(system, file).words}`,
  ]);
}

/** A script is run by k6; the embedded engine stands in for it only where somebody says so. */
function runChosen(host: Host, system: System | undefined, options: LoadOptions, engines: LoadEngines): Promise<Ran> {
  const { script, engine: declared = 'auto' } = system?.loadTest ?? {};
  const engine = options.engine ?? declared;
  if (engine === 'k6' || (engine === 'auto' && script !== undefined))
    throw new SeaworthyError('SW_LOAD_ENGINE', 'k6 is not there yet.');
  return runScenario(host, system, options, engines, declared === 'embedded' ? undefined : script);
}

const rules = { minSeconds: 60, minRequests: 3000, minBlocks: 12, minBlockSeconds: 5 };

async function printResult(
  host: Host,
  record: LoadTestRecord,
  file: string,
  limits: LoadLimits,
  options: LoadOptions,
  remarks: readonly string[],
): Promise<ExitCode> {
  const judgement = judgeRun(record, limits, rules);
  if (options.format === 'json') await host.write('stdout', `${JSON.stringify({ file, judgement, limits, record })}\n`);
  else {
    const page = textPage(renderOptions(host, { color: options.color, details: 'summary' }, false));
    const lines = [...runPage(record, judgement, page), ...remarks.flatMap((remark) => page.lines('  ', remark))];
    await host.write('stdout', `${lines.join('\n')}\n`);
  }
  return judgement.state === 'kept' ? exitCodes.acceptable : exitCodes.notAcceptable;
}

async function showRecord(host: Host, file: string, options: LoadOptions): Promise<ExitCode> {
  const record = await readRecordFile(host, file);
  return printResult(host, record, file, chooseLimits(undefined, options), options, []);
}
