/** What to do about a raw template. */
export declare const TEMPLATE_HINT = "render the chart first (helm template)";
/**
 * Whether a piece that cannot be read is a template (Helm, `{{ ... }}`), and at which offset its first action stands: on the line
 * of the error, or as the start of a line or of an unquoted value.
 */
export declare function isTemplate(piece: string, errorAt: number): number | undefined;
