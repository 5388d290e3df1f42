import { unseenKind } from '../../facts/custom-kinds.ts';
import { inventory } from '../../facts/inventory.ts';
import { references } from '../../facts/references.ts';
import { asksForScraping, type Scrape, scrapes } from '../../facts/scrapes.ts';
import { workloads } from '../../facts/workloads.ts';
import { formatRef } from '../../model/object-ref.ts';
import { defineCheck } from '../define-check.ts';

/** Kinds that say what is scraped: only where all of them are known may absence be read as absence. */
const scrapeKinds = ['ServiceMonitor.monitoring.coreos.com', 'PodMonitor.monitoring.coreos.com', 'ConfigMap'] as const;

export const metricsScraped = defineCheck({
  id: 'metrics-scraped',
  gate: 'observability',
  level: 'high',
  title: 'The metrics of every serving workload are scraped',
  rationale: 'What is not scraped cannot alert: the first to notice a fault are the users.',
  remedy: 'scrape-metrics',
  references: [
    'https://prometheus-operator.dev/docs/developer/getting-started/',
    'https://prometheus.io/docs/prometheus/latest/configuration/configuration/#kubernetes_sd_config',
  ],
  decidedBy: 'platform',
  attestable: true,
  whenToWaive: 'A workload that pushes its metrics, or whose only signals come from what stands in front of it.',
  needs: { inventory, workloads, references, scrapes },
  parameters: {},
  messages: {
    scraped: '{how} scrapes port {port}.',
    provided: '{how} selects port {port}, and the Prometheus that reads it is declared as provided by {owner} until {expires}.',
    'no-port': '{how} selects this workload and names port {named}, which does not exist.',
    unselected: '{how} selects this workload, and no Prometheus reads it: {why}.',
    cut: '{how} scrapes port {port}, and the network policies deny it.',
    none: 'Nothing scrapes this workload.',
    undecided: 'Whether this workload is scraped cannot be decided: {why}.',
    annotated:
      'The annotation prometheus.io/scrape asks for scraping, and no Prometheus configuration in the sources honours it: add the configuration as a source, or attest it.',
    unseen: 'Nothing in the sources scrapes this workload, and {why}: add what scrapes it as a source, or attest it.',
  },
  looksFor: ['*'],
  *targets({ workloads, references }) {
    for (const workload of workloads.system) {
      const serves =
        references.servicesOf(workload).length > 0 ||
        workload.containers.some(({ role, ports }) => role !== 'init' && role !== 'ephemeral' && ports.length > 0);
      if (serves && !workload.runsToCompletion && workload.replicas !== 0)
        yield { ref: workload.ref, object: workload.object, workload };
    }
  },
  assess({ workload }, { inventory, references, scrapes, asOf }, say) {
    const found = scrapes.of(workload);
    const working = found.find(({ state }) => state.status === 'scraped');
    if (working?.port !== undefined)
      return { ...say.pass('scraped', { how: working.how, port: working.port }), because: [proof(working)] };
    const assumed = found.find(({ state }) => state.status === 'provided' && state.provided.expires > asOf);
    if (assumed?.state.status === 'provided' && assumed.port !== undefined) {
      const { owner, expires } = assumed.state.provided;
      return {
        ...say.pass('provided', { how: assumed.how, port: assumed.port, owner, expires }),
        reason: 'assumed',
        until: expires,
        because: [proof(assumed)],
      };
    }
    const undecided = found.find(({ state }) => state.status === 'unknown');
    if (undecided?.state.status === 'unknown')
      return { ...say.unknown('undecided', { why: undecided.state.why }), reason: 'undecidable', because: [proof(undecided)] };
    const lapsed = found.find(({ state }) => state.status === 'provided');
    if (lapsed?.state.status === 'provided')
      return say.unknown('undecided', {
        why: `the ${formatRef({ apiVersion: '', ...lapsed.state.provided })} that reads ${lapsed.how} was declared until ${lapsed.state.provided.expires}`,
      });
    const [broken] = found;
    if (broken !== undefined) {
      const { how, state } = broken;
      if (state.status === 'cut')
        return { ...say.fail('cut', { how, port: state.port }), because: [proof(broken), ...state.because] };
      if (state.status === 'no-port') return { ...say.fail('no-port', { how, named: state.named }), because: [proof(broken)] };
      if (state.status === 'unselected') return { ...say.fail('unselected', { how, why: state.why }), because: [proof(broken)] };
    }
    if (scrapes.open !== undefined) return { ...say.unknown('undecided', { why: scrapes.open }), reason: 'undecidable' };
    if (scrapes.files.some(({ isRead }) => !isRead))
      return say.unknown('undecided', { why: 'a Prometheus configuration in a ConfigMap does not parse' });
    if (scrapes.files.length === 0 && asksForScraping(workload, references)) return say.unknown('annotated');
    const unseen = unseenKind(inventory, scrapeKinds);
    return unseen === undefined ? say.fail('none') : say.unknown('unseen', { why: unseen.why });
  },
});

const proof = ({ object, how }: Scrape) => ({ note: how, object });
