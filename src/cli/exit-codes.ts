/** Exit codes are an API: CI jobs branch on them. */
export const exitCodes = {
  /** The verdict is acceptable under `--fail-on`. */
  acceptable: 0,
  /** It is not. */
  notAcceptable: 1,
  /** Usage, configuration or internal error: there is no verdict. */
  error: 2,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
