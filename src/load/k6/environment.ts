import type { Environment } from './program.ts';

/** Variables of k6 that say how to reach things, not what to run. */
const kept = /^K6_(?:BROWSER_|WEB_DASHBOARD|INSECURE_SKIP_TLS_VERIFY$)/;

/**
 * What k6 runs in: the user's environment and the variables of the test. Settings of k6 in the environment (K6_VUS, K6_DURATION) are left
 * out: they would run another test than the script says, under the script's name. Values are passed here and not as arguments, which
 * every user of the machine can read.
 */
export function k6Environment(env: Environment, variables: Readonly<Record<string, string>>): Record<string, string> {
  const result: Record<string, string> = {};
  for (const [name, value] of Object.entries(env))
    if (value !== undefined && (!/^K6_/i.test(name) || kept.test(name))) result[name] = value;
  return {
    ...result,
    ...variables,
    K6_AUTO_EXTENSION_RESOLUTION: 'false',
    K6_NEW_MACHINE_READABLE_SUMMARY: 'false',
    K6_NO_USAGE_REPORT: 'true',
    K6_NO_SUMMARY: 'false',
  };
}

const shortestSecret = 8;

/**
 * Values that no message may show. A script can read the whole environment: what is long and no path counts as secret, so that messages
 * stay readable.
 */
export function secretsIn(env: Environment, variables: Readonly<Record<string, string>>): Record<string, string> {
  const secrets: Record<string, string> = {};
  for (const [name, value] of Object.entries(env))
    if (value !== undefined && value.length >= shortestSecret && !value.startsWith('/')) secrets[name] = value;
  return { ...secrets, ...variables };
}
