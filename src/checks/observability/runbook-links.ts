import { type AlertRule, alerts, runbookKeys } from '../../facts/alerts.ts';
import { unseenKind } from '../../facts/custom-kinds.ts';
import { type Documents, documents } from '../../facts/documents.ts';
import { inventory, declaredReview } from '../../facts/inventory.ts';
import { defineCheck, type Judgement } from '../define-check.ts';

export const runbookLinks = defineCheck({
  id: 'runbook-links',
  gate: 'observability',
  level: 'high',
  title: 'Every alert links to its runbook',
  rationale: 'Whoever is woken by an alert has minutes, and searches for what to do.',
  remedy: 'link-runbooks',
  references: ['https://prometheus.io/docs/practices/alerting/', 'https://runbooks.prometheus-operator.dev/'],
  decidedBy: 'manifests',
  attestable: false,
  whenToWaive: 'An alert that only feeds another rule and reaches nobody.',
  needs: { inventory, alerts, documents, declaredReview },
  parameters: {},
  messages: {
    linked: 'Alert {alert} links to {link}.',
    'linked-document': 'Alert {alert} links to {path}, which exists.',
    hidden: 'Alert {alert} has a link that is masked.',
    absent: 'Alert {alert} has no annotation runbook_url.',
    placeholder: 'Alert {alert} links to {link}, which is a placeholder.',
    'no-document': 'Alert {alert} links to {path}, which is none of the declared runbooks.',
    'unread-document': 'Alert {alert} links to {path}, which could not be read.',
    none: 'No alert rule is in the sources.',
    unseen: 'No alert rule is in the sources, and {why}.',
  },
  looksFor: [],
  *targets({ alerts }) {
    for (const [object, rules] of Map.groupBy(alerts.system, (rule) => rule.object)) yield { ref: object.ref, object, rules };
  },
  assess({ rules }, { documents, declaredReview }, say) {
    const folders = declaredReview.documents.map(({ path }) => path);
    const [first, ...rest] = rules.map((rule): Judgement => {
      const key = rule.name;
      const at = rule.path;
      const link = linkOf(rule);
      const alert = rule.name;
      if (link === undefined)
        return { ...(rule.hasHiddenLink ? say.pass('hidden', { alert }) : say.fail('absent', { alert })), at, key };
      if (isPlaceholder(link)) return { ...say.fail('placeholder', { alert, link: shown(link) }), at, key };
      const target = documentOf(link, folders, documents);
      if (target === undefined) return { ...say.pass('linked', { alert, link: shown(link) }), at, key };
      const { path, status } = target;
      if (status === 'read') return { ...say.pass('linked-document', { alert, path }), at, key };
      return {
        ...(status === 'failed' ? say.unknown('unread-document', { alert, path }) : say.fail('no-document', { alert, path })),
        at,
        key,
      };
    });
    return first === undefined ? say.unknown('none') : [first, ...rest];
  },
  none({ inventory }, say) {
    const unseen = unseenKind(inventory, ['PrometheusRule.monitoring.coreos.com', 'ConfigMap']);
    return unseen === undefined ? say.notApplicable('none') : say.unknown('unseen', { why: unseen.why });
  },
});

function linkOf({ annotations }: AlertRule): string | undefined {
  for (const key of runbookKeys) {
    const link = annotations.get(key)?.trim();
    if (link) return link;
  }
  return undefined;
}

const isPlaceholder = (link: string): boolean =>
  /^(?:todo|tbd|fixme|none|n\/a|xxx+|-+|\?+)$/i.test(link) ||
  /^https?:\/\/(?:[\w-]{1,60}\.)?example\.(?:com|org|net)(?:\/|$)/i.test(link) ||
  /<[^<>]{1,80}>|\bTODO\b|\bCHANGE_?ME\b/.test(link);
const shown = (link: string): string => (link.length > 120 ? `${link.slice(0, 117)}...` : link);

/**
 * The declared document that a link means: the path of the link, without host, query and anchor, ends in a path below a declared folder or
 * file. Undefined: the link leads elsewhere, and nothing here can follow it.
 */
function documentOf(
  link: string,
  declared: readonly string[],
  documents: Documents,
): { readonly path: string; readonly status: 'read' | 'failed' | 'missing' } | undefined {
  const path = link
    .replace(/^[a-z]+:\/\/[^/]*/i, '')
    .replace(/[?#].*$/, '')
    .replace(/\/+$/, '');
  if (path.includes('{{')) return undefined;
  for (const entry of declared) {
    const steps = entry.split('/').filter((step) => step !== '' && step !== '.' && step !== '..');
    // At least the folder's last two steps must stand in the link: `docs/runbooks`; a single step (`runbooks`) is too common.
    for (let from = 0; from <= Math.max(0, steps.length - 2); from += 1) {
      const tail = `/${steps.slice(from).join('/')}`;
      const at = `/${path}`.lastIndexOf(tail);
      const rest = at < 0 ? undefined : `/${path}`.slice(at + tail.length);
      if (rest === undefined || (rest !== '' && !rest.startsWith('/'))) continue;
      const wanted = `${entry.replace(/\/+$/, '')}${rest}`;
      const found = documents
        .ofKind('runbook')
        .find((document) => document.path === wanted || document.path.replace(/\.[a-z]+$/i, '') === wanted);
      if (found !== undefined) return { path: wanted, status: found.state.status };
      if (documents.ofKind('runbook').some((document) => document.path.startsWith(entry)))
        return { path: wanted, status: 'missing' };
    }
  }
  return undefined;
}
