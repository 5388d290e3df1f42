import type { System } from '../../config/load.ts';
import { dirname } from '../../config/paths.ts';
import { scenarioDigest } from '../../evidence/load-tests/scenario-digest.ts';
import { namesUsed } from '../../load/template.ts';
import { SeaworthyError } from '../../model/errors.ts';
import type { Host } from '../host.ts';
import { saving } from '../saving.ts';
import { demandOf } from './demand.ts';
import { countOption, type LoadOptions } from './options.ts';
import { chooseTarget, readRows, targetOf } from './prepare.ts';
import { chooseScenario, recordedForm } from './scenario.ts';

/** Writes the scenario for k6, or for k6-operator, to stdout or a file. Nothing is sent. */
export async function emitScenario(host: Host, system: System | undefined, options: LoadOptions): Promise<void> {
  const { emitK6Script, rowsJson } = await import('../../load/k6/emit-script.ts');
  const { loadTest } = system ?? {};
  const { limits } = demandOf(system, options);
  const { template, path } = placeOf(host, chooseTarget(loadTest, options).template, loadTest?.scenario === undefined);
  const { scenario } = chooseScenario(loadTest?.scenario, options, path);
  const rows = await readRows(host, scenario, dirname(system?.review.file ?? 'seaworthy.yaml'));
  const runners = options.runners === undefined ? 1 : countOption('--runners', options.runners, 1000);
  const rowsFile = rows.length === 0 ? undefined : rowsFileOf(options);
  const script = emitK6Script(scenario, limits, {
    target: template,
    digest: scenarioDigest(recordedForm(scenario)),
    runners,
    ...(rowsFile === undefined ? {} : { rowsFile: rowsFile.slice(rowsFile.lastIndexOf('/') + 1) }),
  });
  if (options.emit === 'k6') {
    await put(host, options.output, script);
    if (rowsFile !== undefined) await put(host, rowsFile, rowsJson(rows));
    return;
  }
  const { emitK6Operator } = await import('../../load/k6/emit-operator.ts');
  await put(
    host,
    options.output,
    emitK6Operator(scenario, limits, {
      name: testRunName(system?.review.name ?? 'seaworthy'),
      target: template,
      digest: scenarioDigest(recordedForm(scenario)),
      runners,
      ...(options.namespace === undefined ? {} : { namespace: options.namespace }),
      ...(options.imageK6 === undefined ? {} : { image: options.imageK6 }),
      ...(rows.length === 0 ? {} : { rows }),
    }),
  );
}

/** A target with variables stays a template: whoever runs the script knows their values. */
function placeOf(host: Host, template: string, isOnlyRequest: boolean): { readonly template: string; readonly path: string } {
  if (namesUsed([template], 'variable').length > 0) return { template, path: '/' };
  const { target, path } = targetOf(host, { template }, isOnlyRequest);
  return { template: isOnlyRequest ? target.url.origin : template, path };
}

/** Rows stand in a file beside the script, which needs a name for that. The operator's ConfigMap holds both. */
function rowsFileOf({ emit, output }: LoadOptions): string {
  if (emit === 'k6-operator') return 'rows.json';
  if (output === undefined)
    throw new SeaworthyError('SW_USAGE', 'The scenario has data, which stands in a file beside the script.', {
      hint: 'Name the script with -o load-test.js; the rows go into load-test.rows.json.',
    });
  return output.replace(/\.[cm]?js$/, '').concat('.rows.json');
}

const testRunName = (name: string): string =>
  `${
    name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^[^a-z]+/, '')
      .slice(0, 34)
      .replace(/-+$/, '') || 'seaworthy'
  }-load`;

async function put(host: Host, file: string | undefined, text: string): Promise<void> {
  if (file === undefined || file === '-') await host.write('stdout', text);
  else {
    await saving(file, () => host.writeFile(file, [text]));
    await host.write('stderr', `Wrote ${file}.\n`);
  }
}
