import type { EventList } from './events.ts';
/**
 * Refuses the tabs that kubectl refuses and js-yaml lets pass: at the start of a line in block context (also before a comment or
 * on a blank line), after `- ` and `? `, and after a plain scalar at too small a column.
 * Source: sigs.k8s.io/yaml/goyaml.v2 scannerc.go, yaml_parser_scan_to_next_token and yaml_parser_scan_plain_scalar.
 */
export declare function refuseTabs(list: EventList): void;
