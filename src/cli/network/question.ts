import type { NetworkModel } from '../../facts/network/network.ts';
import { namedPorts } from '../../facts/network/peers.ts';
import { type Protocol, protocols } from '../../facts/network/ports.ts';
import type { PortQuery, Step } from '../../facts/network/reach.ts';
import { selectedBy } from '../../facts/network/services.ts';
import { together, type Why, why } from '../../facts/network/why.ts';
import { type Service, targetPortOn } from '../../kube/service.ts';
import { formatPlace, SeaworthyError } from '../../model/errors.ts';
import type { Location } from '../../model/judgement.ts';
import { paragraph, row } from '../columns.ts';
import { printable } from '../render-error.ts';
import type { FoundEnd } from './ends.ts';
import { noteLines } from './table.ts';
import { footnotes } from './words.ts';

/** A question about one port, with everything that it stands for answered. */
export interface Answered {
  readonly from: FoundEnd;
  readonly to: FoundEnd;
  readonly port: string;
  readonly answer: Why['answer'];
  readonly assumptions: Why['assumptions'];
  readonly pairs: readonly Why[];
  /** How a Service was looked through. */
  readonly through?: string;
}

/** `5432`, `5432/UDP`, `http`, `http/TCP`. Throws SW_USAGE for anything else. */
export function parsePort(text: string): { readonly port: number | string; readonly protocol: Protocol | undefined } {
  const [name = '', wanted, ...rest] = text.split('/');
  const protocol = protocols.find((item) => item === wanted?.toUpperCase());
  const refuse = (why: string): never => {
    throw new SeaworthyError('SW_USAGE', `--port ${printable(text)}: ${why}.`, {
      hint: 'Write 5432, 5432/UDP, or the name of a port.',
    });
  };
  if (rest.length > 0 || (wanted !== undefined && protocol === undefined)) return refuse('the protocol is TCP, UDP or SCTP');
  if (name === '') return refuse('the port is missing');
  if (!/^\d+$/.test(name)) return { port: name, protocol };
  const port = Number(name);
  return port >= 1 && port <= 65535 ? { port, protocol } : refuse('ports are 1 to 65535');
}

/** Answers for every pair of ends. With a Service as destination the port is one of the Service's, and its Pods are asked at their own. */
export function askQuestion(network: NetworkModel, from: FoundEnd, to: FoundEnd, text: string): Answered {
  const { port, protocol } = parsePort(text);
  const targets = to.service === undefined ? directly(to, port, protocol) : throughService(network, to.service, port, protocol);
  const pairs = from.ends.flatMap((source) => targets.map(({ end, query }) => why(network, source, end, query)));
  const through =
    to.service === undefined
      ? undefined
      : `${to.id} port ${port} leads to ${targets.map(({ end, query }) => `${end.id} ${query.protocol} ${query.port}`).join(', ')}`;
  return { from, to, port: text, ...together(pairs), pairs, ...(through === undefined ? {} : { through }) };
}

interface Target {
  readonly end: FoundEnd['ends'][number];
  readonly query: PortQuery;
}

function directly(to: FoundEnd, port: number | string, wanted: Protocol | undefined): readonly Target[] {
  return to.ends.map((end): Target => {
    const named = typeof port === 'string' && wanted === undefined ? protocolOfName(end, port) : undefined;
    const protocol = wanted ?? named ?? 'TCP';
    if (typeof port === 'string' && end.kind === 'external')
      throw new SeaworthyError('SW_USAGE', `--port ${printable(port)}: addresses have no named ports.`, {
        hint: 'Give the number.',
      });
    if (typeof port === 'string' && end.kind === 'workload' && (namedPorts(end, port, protocol) ?? []).length === 0) {
      const names = end.workload.containers.flatMap(({ ports }) =>
        ports.flatMap((item) => (item.name === undefined ? [] : [item.name])),
      );
      throw new SeaworthyError('SW_UNKNOWN_NAME', `--port ${printable(port)}: ${end.id} has no ${protocol} port of that name.`, {
        hint: names.length === 0 ? 'Its containers name no port: give the number.' : `It has: ${names.join(', ')}.`,
      });
    }
    return { end, query: { protocol, port } };
  });
}

const protocolOfName = (end: FoundEnd['ends'][number], name: string): Protocol | undefined =>
  ['TCP', 'UDP', 'SCTP'].find((protocol): protocol is Protocol => (namedPorts(end, name, protocol as Protocol) ?? []).length > 0);

function throughService(
  network: NetworkModel,
  service: Service,
  port: number | string,
  wanted: Protocol | undefined,
): readonly Target[] {
  const name = `${service.namespace}/${service.ref.name}`;
  const ports = service.ports.filter(
    (item) => (item.port === port || item.name === port) && (wanted === undefined || item.protocol === wanted),
  );
  if (ports.length === 0) {
    const known = service.ports.map((item) => `${item.port}/${item.protocol}${item.name === undefined ? '' : ` (${item.name})`}`);
    throw new SeaworthyError('SW_UNKNOWN_NAME', `--port ${printable(String(port))}: Service ${name} has no such port.`, {
      hint: known.length === 0 ? 'It has no ports.' : `It has: ${known.join(', ')}.`,
    });
  }
  const targets = selectedBy(network, service).flatMap((end) =>
    ports.flatMap((item): readonly Target[] => {
      const target = targetPortOn(end.workload, item);
      return target === undefined ? [] : [{ end, query: { protocol: item.protocol, port: target } }];
    }),
  );
  if (targets.length === 0)
    throw new SeaworthyError('SW_UNKNOWN_NAME', `The target port of Service ${name} has a name that no container has.`, {
      hint: `Its target port is ${ports.map(({ targetPort }) => targetPort).join(', ')}.`,
    });
  return targets;
}

const mostProofs = 6;

/** The answer with its proof, for people. */
export function questionText(answered: Answered, find: (step: Step) => Location, width: number): string {
  const notes = footnotes();
  const { from, to, port, answer, through, pairs } = answered;
  const proofs = [...Map.groupBy(pairs, proofOf).values()].sort((a, b) => rank(a) - rank(b));
  const differ = new Set(pairs.map((pair) => pair.answer)).size > 1;
  const lines = [
    ...paragraph(`${answer}${notes.mark(answered.assumptions)}: ${from.id} to ${to.id}, port ${port}`, width),
    ...(through === undefined ? [] : row(2, [], through, width)),
    ...(differ ? row(2, [], 'It depends on which of these is meant.', width) : []),
    ...proofs.slice(0, mostProofs).flatMap((alike) => proofLines(alike, proofs.length > 1, find, width, notes.mark)),
    ...(proofs.length > mostProofs ? ['', `... and ${proofs.length - mostProofs} more cases`] : []),
    ...noteLines(notes, width),
  ];
  return `${lines.join('\n')}\n`;
}

const order = ['denied', 'depends', 'allowed'] as const;
const rank = ([first]: readonly Why[]): number => order.indexOf(first?.answer ?? 'allowed');

/** Pairs with the same proof are told once: the parts of a range of addresses, the Pods behind a Service. */
const proofOf = ({ answer, directions }: Why): string =>
  JSON.stringify([
    answer,
    directions.map((half) => [half.answer, [...half.because, ...half.others].map(({ object, at }) => [object.ref, at])]),
  ]);

function proofLines(
  alike: readonly Why[],
  named: boolean,
  find: (step: Step) => Location,
  width: number,
  mark: (ids: Why['assumptions']) => string,
): readonly string[] {
  const [first] = alike;
  if (first === undefined) return [];
  const more = alike.length === 1 ? '' : `, and ${alike.length - 1} more alike`;
  const { from, to, query, answer } = first;
  return [
    ...(named ? ['', ...paragraph(`${answer}: ${from} to ${to} ${query.protocol} ${query.port}${more}`, width)] : []),
    ...pairLines(first, find, width, mark),
  ];
}

function pairLines(
  pair: Why,
  find: (step: Step) => Location,
  width: number,
  mark: (ids: Why['assumptions']) => string,
): readonly string[] {
  return pair.directions.flatMap((half) => [
    '',
    ...paragraph(`${half.direction} of ${half.of}: ${half.answer}${mark(half.assumptions)}`, width),
    ...(half.because.length === 0 ? ['  no policy has a say here'] : []),
    ...half.because.flatMap((step) => stepLines(step, 2, find, width)),
    ...(half.others.length === 0 ? [] : ['  also looked at']),
    ...half.others.slice(0, mostRules).flatMap((step) => stepLines(step, 4, find, width)),
    ...(half.others.length > mostRules ? [`    ... and ${half.others.length - mostRules} more`] : []),
  ]);
}

const mostRules = 20;

function stepLines(step: Step, indent: number, find: (step: Step) => Location, width: number): readonly string[] {
  return [...row(indent, [], step.note, width), ...row(indent + 2, [], formatPlace(find(step)), width)];
}

/** The same for machines: one object. */
export function questionJson(answered: Answered, find: (step: Step) => Location): string {
  const place = (step: Step) => {
    const { file, line, column, path } = find(step);
    const { kind, namespace, name } = step.object.ref;
    return { note: step.note, object: { kind, namespace, name }, file, line, column, path };
  };
  const value = {
    from: answered.from.id,
    to: answered.to.id,
    port: answered.port,
    verdict: answered.answer,
    assumptions: answered.assumptions,
    ...(answered.through === undefined ? {} : { through: answered.through }),
    pairs: answered.pairs.map((pair) => ({
      source: pair.from,
      destination: pair.to,
      protocol: pair.query.protocol,
      port: pair.query.port,
      verdict: pair.answer,
      assumptions: pair.assumptions,
      directions: pair.directions.map(({ direction, of, answer, assumptions, because, others }) => ({
        direction,
        of,
        verdict: answer,
        assumptions,
        because: because.map(place),
        others: others.map(place),
      })),
    })),
  };
  return `${JSON.stringify(value, null, 2)}\n`;
}
