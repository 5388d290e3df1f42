import type { Assessment } from '../model/judgement.ts';
import type { ReviewResult } from '../model/result.ts';
import { code, escapeMarkdown, row, tableHead, escapeMoment } from './markdown-text.ts';
import { place, plural } from './wording.ts';

/** What was gathered, what was not, and why. */
export function* evidenceTable({ evidence, inventory }: ReviewResult): Generator<string> {
  yield* [
    '## Evidence',
    '',
    `${plural(inventory.objects, 'object')}, ${plural(inventory.workloads, 'workload')} in the launch environment.`,
  ];
  if (evidence.length === 0) return;
  yield* ['', ...tableHead('Kind', 'Status', 'Source', 'Collected', 'Digest or reason')];
  const signs = { collected: '\u2705', absent: '\u23f3', failed: '\u274c' } as const;
  for (const { kind, status, source, collectedAt, digest, reason } of evidence) {
    const basis = reason !== undefined ? escapeMarkdown(reason) : digest === undefined ? '' : code(digest.slice(0, 19));
    yield row(
      escapeMarkdown(kind),
      `${signs[status]} ${status}`,
      code(source),
      collectedAt === undefined ? '' : escapeMoment(collectedAt),
      basis,
    );
  }
}

/** Waivers and attestations in use, each once, with the day on which it ends. */
export function* coverage({ checks }: ReviewResult): Generator<string> {
  const uses = new Map<string, { readonly check: string; readonly assessment: Assessment; count: number }>();
  for (const check of checks) {
    for (const assessment of check.assessments) {
      const { waiver, attestation } = assessment;
      if (waiver === undefined && attestation === undefined) continue;
      const key = JSON.stringify([
        check.id,
        waiver?.owner,
        waiver?.reason,
        waiver?.expires,
        attestation?.by,
        attestation?.at,
        attestation?.statement,
      ]);
      const use = uses.get(key);
      if (use) use.count += 1;
      else uses.set(key, { check: check.id, assessment, count: 1 });
    }
  }
  yield* ['## Waivers and Attestations', ''];
  if (uses.size === 0) {
    yield 'None.';
    return;
  }
  yield* tableHead('What', 'Check', 'Who', 'Until', 'Why');
  for (const { check, assessment, count } of uses.values()) {
    const { waiver, attestation, reason } = assessment;
    const many = count === 1 ? '' : ` (${count} targets)`;
    if (waiver) {
      const control = waiver.compensatingControl === undefined ? '' : `; instead: ${escapeMarkdown(waiver.compensatingControl)}`;
      yield row(
        'waiver',
        `${code(check)}${many}`,
        escapeMarkdown(waiver.owner),
        escapeMoment(waiver.expires),
        `${escapeMarkdown(waiver.reason)}${control}`,
      );
    }
    if (attestation) {
      const proof = attestation.evidence === undefined ? '' : ` (${code(attestation.evidence)})`;
      yield row(
        `attestation${reason === 'claimed' ? ', unsigned' : ''}`,
        `${code(check)}${many}`,
        `${escapeMarkdown(attestation.by)}, ${escapeMoment(attestation.at)}`,
        escapeMoment(attestation.expires),
        `${escapeMarkdown(attestation.statement)}${proof}`,
      );
    }
  }
}

/** What a reader must know about the review itself. */
export function* notes({ notes }: ReviewResult): Generator<string> {
  yield* ['## Notes', ''];
  if (notes.length === 0) yield 'None.';
  for (const { message, location } of notes)
    yield `- ${escapeMarkdown(message)}${location === undefined ? '' : ` (${code(place(location))})`}`;
}
