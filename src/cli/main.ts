#!/usr/bin/env node
import { version } from '../model/version.ts';
import { finish, nodeHost } from './host.ts';

const host = nodeHost();
// Answered before anything else is loaded: editors and scripts ask for it often.
if (host.args.length === 1 && (host.args[0] === '--version' || host.args[0] === '-V')) await host.write('stdout', `${version}\n`);
else {
  const { runCli } = await import('./run.ts');
  finish(await runCli(host));
}
