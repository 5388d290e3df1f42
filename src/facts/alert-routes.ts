import { alertmanagerOf } from '../evidence/masking/alertmanager.ts';
import { isObject, type JsonValue, listAt, objectAt, textAt, valueAt } from '../kube/json.ts';
import { type KubeObject, maskOf } from '../kube/object.ts';
import type { Path } from '../model/judgement.ts';
import { embeddedDocuments } from './embedded.ts';
import { fact } from './fact.ts';
import { inventory } from './inventory.ts';
import { type Selected, selectionOf } from './prometheus-selection.ts';

export interface Route {
  readonly receiver: string;
  readonly matchers: readonly string[];
  /** 0: the root, which takes every alert that no other route does. */
  readonly depth: number;
}

/** One Alertmanager configuration. */
export interface Routing {
  readonly object: KubeObject;
  readonly path: Path;
  /** unreadable: the text does not parse, or nothing could be said of a masked value. */
  readonly state: 'read' | 'unreadable';
  readonly routes: readonly Route[];
  readonly receivers: readonly { readonly name: string; readonly integrations: readonly string[] }[];
  /** Only for AlertmanagerConfig: whether an Alertmanager takes it up. */
  readonly selected: Selected | undefined;
  /** The only namespace whose alerts reach it: the operator adds such a matcher unless the Alertmanager's strategy says otherwise. */
  readonly onlyNamespace?: string;
}

/** Alertmanager configurations of the launch environment, system and platform, in the order of refs. */
export const routings = fact('routings', [inventory], (known): readonly Routing[] =>
  known.objects.flatMap((object): readonly Routing[] => {
    const { group, ref } = object;
    if (group === 'monitoring.coreos.com' && ref.kind === 'AlertmanagerConfig')
      return [customRouting(object, selectionOf(object, known))];
    if (group === '' && ref.kind === 'ConfigMap') return fileRoutings(object);
    return group === '' && ref.kind === 'Secret' ? secretRoutings(object) : [];
  }),
);

const isConfigKey = (key: string) => /^(?:alertmanager|config)[\w.-]{0,40}\.ya?ml$/.test(key);

function fileRoutings(object: KubeObject): readonly Routing[] {
  return embeddedDocuments(
    object,
    (key, text) => isConfigKey(key) && /^receivers\s{0,5}:/m.test(text) && /^route\s{0,5}:/m.test(text),
  ).map(({ path, value }) => {
    const read = isObject(value) ? alertmanagerOf(value) : undefined;
    const head = { object, path, selected: undefined };
    return read === undefined
      ? { ...head, state: 'unreadable' as const, routes: [], receivers: [] }
      : { ...head, state: 'read' as const, routes: read.routes, receivers: read.receivers };
  });
}

/** The values of a Secret are masked; of an Alertmanager configuration the mask keeps routes and kinds of integrations. */
function secretRoutings(object: KubeObject): readonly Routing[] {
  return ['stringData', 'data'].flatMap((field) =>
    Object.keys(objectAt(object.value, field)).flatMap((key): readonly Routing[] => {
      const path = [field, key];
      const content = maskOf(object, path)?.contains;
      const head = { object, path, selected: undefined };
      if (content?.kind === 'alertmanager')
        return [{ ...head, state: 'read', routes: content.routes, receivers: content.receivers }];
      const isMeant = /^alertmanager\.ya?ml$/.test(key);
      return isMeant && maskOf(object, path)?.placeholder !== true
        ? [{ ...head, state: 'unreadable', routes: [], receivers: [] }]
        : [];
    }),
  );
}

const deepest = 32;
const most = 2000;

/** AlertmanagerConfig writes `pagerdutyConfigs` for `pagerduty_configs` and matchers as objects. */
function customRouting(object: KubeObject, selected: Selected): Routing {
  const routes: Route[] = [];
  const visit = (route: JsonValue | undefined, inherited: string, depth: number): void => {
    if (!isObject(route) || depth > deepest || routes.length >= most) return;
    const receiver = textAt(route, 'receiver') ?? inherited;
    const matchers = listAt(route, 'matchers').map(
      (matcher) =>
        `${textAt(matcher, 'name') ?? ''}${textAt(matcher, 'matchType') ?? '='}${JSON.stringify(textAt(matcher, 'value') ?? '')}`,
    );
    routes.push({ receiver, matchers, depth });
    for (const child of listAt(route, 'routes')) visit(child, receiver, depth + 1);
  };
  visit(valueAt(object.value, 'spec', 'route'), '', 0);
  const receivers = listAt(object.value, 'spec', 'receivers')
    .slice(0, most)
    .filter(isObject)
    .map((receiver) => ({
      name: textAt(receiver, 'name') ?? '',
      integrations: Object.keys(receiver)
        .filter((key) => /^[a-z][A-Za-z0-9]{0,40}Configs$/.test(key) && listAt(receiver, key).length > 0)
        .sort(),
    }));
  const only = selected.status === 'yes' ? boundNamespace(object, selected.by) : undefined;
  return {
    object,
    path: ['spec'],
    state: 'read',
    routes,
    receivers,
    selected,
    ...(only === undefined ? {} : { onlyNamespace: only }),
  };
}

/** `alertmanagerConfigMatcherStrategy`: OnNamespace by default. https://prometheus-operator.dev/docs/api-reference/api/ */
function boundNamespace(object: KubeObject, alertmanager: KubeObject): string | undefined {
  const strategy = textAt(alertmanager.value, 'spec', 'alertmanagerConfigMatcherStrategy', 'type') ?? 'OnNamespace';
  const isExempt =
    strategy === 'OnNamespaceExceptForAlertmanagerNamespace' && object.ref.namespace === alertmanager.ref.namespace;
  return strategy === 'None' || isExempt ? undefined : (object.ref.namespace ?? 'default');
}
