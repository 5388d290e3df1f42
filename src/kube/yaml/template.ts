/** What to do about a raw template. */
export const TEMPLATE_HINT = 'render the chart first (helm template)';

const ACTION = /^[ \t]*(?:- +)?(?:[^\s:'"#]+:[ \t]+)?\{\{/m;

/**
 * Whether a piece that cannot be read is a template (Helm, `{{ ... }}`), and at which offset its first action stands: on the line
 * of the error, or as the start of a line or of an unquoted value.
 */
export function isTemplate(piece: string, errorAt: number): number | undefined {
  const start = Math.max(piece.lastIndexOf('\n', Math.max(errorAt - 1, 0)), -1) + 1;
  const end = piece.indexOf('\n', errorAt);
  const onLine = piece.slice(start, end === -1 ? piece.length : end).indexOf('{{');
  if (onLine !== -1) return start + onLine;
  const action = ACTION.exec(piece);
  return action ? action.index + action[0].length - 2 : undefined;
}
