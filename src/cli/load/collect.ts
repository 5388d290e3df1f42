import type { UnsealedRecord } from '../../evidence/load-tests/record.ts';
import { collectRecords } from '../../load/k6/collect.ts';
import { SeaworthyError } from '../../model/errors.ts';
import type { Host } from '../host.ts';
import { digestOption } from './images.ts';
import { countOption, type LoadOptions } from './options.ts';
import { environmentRemark, type Ran } from './run-scenario.ts';

/** A runner's log of hours has some megabytes. */
const maxBytes = 256 << 20;
const maxFiles = 2_000;

/** One record of the results of several runners: records, logs, and the list of Pods. */
export async function collectFiles(host: Host, files: readonly string[], options: LoadOptions): Promise<Ran> {
  if (files.length > maxFiles) throw new SeaworthyError('SW_USAGE', `At most ${maxFiles} files are collected at a time.`);
  const read = [];
  for (const name of files) {
    const file = await host.io.read(name, maxBytes);
    if (!file.ok) throw new SeaworthyError('SW_LOAD_RESULT', file.message, { where: name });
    read.push({ name, text: new TextDecoder().decode(file.bytes) });
  }
  const digests = options.image.map(digestOption);
  const images: UnsealedRecord['images'] = { digests: [...new Set(digests)].sort(), basis: 'stated' };
  const record = collectRecords(read, {
    ...(options.runners === undefined ? {} : { runners: countOption('--runners', options.runners, 1000) }),
    ...(options.targetEnvironment === undefined ? {} : { environment: options.targetEnvironment }),
    ...(digests.length === 0 ? {} : { images }),
  });
  const remarks = [
    ...environmentRemark(record.environment),
    ...(record.images === undefined
      ? ['Images: unknown: a review cannot tell which images were tested. Add --image sha256:... for each.']
      : []),
  ];
  return { record, remarks };
}
