import { Command, CommanderError } from 'commander';
import { version } from '../model/version.ts';
import { addAccess } from './commands/access.ts';
import { addExplain } from './commands/explain.ts';
import { addInit } from './commands/init.ts';
import { addLoad } from './commands/load.ts';
import { addNetwork } from './commands/network.ts';
import { addPlan } from './commands/plan.ts';
import { addReview } from './commands/review.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import type { Host } from './host.ts';
import { type LoadEngines, loadEngines } from './load/engines.ts';
import { renderError } from './render-error.ts';

/** A command's work: takes the host, gives the exit code. */
export type Finish = (run: () => Promise<ExitCode>) => Promise<void>;

/** Runs one command line. Never throws; the answer is the exit code. */
export async function runCli(host: Host, engines: LoadEngines = loadEngines): Promise<ExitCode> {
  let code: ExitCode = exitCodes.acceptable;
  const finish: Finish = async (run) => {
    code = await run();
  };
  const pending: Promise<void>[] = [];
  const program = createProgram(host, finish, engines).configureOutput({
    writeOut: (text) => pending.push(host.write('stdout', text)),
    writeErr: (text) => pending.push(host.write('stderr', text)),
  });
  for (const command of program.commands) command.copyInheritedSettings(program);
  try {
    if (host.args.length === 0) program.outputHelp();
    else await program.parseAsync([...host.args], { from: 'user' });
  } catch (error) {
    // Commander throws for --help too, with exit code 0; its messages are written already.
    if (error instanceof CommanderError) code = error.exitCode === 0 ? exitCodes.acceptable : exitCodes.error;
    else {
      if (host.env['SEAWORTHY_DEBUG'] && error instanceof Error) await host.write('stderr', `${error.stack ?? ''}\n`);
      await host.write('stderr', renderError(error));
      code = exitCodes.error;
    }
  }
  await Promise.all(pending);
  return code;
}

/** The command tree; the CLI reference is generated from it. */
export function createProgram(host: Host, finish: Finish, engines: LoadEngines = loadEngines): Command {
  const program = new Command('seaworthy')
    .description(
      'Computes a production readiness review for a system on Kubernetes: evidence, proof, verdict and the ordered way out.',
    )
    .version(version, '-V, --version')
    .exitOverride()
    // Options belong to the command before them, so that a command and its subcommand may share names.
    .enablePositionalOptions()
    .showHelpAfterError('(seaworthy --help lists the commands)')
    .showSuggestionAfterError(true);
  addReview(program, host, finish);
  addPlan(program, host, finish);
  addNetwork(program, host, finish);
  addAccess(program, host, finish);
  addLoad(program, host, finish, engines);
  addExplain(program, host, finish);
  addInit(program, host, finish);
  return program;
}
