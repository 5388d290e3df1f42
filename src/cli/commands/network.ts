import { type Command, Option } from 'commander';
import type { NetworkProfile } from '../../evidence/declared.ts';
import type { MatrixRow } from '../../facts/network/matrix.ts';
import { network as networkFact, type NetworkModel } from '../../facts/network/network.ts';
import { presentedOf } from '../../facts/network/presented.ts';
import { formatTogether, networkRows } from '../../facts/network/rows.ts';
import { rowsDiff } from '../../facts/network/rows-diff.ts';
import { SeaworthyError } from '../../model/errors.ts';
import { type Evidence, type EvidenceOptions, evidenceOptions, pathsHelp, profileOption, readEvidence } from '../evidence.ts';
import { exitCodes, type ExitCode } from '../exit-codes.ts';
import { dot, type Edge, mermaid } from '../graph.ts';
import type { Host } from '../host.ts';
import { diffText } from '../network/diff.ts';
import { endTable } from '../network/end-table.ts';
import { type FoundEnd, requireNamespaces, resolveEnd, rowFilter } from '../network/ends.ts';
import { type Answered, askQuestion, questionJson, questionText } from '../network/question.ts';
import { isTooMuch, networkTable } from '../network/table.ts';
import { type PlaceFinder, placeFinder } from '../../review/places.ts';
import type { Finish } from '../run.ts';
import { csv, json, type TableFormat, tableFormats, writeAll } from '../table-formats.ts';
import { pageWidth } from '../view.ts';

interface NetworkOptions extends EvidenceOptions {
  readonly format: TableFormat;
  readonly namespace: readonly string[];
  readonly from?: string;
  readonly to?: string;
  readonly port?: string;
  readonly profile?: NetworkProfile;
  readonly failOn?: Answered['answer'];
}

interface DiffOptions extends EvidenceOptions {
  readonly format: 'table' | 'json' | 'csv';
  readonly profile?: NetworkProfile;
}

const rowColumns = ['source', 'destination', 'protocol', 'ports', 'verdict', 'assumptions'] as const;
const changeColumns = ['change', ...rowColumns] as const;

/** `seaworthy network [PATH...]` and `seaworthy network diff OLD NEW`. */
export function addNetwork(program: Command, host: Host, finish: Finish): void {
  const command = program
    .command('network')
    .description('Who can reach whom on which port, by the policies; with --from, --to and --port one answer, and why.')
    .argument('[path...]', pathsHelp)
    // Options behind `diff` are its own.
    .enablePositionalOptions();
  evidenceOptions(command)
    .addOption(profileOption())
    .addOption(
      new Option('-n, --namespace <name>', 'only what has an end there; repeatable').argParser(collect).default([], 'all'),
    )
    .option('--from <source>', 'a workload (web, shop/web, Deployment/web), a Service (svc/db), an address, a CIDR, "internet"')
    .option('--to <destination>', 'the same')
    .option('--port <port>', 'with --from and --to: 5432, 5432/UDP, or the name of a port')
    .addOption(
      new Option('--fail-on <answer>', 'with --port: exit with 1 for this answer').choices(['allowed', 'denied', 'depends']),
    )
    .addOption(new Option('-f, --format <format>', 'what to print').choices(tableFormats).default('table'))
    .addHelpText('after', networkHelp)
    .action((paths: string[], options: NetworkOptions) => finish(() => runNetwork(host, paths, options)));
  const diff = command
    .command('diff')
    .description('Connections that one state of a system has and the other has not.')
    .argument('<old>', `${pathsHelp}: before`)
    .argument('<new>', 'the same: after');
  evidenceOptions(diff)
    .addOption(profileOption())
    .addOption(new Option('-f, --format <format>', 'what to print').choices(['table', 'json', 'csv']).default('table'))
    .action((before: string, after: string, options: DiffOptions) => finish(() => runDiff(host, before, after, options)));
}

const networkHelp = `
Examples:
  seaworthy network k8s/                                                who can reach whom, on one screen
  seaworthy network k8s/ --to svc/postgres                              who can reach one end
  seaworthy network k8s/ --from backend --to svc/postgres --port 5432   one answer, rule by rule
  seaworthy network k8s/ --format csv                                   every row, for other programs
  seaworthy network diff main/k8s k8s                                   what a change opens and closes

Exit code 0 for every answer (but see --fail-on), 2 for errors.`;

const collect = (value: string, previous: readonly string[]): readonly string[] => [...previous, value];

const modelOf = ({ facts, asOf }: Evidence): NetworkModel => facts(networkFact).at(asOf);

async function runNetwork(host: Host, paths: readonly string[], options: NetworkOptions): Promise<ExitCode> {
  const { from, to, port } = options;
  if (port !== undefined && (from === undefined || to === undefined))
    throw new SeaworthyError('SW_USAGE', '--port asks one question: it needs --from and --to.');
  if (options.failOn !== undefined && port === undefined)
    throw new SeaworthyError('SW_USAGE', '--fail-on is about one answer: it needs --from, --to and --port.');
  const evidence = await readEvidence(host, paths, options, options.profile);
  const network = modelOf(evidence);
  requireNamespaces(network, options.namespace);
  const within = options.namespace.length === 1 ? options.namespace[0] : undefined;
  const source = from === undefined ? undefined : resolveEnd(network, '--from', from, within);
  const destination = to === undefined ? undefined : resolveEnd(network, '--to', to, within);
  if (source !== undefined && destination !== undefined && port !== undefined) {
    const answered = askQuestion(network, source, destination, port);
    await printQuestion(host, evidence, answered, options.format);
    return answered.answer === options.failOn ? exitCodes.notAcceptable : exitCodes.acceptable;
  }
  await printRows(
    host,
    network,
    placeFinder(evidence.facts),
    filtered(network, source, destination, options.namespace),
    source,
    destination,
    options,
  );
  return exitCodes.acceptable;
}

function filtered(
  network: NetworkModel,
  source: FoundEnd | undefined,
  destination: FoundEnd | undefined,
  namespaces: readonly string[],
): Iterable<MatrixRow> {
  const isFrom = source === undefined ? undefined : rowFilter(network, source, 'source');
  const isTo = destination === undefined ? undefined : rowFilter(network, destination, 'destination');
  const places = new Set(namespaces);
  const { byId } = presentedOf(network);
  // An end that is named already says where to look.
  const isAnywhere = places.size === 0 || isFrom !== undefined || isTo !== undefined;
  return networkRows(
    network,
    (id) => isFrom?.({ source: id }) ?? true,
    (id) => isTo?.({ destination: id }) ?? true,
    (id) => isAnywhere || places.has(byId.get(id)?.namespace.name ?? ''),
  );
}

async function printRows(
  host: Host,
  network: NetworkModel,
  find: PlaceFinder,
  rows: Iterable<MatrixRow>,
  source: FoundEnd | undefined,
  destination: FoundEnd | undefined,
  options: NetworkOptions,
): Promise<void> {
  switch (options.format) {
    case 'csv':
      return writeAll(host, csv(rowColumns, rows));
    case 'json':
      return writeAll(host, json(rowColumns, rows));
    case 'dot':
      return writeAll(host, dot('network', edgesOf(rows)));
    case 'mermaid':
      return writeAll(host, mermaid(edgesOf(rows)));
    case 'table': {
      const width = pageWidth(host);
      const namespaces = options.namespace.length === 0 ? undefined : new Set(options.namespace);
      const text =
        source === undefined && destination === undefined
          ? networkTable(network, isTooMuch(network, namespaces) ? [] : [...rows], { width, namespaces, find })
          : endTable(network, [...rows], source, destination, width);
      return host.write('stdout', text);
    }
  }
}

/** One edge a pair and answer, protocols together. */
function edgesOf(rows: Iterable<MatrixRow>): readonly Edge[] {
  const groups = Map.groupBy(rows, ({ source, destination, verdict, assumptions }) =>
    JSON.stringify([source, destination, verdict, assumptions]),
  );
  return [...groups.values()].flatMap((list): readonly Edge[] => {
    const [first] = list;
    if (first === undefined) return [];
    const rests = first.assumptions.length === 0 ? '' : ` (${first.assumptions.join(', ')})`;
    return [
      {
        from: first.source,
        to: first.destination,
        label: `${formatTogether(list)}${rests}`,
        open: first.verdict === 'depends',
      },
    ];
  });
}

async function printQuestion(host: Host, { facts }: Evidence, answered: Answered, format: TableFormat): Promise<void> {
  const find = placeFinder(facts);
  const place = (step: Answered['pairs'][number]['directions'][number]['because'][number]) =>
    find({ object: step.object, path: step.at });
  if (format === 'table') return host.write('stdout', questionText(answered, place, pageWidth(host)));
  if (format === 'json') return host.write('stdout', questionJson(answered, place));
  const rows = answered.pairs.map(({ from, to, query, answer, assumptions }) => ({
    source: from,
    destination: to,
    protocol: query.protocol,
    ports: String(query.port),
    verdict: answer,
    assumptions,
  }));
  if (format === 'csv') return writeAll(host, csv(rowColumns, rows));
  const edges = rows.map(
    ({ source, destination, protocol, ports, verdict }): Edge => ({
      from: source,
      to: destination,
      label: `${protocol} ${ports}: ${verdict}`,
      open: verdict !== 'allowed',
    }),
  );
  return writeAll(host, format === 'dot' ? dot('network', edges) : mermaid(edges));
}

async function runDiff(host: Host, before: string, after: string, options: DiffOptions): Promise<ExitCode> {
  const at = async (path: string) => modelOf(await readEvidence(host, [path], options, options.profile));
  const [old, now] = [await at(before), await at(after)];
  const changes = rowsDiff(networkRows(old), networkRows(now));
  if (options.format === 'csv') await writeAll(host, csv(changeColumns, changes));
  else if (options.format === 'json') await writeAll(host, json(changeColumns, changes));
  else await host.write('stdout', diffText(changes, old, now, pageWidth(host)));
  return exitCodes.acceptable;
}
