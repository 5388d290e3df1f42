import { type Command, Option } from 'commander';
import { access } from '../../facts/access/access.ts';
import { accessDiff, type AccessState } from '../../facts/access/access-diff.ts';
import { type Escalations, escalations } from '../../facts/access/escalation.ts';
import { holdersOf } from '../../facts/access/holders-of.ts';
import { namedResource, resourceText } from '../../facts/access/request-name.ts';
import type { AccessRequest } from '../../facts/access/rules.ts';
import { SeaworthyError } from '../../model/errors.ts';
import { accessDiffText, changeColumns } from '../access/diff.ts';
import { overviewColumns, overviewRows, overviewText, subjectsOf } from '../access/overview.ts';
import { byGravity, escalationsText, pathColumns, pathEdges, pathObjects, pathRows } from '../access/paths.ts';
import { resolveSubject } from '../access/names.ts';
import { rightColumns, rightRows, rightsOf, subjectText } from '../access/subject.ts';
import { holderColumns, holderRows, holdersText } from '../access/who-can.ts';
import { type EvidenceOptions, evidenceOptions, isBundle, pathsHelp, readEvidence } from '../evidence.ts';
import { exitCodes, type ExitCode } from '../exit-codes.ts';
import { dot, mermaid } from '../graph.ts';
import type { Host } from '../host.ts';
import { placeFinder } from '../../review/places.ts';
import { printable } from '../render-error.ts';
import type { Finish } from '../run.ts';
import { csv, json, type TableFormat, tableFormats, writeAll } from '../table-formats.ts';
import { pageWidth } from '../view.ts';

type RowFormat = 'table' | 'json' | 'csv';
const rowFormats: readonly RowFormat[] = ['table', 'json', 'csv'];

interface SubjectOptions extends EvidenceOptions {
  readonly format: RowFormat;
  readonly group: readonly string[];
}
interface WhoCanOptions extends EvidenceOptions {
  readonly format: RowFormat;
  readonly namespace: readonly string[];
  readonly name?: string;
}
interface EscalationOptions extends EvidenceOptions {
  readonly format: TableFormat;
  readonly from?: string;
}

const formatOption = (choices: readonly string[]) =>
  new Option('-f, --format <format>', 'what to print').choices(choices).default('table');
const collect = (value: string, previous: readonly string[]): readonly string[] => [...previous, value];

/** `seaworthy access` with its subcommands. */
export function addAccess(program: Command, host: Host, finish: Finish): void {
  const command = program
    .command('access')
    .description('What a subject may do by RBAC and what that leads to; who may do something; what a change allows.')
    .argument('<subject|path>', 'shop/deployer (a ServiceAccount), user:NAME or group:NAME; a path alone lists all subjects')
    .argument('[path...]', pathsHelp)
    // Options behind a subcommand are its own.
    .enablePositionalOptions();
  evidenceOptions(command)
    .addOption(new Option('--group <name>', 'a group that the subject is in; repeatable').argParser(collect).default([], 'none'))
    .addOption(formatOption(rowFormats))
    .addHelpText('after', accessHelp)
    .action((subject: string, paths: string[], options: SubjectOptions) =>
      finish(() => runSubject(host, subject, paths, options)),
    );
  evidenceOptions(
    command
      .command('who-can')
      .description('Everybody whom a binding lets do something.')
      .argument('<verb>', 'get, list, create, ..., or "*"')
      .argument('<resource|url>', 'pods, pods/exec, deployments.apps, or a path such as /metrics')
      .argument('[path...]', pathsHelp),
  )
    .addOption(new Option('-n, --namespace <name>', 'only there; repeatable').argParser(collect).default([], 'everywhere'))
    .option('--name <name>', 'one object')
    .addOption(formatOption(rowFormats))
    .action((verb: string, resource: string, paths: string[], options: WhoCanOptions) =>
      finish(() => runWhoCan(host, verb, resource, paths, options)),
    );
  evidenceOptions(
    command
      .command('escalations')
      .description('The ways from what bindings say to more: the gravest first, each step with its place, and what would cut it.')
      .argument('[path...]', pathsHelp),
  )
    .option('--from <subject>', 'only of this subject')
    .addOption(formatOption(tableFormats))
    .action((paths: string[], options: EscalationOptions) => finish(() => runEscalations(host, paths, options)));
  evidenceOptions(
    command
      .command('diff')
      .description('Permissions, and ways to more, that one state of a system has and the other has not.')
      .argument('<old>', `${pathsHelp}: before`)
      .argument('<new>', 'the same: after'),
  )
    .addOption(formatOption(rowFormats))
    .action((before: string, after: string, options: SubjectOptions) => finish(() => runDiff(host, before, after, options)));
}

const accessHelp = `
Examples:
  seaworthy access k8s/                              everybody whom a binding names
  seaworthy access shop/deployer k8s/                what one subject may do, by which rule, and what that leads to
  seaworthy access who-can get secrets -n shop k8s/  who may do it
  seaworthy access escalations k8s/                  who can gain more than the bindings say
  seaworthy access diff main/k8s k8s                 what a change allows

Exit code 0 for every answer, 2 for errors.`;

interface Asked extends AccessState {
  readonly find: ReturnType<typeof placeFinder>;
}

async function read(host: Host, paths: readonly string[], options: EvidenceOptions): Promise<Asked> {
  const { facts } = await readEvidence(host, paths, options);
  return { model: facts(access), paths: facts(escalations), find: placeFinder(facts) };
}

async function runSubject(host: Host, first: string, rest: readonly string[], options: SubjectOptions): Promise<ExitCode> {
  if (rest.length === 0 && (isBundle(first) || (await host.io.kindOf(first)) !== undefined))
    return runOverview(host, [first], options);
  const { model, paths, find } = await read(host, rest, options);
  const { subject, known } = resolveSubject(model, first);
  const rights = rightsOf(model, subject, known, options.group);
  await printed(
    host,
    options.format,
    rightColumns,
    () => rightRows(rights, find),
    () => subjectText(model, paths, rights, find, pageWidth(host)),
  );
  return exitCodes.acceptable;
}

async function runOverview(host: Host, paths: readonly string[], options: SubjectOptions): Promise<ExitCode> {
  const { model, paths: known } = await read(host, paths, options);
  await printed(
    host,
    options.format,
    overviewColumns,
    () => overviewRows(model, known),
    () => overviewText(model, known, pageWidth(host)),
  );
  return exitCodes.acceptable;
}

async function printed<T>(
  host: Host,
  format: RowFormat,
  columns: readonly (keyof T & string)[],
  rows: () => Iterable<T>,
  table: () => string,
): Promise<void> {
  if (format === 'csv') await writeAll(host, csv(columns, rows()));
  else if (format === 'json') await writeAll(host, json(columns, rows()));
  else await host.write('stdout', table());
}

async function runWhoCan(
  host: Host,
  verb: string,
  text: string,
  paths: readonly string[],
  options: WhoCanOptions,
): Promise<ExitCode> {
  const resource = namedResource(text);
  if (resource.kind === 'unknown')
    throw new SeaworthyError('SW_UNKNOWN_NAME', `No resource is known as ${printable(text)}.`, {
      hint:
        resource.suggestions.length > 0
          ? `Did you mean ${resource.suggestions.join(', or ')}?`
          : 'Write a resource of an add-on with its group: widgets.example.com.',
    });
  const { model, find } = await read(host, paths, options);
  const request: AccessRequest =
    resource.kind === 'url'
      ? { verb, url: resource.url }
      : {
          verb,
          group: resource.group,
          resource: resource.resource,
          ...(resource.subresource === undefined ? {} : { subresource: resource.subresource }),
          ...(options.name === undefined ? {} : { name: options.name }),
        };
  const places = options.namespace.length === 0 ? undefined : options.namespace;
  const holders = holdersOf(model, request, places);
  const what = resource.kind === 'url' ? resource.url : resourceText(resource);
  const named = options.name === undefined ? '' : ` named ${options.name}`;
  const where = places === undefined ? '' : ` in ${places.join(' or ')}`;
  await printed(
    host,
    options.format,
    holderColumns,
    () => holderRows(holders, find),
    () => holdersText(model, `${verb} ${what}${named}${where}`, holders, find, pageWidth(host)),
  );
  return exitCodes.acceptable;
}

async function runEscalations(host: Host, paths: readonly string[], options: EscalationOptions): Promise<ExitCode> {
  const { model, paths: known, find } = await read(host, paths, options);
  const subject = options.from === undefined ? undefined : resolveSubject(model, options.from).subject;
  const all = subject === undefined ? known.all.filter(({ installer }) => installer === undefined) : known.everyOf(subject);
  const sorted = [...all].sort(byGravity);
  await printPaths(host, known, sorted, subject === undefined ? subjectsOf(model).length : 1, find, options.format);
  return exitCodes.acceptable;
}

async function printPaths(
  host: Host,
  known: Escalations,
  sorted: Parameters<typeof escalationsText>[0],
  subjects: number,
  find: Asked['find'],
  format: TableFormat,
): Promise<void> {
  switch (format) {
    case 'csv':
      return writeAll(host, csv(pathColumns, pathRows(sorted, find)));
    case 'json':
      return writeAll(host, json(pathColumns, pathObjects(sorted, find)));
    case 'dot':
      return writeAll(host, dot('escalations', pathEdges(sorted)));
    case 'mermaid':
      return writeAll(host, mermaid(pathEdges(sorted)));
    case 'table':
      return host.write('stdout', escalationsText(sorted, known, subjects, find, pageWidth(host)));
  }
}

async function runDiff(host: Host, before: string, after: string, options: SubjectOptions): Promise<ExitCode> {
  const changes = accessDiff(await read(host, [before], options), await read(host, [after], options));
  await printed(
    host,
    options.format,
    changeColumns,
    () => changes,
    () => accessDiffText(changes, pageWidth(host)),
  );
  return exitCodes.acceptable;
}
