import { type Command, Option } from 'commander';

/** The options of `seaworthy load` and its subcommands, in the order of its help. */
export function testOptions(command: Command): void {
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
    .addOption(repeated('--image <digest>', 'an image that the target runs; repeatable'))
    .option('--images-under-review', 'the target runs the images under review');
}

export const emitOptions = (command: Command): Command =>
  command
    .addOption(new Option('--emit <what>', 'write the scenario for k6 instead of running it').choices(['k6', 'k6-operator']))
    .option('--runners <number>', 'with --emit: runners that share the load')
    .option('--namespace <name>', 'with --emit k6-operator')
    .option('--image-k6 <image>', 'with --emit k6-operator: the image of k6');

export const thresholdOption = (command: Command): Command =>
  command.addOption(
    repeated(
      '--threshold <limit>',
      "another limit for this run: 'p95<200ms', 'p99<500ms', 'errors<0.1%', 'throughput>100/s'; repeatable",
    ),
  );

export const safetyOptions = (command: Command): Command =>
  command
    .option('--confirm <host>', 'you may put load on this host; needed for other machines and for production')
    .option('--max-rate <number>', 'raise the cap of 2000 requests a second')
    .option('--max-duration <length>', 'raise the cap of one hour');

export const outputOptions = (command: Command): Command =>
  formatOptions(
    command.option(
      '-o, --output <file>',
      'where the record goes (default: evidence/load-test-<moment>.json beside the review file)',
    ),
  );

export const formatOptions = (command: Command): Command =>
  command
    .addOption(new Option('-f, --format <format>', 'what to print').choices(['text', 'json']).default('text'))
    .addOption(new Option('--color <when>', 'colours in the terminal').choices(['auto', 'always', 'never']).default('auto'));

/** An option that may be given several times. */
export const repeated = (flags: string, description: string): Option =>
  new Option(flags, description)
    .argParser((value: string, previous: readonly string[]) => [...previous, value])
    .default([], 'none');
