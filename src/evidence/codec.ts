import { parseMoment } from '../model/time.ts';
import { createHash, type Hash } from 'node:crypto';
import { isObject } from '../kube/json.ts';
import { SeaworthyError } from '../model/errors.ts';
import { type Bundle, bundleFormat, type Slot, type SlotOf, type SourceFile } from './bundle.ts';
import { readRecord } from './load-tests/record.ts';

/** Bounds on what is read: a line holds one file, a bundle one cluster. Characters of decompressed text. */
export const bundleLimits = { line: 64 * 1024 * 1024, total: 4 * 1024 * 1024 * 1024 } as const;

/**
 * The lines of a saved bundle: the header, then for each slot its head and, for object slots, its files one by one, then the end with
 * the number of lines before it and their digest. Nothing is built as one text, so that a bundle may be larger than a string can.
 */
export function* encodeBundle(bundle: Bundle): Generator<string> {
  const hash = createHash('sha256');
  let lines = 0;
  const emit = (value: unknown): string => {
    const line = `${JSON.stringify(value)}\n`;
    if (line.length > bundleLimits.line)
      throw new SeaworthyError('SW_BUNDLE', 'A file of the evidence is too large to be kept in a bundle.');
    hash.update(line);
    lines++;
    return line;
  };
  const { slots, ...header } = bundle;
  yield emit(header);
  for (const slot of slots) {
    if (slot.kind !== 'objects' || slot.status !== 'collected') {
      yield emit({ slot });
      continue;
    }
    const { files, ...data } = slot.data;
    yield emit({ slot: { ...slot, data }, files: files.length });
    for (const file of files) yield emit({ file });
  }
  yield `${JSON.stringify({ end: true, lines, digest: `sha256:${hash.digest('hex')}` })}\n`;
}

/** Reads the lines of a bundle one by one, in the order of `encodeBundle`. Throws `SW_BUNDLE` for anything else. */
export interface BundleDecoder {
  /** One line without its line break. */
  readonly line: (text: string) => void;
  /** The bundle, once every line was read. */
  readonly finish: () => Bundle;
}

interface State {
  readonly hash: Hash;
  readonly slots: Slot[];
  header: Omit<Bundle, 'slots'> | undefined;
  files: SourceFile[] | undefined;
  missing: number;
  lines: number;
  ended: boolean;
}

const cutHint = 'The file is cut or was changed; save the bundle again with `seaworthy review --save`.';

/** A decoder for one bundle; `where` names it in errors. */
export function createBundleDecoder(where: string): BundleDecoder {
  const state: State = {
    hash: createHash('sha256'),
    slots: [],
    header: undefined,
    files: undefined,
    missing: 0,
    lines: 0,
    ended: false,
  };
  const fail = (message: string, hint: string = cutHint): never => {
    throw new SeaworthyError('SW_BUNDLE', message, { where, hint });
  };
  return {
    line: (text) => readLine(state, text, fail),
    finish: () => {
      if (state.header === undefined || !state.ended) return fail('The bundle ends too early.');
      return { ...state.header, slots: state.slots };
    },
  };
}

type Fail = (message: string, hint?: string) => never;

function readLine(state: State, text: string, fail: Fail): void {
  if (state.ended) return fail('The bundle goes on after its end.');
  const value = parse(text, state.lines === 0, fail);
  if (value['end'] === true) return readEnd(state, value, fail);
  state.hash.update(`${text}\n`);
  state.lines++;
  if (state.header === undefined) state.header = headerOf(value, fail);
  else if (isObject(value['file'])) readFile(state, value['file'], fail);
  else if (isObject(value['slot'])) readSlot(state, value['slot'], value['files'], fail);
  else fail(`Line ${state.lines} of the bundle is neither a slot nor a file.`);
}

function parse(text: string, isFirst: boolean, fail: Fail): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Readonly<Record<string, unknown>>;
  return isFirst ? fail('The file is no bundle.', notABundle) : fail('The bundle holds a line that is no JSON object.');
}

const notABundle = 'Give a file that `seaworthy review --save` wrote.';

function headerOf(value: Readonly<Record<string, unknown>>, fail: Fail): Omit<Bundle, 'slots'> {
  const { format } = value;
  if (format !== bundleFormat) {
    const isNewer = typeof format === 'string' && /^seaworthy\.bundle\/v\d{1,9}$/.test(format);
    if (isNewer)
      fail(
        `The bundle has format ${format}; this version reads ${bundleFormat}.`,
        'Use the version of Seaworthy that wrote it, or a newer one.',
      );
    fail('The file is no bundle.', notABundle);
  }
  const { tool, collectedAt, declared } = value;
  const isDeclared = isObject(declared) && isObject(declared['review']) && isObject(declared['standard']);
  const isComplete = isObject(tool) && typeof tool['version'] === 'string' && typeof collectedAt === 'string' && isDeclared;
  if (!isComplete || !parseMoment(collectedAt).ok) fail('The header of the bundle is not complete.');
  return value as unknown as Omit<Bundle, 'slots'>;
}

function readSlot(state: State, value: object, files: unknown, fail: Fail): void {
  if (state.missing > 0) fail('A source of the bundle lacks files.');
  const slot = value as Slot;
  const isKnown =
    ['objects', 'document', 'git', 'image-scan', 'load-test', 'load-script'].includes(slot.kind) &&
    ['collected', 'absent', 'failed'].includes(slot.status);
  if (!isKnown || typeof slot.id !== 'string' || state.slots.some(({ id }) => id === slot.id))
    fail('The bundle holds a slot that cannot be read.');
  state.files = undefined;
  if (slot.status === 'collected' && !isObject(slot.data)) fail('The bundle holds a slot without data.');
  if (slot.kind === 'objects' && slot.status === 'collected') {
    if (typeof files !== 'number' || !Number.isSafeInteger(files) || files < 0)
      fail('The bundle does not say how many files a source has.');
    const list: SourceFile[] = [];
    state.files = list;
    state.missing = files;
    state.slots.push({ ...slot, data: { ...slot.data, files: list } });
  } else state.slots.push(slot.kind === 'load-test' ? usableLoadTest(slot) : slot);
}

/** A load test as this version reads it. Older versions kept figures without blocks and counts, which can no longer be judged. */
function usableLoadTest(slot: SlotOf<'load-test'>): SlotOf<'load-test'> {
  if (slot.status !== 'collected') return slot;
  const { id, kind, source, role, environment } = slot;
  const failed = (reason: string, hint: string) =>
    ({ id, kind, source, role, environment, status: 'failed', code: 'SW_LOAD_RESULT', reason, hint }) as const;
  if (!isObject(slot.data.record))
    return failed(`${source} was collected by an older version of Seaworthy`, 'Run the load test again with `seaworthy load`.');
  const read = readRecord(slot.data.record);
  return read.ok ? slot : failed(`${source} cannot be used: ${read.problem}`, cutHint);
}

function readFile(state: State, value: object, fail: Fail): void {
  if (state.files === undefined || state.missing === 0) return fail('The bundle holds a file that belongs to no source.');
  const file = value as SourceFile;
  if (typeof file.path !== 'string' || !Array.isArray(file.masks) || !Array.isArray(file.problems))
    fail('The bundle holds a file that cannot be read.');
  state.files.push(file);
  state.missing--;
}

function readEnd(state: State, value: Readonly<Record<string, unknown>>, fail: Fail): void {
  if (state.header === undefined || state.missing > 0 || value['lines'] !== state.lines)
    fail('The bundle does not hold as many lines as it says.');
  if (value['digest'] !== `sha256:${state.hash.digest('hex')}`) fail('The bundle was changed after it was saved.');
  state.ended = true;
}
