import { mergeRecords } from '../../evidence/load-tests/merge.ts';
import {
  isRecordFormat,
  type LoadTestRecord,
  readRecord,
  sealRecord,
  type UnsealedRecord,
} from '../../evidence/load-tests/record.ts';
import { isObject } from '../../kube/json.ts';
import { SeaworthyError } from '../../model/errors.ts';
import { type Marker, readMarkers } from './marker.ts';
import { recordOfMarker } from './marker-record.ts';
import { readRunnerPods, type RunnerPod } from './pods.ts';

/** A file to collect from: a record of ours, a runner's log, or the Pods as JSON. */
export interface CollectFile {
  readonly name: string;
  readonly text: string;
}

export interface CollectOptions {
  /** How many runners there were. Absent: as the Pods say, or as the runners' shares of the load say. */
  readonly runners?: number;
  /** Exit codes of k6, in any order. */
  readonly exitCodes?: readonly number[];
  /** What runners' logs do not say. Records that are complete already keep theirs. */
  readonly environment?: string;
  readonly images?: NonNullable<UnsealedRecord['images']>;
  readonly version?: string;
}

/**
 * One record of all runners. Throws SW_LOAD_RESULT where files belong to different tests, hold no result, or were taken while a runner was
 * still going. A runner that is missing or failed makes a record that is stopped, with what the others measured.
 */
export function collectRecords(files: readonly CollectFile[], options: CollectOptions = {}): LoadTestRecord {
  const found = files.map(readFile);
  const pods = found.flatMap((file) => file.pods ?? []);
  const markers = found.flatMap((file) => file.markers.map((marker) => ({ marker, name: file.name })));
  requireEnded(pods);
  requireOneScript(markers);
  requireOneOfEach(markers);
  const byMarker = markers.flatMap(({ marker }) => recordOfMarker(marker, factsOf(marker, pods, options)) ?? []);
  const records = [...found.flatMap(({ record }) => record ?? []), ...byMarker];
  const lost = lostRunners(found, pods, markers, byMarker.length);
  if (records.length === 0) throw nothingFound(files, lost);
  const runners = options.runners ?? (pods.length > 0 ? pods.length : undefined);
  const merged = mergeRecords(records, runners === undefined ? {} : { runners });
  if (!merged.ok)
    throw new SeaworthyError('SW_LOAD_RESULT', `The results cannot be added up: ${merged.problem}.`, {
      hint: 'Give each runner of one test once, and nothing else.',
    });
  return withFailures(merged.record, lost, options.exitCodes ?? []);
}

/** Exit codes in a text: `0,99,0`, or one to a line, with or without names before them. Undefined where it holds anything else. */
export function parseExitCodes(text: string): readonly number[] | undefined {
  const words = text.split(/[\n,]+/).map((line) => line.trim().split(/\s+/).at(-1) ?? '');
  const codes = words.filter((word) => word !== '');
  return codes.length > 0 && codes.every((word) => /^\d{1,3}$/.test(word)) ? codes.map(Number) : undefined;
}

interface Found {
  readonly name: string;
  readonly record?: LoadTestRecord;
  readonly pods?: readonly RunnerPod[];
  readonly markers: readonly Marker[];
  readonly broken: number;
}

function readFile({ name, text }: CollectFile): Found {
  const json = /^\s*\{/.test(text) ? parseJson(text) : undefined;
  if (isObject(json) && isRecordFormat(json['format'])) {
    const read = readRecord(json);
    if (read.ok) return { name, record: read.record, markers: [], broken: 0 };
    throw new SeaworthyError('SW_LOAD_RESULT', `The record cannot be used: ${read.problem}.`, {
      where: name,
      hint: 'Take the file as the run wrote it.',
    });
  }
  const pods = readRunnerPods(json);
  return { name, ...(pods === undefined ? readMarkers(text) : { pods, markers: [], broken: 0 }) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function requireEnded(pods: readonly RunnerPod[]): void {
  const going = pods.filter(({ exitCode }) => exitCode === undefined).map(({ name }) => name);
  if (going.length > 0)
    throw new SeaworthyError('SW_LOAD_RESULT', `k6 has not ended in ${going.slice(0, 3).join(', ')}.`, {
      hint: 'Wait until every runner has ended, then take the logs and the list of Pods again.',
    });
}

interface Named {
  readonly marker: Marker;
  readonly name: string;
}

function requireOneScript(markers: readonly Named[]): void {
  const [first] = markers;
  const other = markers.find(({ marker }) => marker.script !== first?.marker.script);
  if (other !== undefined)
    throw new SeaworthyError('SW_LOAD_RESULT', 'The runners ran different scripts.', {
      where: other.name,
      hint: 'Run all of them from one script, and collect one test at a time.',
    });
}

/** Two results of the same part of the load would count it twice. */
function requireOneOfEach(markers: readonly Named[]): void {
  const seen = new Map<string, string>();
  for (const { marker, name } of markers) {
    if (marker.segment === null && marker.instance === null) continue;
    const key = JSON.stringify([marker.segment, marker.instance]);
    const other = seen.get(key);
    if (other !== undefined)
      throw new SeaworthyError('SW_LOAD_RESULT', `There are two results of runner ${marker.instance ?? marker.segment}.`, {
        where: name,
        hint: `The other one is in ${other}. Collect one run at a time.`,
      });
    seen.set(key, name);
  }
}

function factsOf(marker: Marker, pods: readonly RunnerPod[], options: CollectOptions) {
  const pod = pods.find(({ instance }) => instance !== undefined && instance === marker.instance);
  const version = pod?.version ?? options.version;
  return {
    engine: pods.length > 0 || marker.instance !== null ? ('k6-operator' as const) : ('k6' as const),
    ...(version === undefined ? {} : { version }),
    ...(pod?.exitCode === undefined ? {} : { exitCode: pod.exitCode }),
    ...(options.environment === undefined ? {} : { environment: options.environment }),
    ...(options.images === undefined ? {} : { images: options.images }),
  };
}

/** What is known of runners whose result is not here. */
function lostRunners(
  found: readonly Found[],
  pods: readonly RunnerPod[],
  markers: readonly Named[],
  used: number,
): readonly string[] {
  const said = new Set(markers.map(({ marker }) => marker.instance));
  const silent = pods.filter(({ instance }) => instance === undefined || !said.has(instance));
  return [
    ...silent.map(({ name, exitCode }) => `The runner ${name} ended with exit code ${exitCode} and there is no result of it.`),
    ...found.flatMap(({ name, broken }) => (broken > 0 ? [`${name} holds a result that is cut or changed.`] : [])),
    ...found
      .filter((file) => file.record === undefined && file.pods === undefined && file.markers.length === 0 && file.broken === 0)
      .map(({ name }) => `${name} holds no result: its k6 did not come to the end.`),
    ...(used < markers.length ? [`The setup of ${markers.length - used} of ${markers.length} runners failed.`] : []),
  ];
}

function nothingFound(files: readonly CollectFile[], lost: readonly string[]): SeaworthyError {
  return new SeaworthyError('SW_LOAD_RESULT', lost[0] ?? 'There is no result of a load test.', {
    ...(files.length === 1 && files[0] !== undefined ? { where: files[0].name } : {}),
    hint: 'Give the logs of the runners as kubectl or k6 printed them (the line SEAWORTHY holds the result), or records of seaworthy load.',
  });
}

/** Whoever failed had a share of the load: what the others measured is kept, and settles nothing. */
function withFailures(record: LoadTestRecord, lost: readonly string[], exitCodes: readonly number[]): LoadTestRecord {
  const failed = exitCodes.filter((code) => code !== 0 && code !== 99);
  const messages = [...lost, ...failed.map((code) => `A runner ended with exit code ${code}.`)];
  const unknown = exitCodes.length > 0 && exitCodes.length !== record.engine.runners;
  if (unknown) messages.push(`There are ${exitCodes.length} exit codes and results of ${record.engine.runners} runners.`);
  if (messages.length === 0) return record;
  const { format: _, digest: __, ...content } = record;
  const stopped = record.stopped ?? {
    reason: failed.length > 0 ? ('engine-failed' as const) : ('runner-missing' as const),
    afterS: record.seconds,
    message: messages[0] ?? '',
  };
  return sealRecord({ ...content, stopped, notes: [...record.notes, ...messages].slice(0, 100) });
}
