import { dnsAccess } from '../../facts/network/dns.ts';
import { network } from '../../facts/network/network.ts';
import { explain, unseenPolicies } from '../../facts/network/standing.ts';
import { defineCheck } from '../define-check.ts';
import { listing, passOn, proofOf, undecidable } from '../judge-traffic.ts';

export const dnsEgress = defineCheck({
  id: 'dns-egress',
  gate: 'network',
  level: 'blocker',
  title: 'Every workload may ask the DNS, by a rule, over UDP and TCP',
  rationale:
    'Names are resolved before anything else works. Where DNS works only because egress is open, the first egress policy cuts every name, and with it every flow.',
  remedy: 'allow-dns-egress',
  references: [
    'https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/',
    'https://kubernetes.io/docs/concepts/services-networking/network-policies/#default-deny-all-egress-traffic',
  ],
  decidedBy: 'platform',
  attestable: false,
  whenToWaive: 'A system whose egress stays open by decision, so that DNS needs no rule.',
  needs: { network },
  parameters: {},
  messages: {
    explicit: '{workload} reaches {targets} over UDP and TCP by a rule.',
    assumed: '{workload} reaches {targets} over UDP and TCP by a rule, if these are the DNS Pods: {assumptions}.',
    implicit:
      'DNS of {workload} works only because egress is open: no NetworkPolicy isolates it, and no rule allows UDP and TCP to {targets}.',
    denied: '{workload} may not ask the DNS over {protocols}: {because}. The DNS is {targets}.',
    depends: 'Whether {workload} reaches {targets} is not known: {assumptions}.',
    unseen:
      'Whether a rule lets {workload} ask the DNS is not known: {why}. Give all NetworkPolicy objects, or list the kind under complete.',
    'host-network': '{workload} runs on the host network: its traffic is its node’s, and no NetworkPolicy acts on it.',
    'own-resolver': '{workload} does not ask the cluster’s DNS (dnsPolicy).',
  },
  looksFor: ['*'],
  *targets({ network: model }) {
    for (const { workload, id } of model.reviewed) yield { ref: workload.ref, object: workload.object, id };
  },
  assess({ id, ref: { kind, name } }, { network: declared, asOf }, say) {
    const model = declared.at(asOf);
    const endpoint = model.byId.get(id);
    if (endpoint === undefined) throw new Error(`no endpoint ${id}`);
    const workload = `${kind} ${name}`;
    if (endpoint.workload.hostNetwork) return say.notApplicable('host-network', { workload });
    const access = dnsAccess(model, endpoint);
    const targets = listing(access.targets.map(({ endpoint: end, port }) => `${end.id}:${port}`));
    const because = proofOf(access.because);
    const unseen = unseenPolicies(model);
    const isPass = access.answer === 'explicit' || access.answer === 'assumed';
    if (isPass && access.yields && unseen !== undefined) return say.unknown('unseen', { workload, why: unseen });
    switch (access.answer) {
      case 'not-applicable':
        return say.notApplicable('own-resolver', { workload });
      case 'explicit':
        return { ...say.pass('explicit', { workload, targets }), because };
      case 'assumed': {
        const ends = access.targets.map(({ endpoint: end }) => end);
        const pass = say.pass('assumed', { workload, targets, assumptions: explain(access.assumptions) });
        // Without objects behind it the answer is assumed whatever it names.
        return { ...passOn(pass, model, ends, access.assumptions), reason: 'assumed', because };
      }
      case 'depends':
        return {
          ...undecidable(say.unknown('depends', { workload, targets, assumptions: explain(access.assumptions) })),
          because,
        };
      case 'implicit':
        return unseen === undefined
          ? { ...say.fail('implicit', { workload, targets }), because }
          : say.unknown('unseen', { workload, why: unseen });
      case 'denied': {
        if (unseen !== undefined) return say.unknown('unseen', { workload, why: unseen });
        const protocols = (['UDP', 'TCP'] as const).filter((protocol) => access[protocol] === 'denied').join(' and ');
        return {
          ...say.fail('denied', { workload, targets, protocols, because: because[0]?.note ?? 'no rule admits it' }),
          because,
        };
      }
    }
  },
});
