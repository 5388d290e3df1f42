import type { ImageScanData } from '../../evidence/bundle.ts';
import { parseMoment } from '../../model/time.ts';
import { isRecord, listOf, textOf } from '../records.ts';

type Json = Readonly<Record<string, unknown>>;

/**
 * Reads one scanner report: Trivy JSON (schema 2), Grype JSON, or SARIF with an image digest. Matching is by digest only, so a report
 * without one is whole but about no image that can be recognised. Undefined when the text is no report that we know.
 */
export function readScan(path: string, text: string): ImageScanData | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return broken(path, text.trim() === '' ? 'the report is empty' : 'the report is cut or not JSON');
  }
  if (!isRecord(value)) return undefined;
  if (value['SchemaVersion'] !== undefined || value['ArtifactName'] !== undefined) return readTrivy(path, value);
  if (Array.isArray(value['matches']) && isRecord(value['source'])) return readGrype(path, value);
  return undefined;
}

const broken = (path: string, problem: string): ImageScanData => ({
  tool: 'unknown',
  path,
  digests: [],
  image: '',
  whole: false,
  problem,
  vulnerabilities: {},
});

function readTrivy(path: string, report: Json): ImageScanData {
  const metadata = isRecord(report['Metadata']) ? report['Metadata'] : {};
  const digests = [...listOf(metadata['RepoDigests']), report['ArtifactName']].flatMap(digestsIn);
  const results = Array.isArray(report['Results']) ? report['Results'].filter(isRecord) : undefined;
  const vulnerabilities: Record<string, number> = {};
  let secrets: number | undefined;
  for (const result of results ?? []) {
    for (const item of listOf(result['Vulnerabilities'])) count(vulnerabilities, isRecord(item) ? item['Severity'] : undefined);
    // Trivy names the class even where it found nothing, which shows that it looked.
    if (result['Class'] === 'secret') secrets = (secrets ?? 0) + listOf(result['Secrets']).length;
  }
  const scanners = listOf(isRecord(report['Metadata']) ? report['Metadata']['Scanners'] : undefined);
  if (secrets === undefined && scanners.includes('secret')) secrets = 0;
  return {
    tool: 'trivy',
    path,
    ...time(report['CreatedAt']),
    digests: unique(digests),
    image: textOf(report['ArtifactName']) ?? '',
    whole: results !== undefined,
    ...(results === undefined ? { problem: 'the report has no Results' } : {}),
    vulnerabilities,
    ...(secrets === undefined ? {} : { secrets }),
  };
}

function readGrype(path: string, report: Json): ImageScanData {
  const source = isRecord(report['source']) ? report['source'] : {};
  const target = isRecord(source['target']) ? source['target'] : {};
  const descriptor = isRecord(report['descriptor']) ? report['descriptor'] : {};
  const vulnerabilities: Record<string, number> = {};
  for (const match of listOf(report['matches'])) {
    const vulnerability = isRecord(match) && isRecord(match['vulnerability']) ? match['vulnerability'] : {};
    count(vulnerabilities, vulnerability['severity']);
  }
  return {
    tool: 'grype',
    path,
    ...time(descriptor['timestamp']),
    digests: unique([...listOf(target['repoDigests']), target['manifestDigest']].flatMap(digestsIn)),
    image: textOf(target['userInput']) ?? '',
    whole: true,
    vulnerabilities,
  };
}

const digestsIn = (value: unknown): readonly string[] =>
  typeof value === 'string' ? (value.match(/sha256:[0-9a-f]{64}/g) ?? []) : [];
const unique = (list: readonly string[]) => [...new Set(list)].sort();

function time(value: unknown): { readonly scannedAt?: string } {
  const text = textOf(value);
  const parsed = text === undefined ? undefined : parseMoment(text);
  return parsed?.ok ? { scannedAt: parsed.text } : {};
}

function count(counts: Record<string, number>, severity: unknown): void {
  const name = typeof severity === 'string' && /^[a-z]+$/i.test(severity) ? severity.toLowerCase() : 'unknown';
  counts[name] = (counts[name] ?? 0) + 1;
}
