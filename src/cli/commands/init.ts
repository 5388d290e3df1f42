import type { Command } from 'commander';
import { defaultSystem } from '../../config/load.ts';
import { draftReviewFile } from '../../config/draft.ts';
import { gather } from '../../gather/gather.ts';
import { SeaworthyError } from '../../model/errors.ts';
import { exitCodes, type ExitCode } from '../exit-codes.ts';
import type { Host } from '../host.ts';
import { progressLine } from '../progress.ts';
import type { Finish } from '../run.ts';

interface InitOptions {
  readonly output: string;
  readonly force?: boolean;
}

/** `seaworthy init [PATH]`: write a review file from what is found there. */
export function addInit(program: Command, host: Host, finish: Finish): void {
  program
    .command('init')
    .description('Write a review file from what is found in a path.')
    .argument('[path]', 'where the manifests are', '.')
    .option('-o, --output <file>', 'the file to write; "-" prints it', 'seaworthy.yaml')
    .option('--force', 'overwrite an existing file')
    .action((path: string, options: InitOptions) => finish(() => runInit(host, path, options)));
}

async function runInit(host: Host, path: string, options: InitOptions): Promise<ExitCode> {
  const toFile = options.output !== '-';
  if (toFile && options.force !== true && (await host.io.kindOf(options.output)) !== undefined) {
    throw new SeaworthyError('SW_OUTPUT', 'The file exists already.', {
      where: options.output,
      hint: 'Use --force to overwrite it, or --output to write another.',
    });
  }
  const progress = progressLine(host);
  const bundle = await gather(host.io, defaultSystem([path]), progress);
  await progress.done();
  const text = draftReviewFile(bundle, path);
  if (!toFile) await host.write('stdout', text);
  else {
    await host.writeFile(options.output, [text]);
    await host.write(
      'stdout',
      `Wrote ${options.output}. Read it, then run: seaworthy review${options.output === 'seaworthy.yaml' ? '' : ` --config ${options.output}`}\n`,
    );
  }
  return exitCodes.acceptable;
}
