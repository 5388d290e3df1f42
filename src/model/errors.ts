/**
 * The error catalogue. Expected failures carry a code from here; anything else that reaches the edge is a bug and is shown as one.
 * Message: what happened, and where. Hint: what to do next.
 */
export const errorCatalogue = {
  SW_USAGE: 'The command line cannot be understood.',
  SW_NO_OBJECTS: 'No Kubernetes object was found in the sources.',
  SW_SOURCE_NOT_FOUND: 'A source does not exist.',
  SW_SOURCE_UNREADABLE: 'A source cannot be read.',
  SW_SOURCE_AMBIGUOUS: 'A directory holds several roots and none was chosen.',
  SW_TOOL_MISSING: 'A program that renders a source is not installed.',
  SW_TOOL_FAILED: 'A program that renders a source failed.',
  SW_REVIEW_FILE: 'The review file is not valid.',
  SW_STANDARD_FILE: 'The standard is not valid.',
  SW_BUNDLE: 'The bundle cannot be used.',
  SW_RESULT: 'The result file cannot be used.',
  SW_OUTPUT: 'An output cannot be written.',
  SW_LOAD_PLAN: 'The load test cannot be planned.',
  SW_LOAD_TARGET: 'The target of the load test may not be used.',
  SW_LOAD_ENGINE: 'The load-test engine is missing, or did not finish.',
  SW_LOAD_RESULT: 'Load-test results cannot be used.',
  SW_UNKNOWN_CHECK: 'No check has that name.',
  SW_UNKNOWN_NAME: 'A name on the command line stands for nothing, or for several things.',
} as const;

export type ErrorCode = keyof typeof errorCatalogue;

/** A failure that the user can do something about. Rendered as two lines and a hint, never as a stack trace. */
export class SeaworthyError extends Error {
  readonly code: ErrorCode;
  readonly where: string | undefined;
  readonly hint: string | undefined;
  constructor(code: ErrorCode, message: string, options: { where?: string; hint?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'SeaworthyError';
    this.code = code;
    this.where = options.where;
    this.hint = options.hint;
  }
}

/** `file:line:column` as editors and terminals link it; what is unknown is left out. */
export function formatPlace(place: { file: string; line?: number | undefined; column?: number | undefined }): string {
  return place.line === undefined
    ? place.file
    : `${place.file}:${place.line}${place.column === undefined ? '' : `:${place.column}`}`;
}
