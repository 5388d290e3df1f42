import { runningContainers } from '../../facts/serving.ts';
import { workloads } from '../../facts/workloads.ts';
import { textAt, texts, valueAt } from '../../kube/json.ts';
import { asksTheSame, type Probe, type ProbePurpose, readProbe } from '../../kube/probe.ts';
import type { Container, Workload } from '../../kube/workload.ts';
import { defineCheck, type Judgement, type Say } from '../define-check.ts';

const purposes: readonly ProbePurpose[] = ['startup', 'readiness', 'liveness'];

const messages = {
  sound:
    'The probes of container {container} ({probes}) ask it on ports that it has and nothing outside its Pod, and none kills it for being busy.',
  identical:
    'Readiness and liveness of container {container} ask the same ({question}), and liveness gives up after {liveness} s, no later than readiness ({readiness} s): a Pod that is only busy is killed instead of spared.',
  'unknown-port-name':
    'The {purpose} probe of container {container} names port {port}, which the container does not declare: it fails every time.',
  'no-handler': 'The {purpose} probe of container {container} asks nothing: the API server refuses it.',
  'other-container':
    'The liveness probe of container {container} asks port {port}, which container {other} has: one container is killed for the other.',
  'other-host':
    'The {purpose} probe of container {container} asks {host}, not its own Pod: when that is down, every Pod that asks it goes with it.',
  'undeclared-port':
    'The {purpose} probe of container {container} asks port {port}, which no container declares: whether anything listens there cannot be seen. Declare it under ports.',
  'long-delay':
    'The liveness probe of container {container} waits {delay} s before it asks, after every start: a startup probe waits only as long as the start takes.',
  'one-strike':
    'The liveness probe of container {container} kills it after one answer that takes longer than {timeout} s (failureThreshold 1).',
  'no-probes': 'Container {container} has no probes.',
} as const;
type Speaker = Say<typeof messages>;

export const healthProbeDesign = defineCheck({
  id: 'health-probe-design',
  gate: 'workloads',
  level: 'medium',
  title: 'Probes tell a busy container from a dead one',
  rationale:
    'Readiness takes a Pod out of traffic, liveness kills it. Probes that mix the two up, ask a neighbour or cannot succeed turn load or a small failure into an outage.',
  remedy: 'add-probes',
  references: [
    'https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/',
    'https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/',
  ],
  decidedBy: 'manifests',
  attestable: false,
  whenToWaive: 'The endpoint is so cheap that it fails only when the program is dead.',
  needs: { workloads },
  parameters: { maxInitialDelaySeconds: 60 },
  stricter: { maxInitialDelaySeconds: 'lower' },
  messages,
  looksFor: ['*'],
  *targets({ workloads }) {
    for (const workload of workloads.system) {
      if (workload.runsToCompletion) continue;
      for (const container of runningContainers(workload))
        yield { ref: container.ref, object: workload.object, path: container.path, container, workload };
    }
  },
  assess({ container, workload }, { parameters }, say) {
    const probes = purposes.flatMap((purpose) => readProbe(container, purpose) ?? []);
    if (probes.length === 0) return say.notApplicable('no-probes', { container: container.name });
    const found = [
      ...identicalProbes(container, say),
      ...probes.flatMap((probe) => [...portProblems(probe, container, workload, say)]),
      ...probes.flatMap((probe) => [...hostProblems(probe, container, workload, say)]),
      ...probes.flatMap((probe) => [...timeProblems(probe, container, parameters.maxInitialDelaySeconds, say)]),
    ];
    const [first, ...others] = found;
    if (first !== undefined) return [first, ...others];
    return say.pass('sound', { container: container.name, probes: probes.map(({ purpose }) => purpose).join(', ') });
  },
});

const fields = { readiness: 'readinessProbe', liveness: 'livenessProbe', startup: 'startupProbe' } as const;

/**
 * One endpoint for both is a common pattern where liveness waits longer (the Kubernetes documentation recommends it): the Pod is out
 * of traffic for a while before it is killed.
 */
function* identicalProbes(container: Container, say: Speaker): Generator<Judgement> {
  const readiness = readProbe(container, 'readiness');
  const liveness = readProbe(container, 'liveness');
  if (readiness === undefined || liveness === undefined || !asksTheSame(container, 'readiness', 'liveness')) return;
  const patience = (probe: Probe) => probe.failureThreshold * probe.period;
  if (patience(liveness) > patience(readiness)) return;
  const question = [liveness.handler, liveness.urlPath, liveness.writtenPort].filter((part) => part !== undefined).join(' ');
  yield {
    ...say.fail('identical', {
      container: container.name,
      question,
      liveness: patience(liveness),
      readiness: patience(readiness),
    }),
    at: [fields.liveness],
  };
}

function* portProblems(probe: Probe, container: Container, workload: Workload, say: Speaker): Generator<Judgement> {
  const { purpose } = probe;
  const at = [fields[purpose]];
  if (probe.handler === 'none') yield { ...say.fail('no-handler', { purpose, container: container.name }), at, key: purpose };
  if (probe.handler === 'none' || probe.handler === 'exec') return;
  // A probe of another host asks a port that is not the Pod's.
  if (hostOf(probe, container, workload) !== undefined) return;
  const port = probe.port;
  if (port === undefined) {
    yield {
      ...say.fail('unknown-port-name', { purpose, container: container.name, port: probe.writtenPort ?? '(none)' }),
      at,
      key: purpose,
    };
    return;
  }
  if (container.ports.some(({ number }) => number === port)) return;
  const other = runningContainers(workload).find(({ ports }) => ports.some(({ number }) => number === port));
  if (other !== undefined && purpose === 'liveness')
    yield { ...say.fail('other-container', { container: container.name, port, other: other.name }), at };
  if (other === undefined)
    yield {
      ...say.unknown('undeclared-port', { purpose, container: container.name, port }),
      reason: 'undecidable',
      at,
      key: purpose,
    };
}

function* hostProblems(probe: Probe, container: Container, workload: Workload, say: Speaker): Generator<Judgement> {
  const host = hostOf(probe, container, workload);
  if (host !== undefined)
    yield {
      ...say.fail('other-host', { purpose: probe.purpose, container: container.name, host }),
      at: [fields[probe.purpose]],
      key: probe.purpose,
    };
}

/** The host that a probe asks, where it is written and is not the Pod itself. A variable may be the Pod's own address. */
function hostOf(probe: Probe, container: Container, workload: Workload): string | undefined {
  const value = valueAt(container.value, fields[probe.purpose], probe.handler);
  const written = probe.handler === 'exec' ? hostOfCommand(texts(valueAt(value, 'command'))) : textAt(value, 'host');
  if (written === undefined || written === '' || written.includes('$')) return undefined;
  // A command runs in the container; the kubelet asks from the node, whose loopback is the Pod's only on the host's network.
  const inPod = probe.handler === 'exec' || workload.hostNetwork;
  if (inPod && /^(localhost|127(\.[0-9]{1,3}){3}|0\.0\.0\.0|\[?::1?\]?)$/.test(written)) return undefined;
  // Pods of the host's network have the node's addresses, as control planes do.
  return workload.hostNetwork && /^[0-9.]{7,15}$|:/.test(written) ? undefined : written;
}

/** The host of the first URL on a command line. Only clients that fetch it count: a URL may also be an argument of something else. */
function hostOfCommand(command: readonly string[]): string | undefined {
  const text = command.join(' ').slice(0, 4096);
  if (!/(^|[\s/;|&])(curl|wget)\s/.test(text)) return undefined;
  return /https?:\/\/(\[[0-9a-fA-F:]{2,45}\]|[^\s/:'"]{1,253})/.exec(text)?.[1];
}

function* timeProblems(probe: Probe, container: Container, maxInitialDelay: number, say: Speaker): Generator<Judgement> {
  const { purpose } = probe;
  if (purpose === 'liveness' && probe.failureThreshold === 1)
    yield { ...say.fail('one-strike', { container: container.name, timeout: probe.timeout }), at: [fields.liveness] };
  // A command may ask for the age of something, which a start cannot have yet; a port answers as soon as the program is up.
  if (
    purpose === 'liveness' &&
    probe.handler !== 'exec' &&
    probe.initialDelay > maxInitialDelay &&
    readProbe(container, 'startup') === undefined
  )
    yield {
      ...say.fail('long-delay', { container: container.name, delay: probe.initialDelay }),
      at: [fields.liveness, 'initialDelaySeconds'],
    };
}
