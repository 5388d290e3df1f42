import { isObject, type JsonObject, type JsonValue, listAt, objectAt, textAt, textEntries, texts } from '../../kube/json.ts';
import type { MaskedContent } from '../../model/mask.ts';
import { scanText } from './text-scan.ts';

type Alertmanager = Extract<MaskedContent, { kind: 'alertmanager' }>;
type Route = Alertmanager['routes'][number];

const deepestRoute = 32;
const mostRoutes = 2000;
const mostReceivers = 2000;

/**
 * The route tree and the integrations of the receivers of an Alertmanager configuration; no address and no credential. A child route
 * without a receiver inherits its parent's. Undefined where the value is no such configuration.
 * https://prometheus.io/docs/alerting/latest/configuration/
 */
export function alertmanagerOf(value: JsonObject): Alertmanager | undefined {
  if (!isObject(value['route']) || !Array.isArray(value['receivers'])) return undefined;
  const routes: Route[] = [];
  addRoutes(routes, value['route'], '', 0);
  const receivers = listAt(value, 'receivers')
    .slice(0, mostReceivers)
    .filter(isObject)
    .map((receiver) => ({ name: shown(textAt(receiver, 'name') ?? ''), integrations: integrationsOf(receiver) }));
  return { kind: 'alertmanager', routes, receivers };
}

function addRoutes(routes: Route[], route: JsonValue, inherited: string, depth: number): void {
  if (!isObject(route) || depth > deepestRoute || routes.length >= mostRoutes) return;
  const receiver = textAt(route, 'receiver') ?? inherited;
  routes.push({ receiver: shown(receiver), matchers: matchersOf(route), depth });
  for (const child of listAt(route, 'routes')) addRoutes(routes, child, receiver, depth + 1);
}

/** Matchers in today's form; the deprecated `match` and `match_re` are written in it. */
function matchersOf(route: JsonObject): readonly string[] {
  const old = (field: string, operator: string) =>
    [...textEntries(objectAt(route, field))].map(([name, value]) => `${name}${operator}${JSON.stringify(value)}`);
  return [...texts(route['matchers']), ...old('match', '='), ...old('match_re', '=~')].slice(0, 100).map(shown);
}

/** Types such as `slack_configs` of which at least one entry stands. */
function integrationsOf(receiver: JsonObject): readonly string[] {
  return Object.keys(receiver)
    .filter((key) => /^[a-z][a-z0-9_]{0,40}_configs$/.test(key) && listAt(receiver, key).length > 0)
    .sort();
}

/** A name as it stands, unless it holds what a mask should hide. */
function shown(text: string): string {
  return text.length > 200 || text.includes('://') || scanText(text).length > 0 ? 'x'.repeat(Math.min(text.length, 200)) : text;
}
