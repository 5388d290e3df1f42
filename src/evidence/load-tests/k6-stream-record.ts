import { formatMoment } from '../../model/time.ts';
import type { K6Measured } from './k6-stream.ts';
import type { K6Reading } from './k6-summary.ts';

/**
 * The record of a stream that was kept in a file. `cut`: it ends within a line, so that whoever wrote it was stopped. Damage in the middle
 * is refused: nobody knows what stood there.
 */
export function recordOfStream(measured: K6Measured, cut: boolean): K6Reading {
  const { counts, seconds, startedMs, origins, unreadable, unjudged } = measured;
  if (unreadable > 0) return { ok: false, problem: `${lines(unreadable)} of the stream cannot be read` };
  if (counts.sent === 0) return { ok: false, problem: 'k6 sent no HTTP request in that run, so that it shows nothing' };
  if (counts.ok + counts.failed === 0)
    return {
      ok: false,
      problem: `none of the requests of that run was answered; k6 began ${counts.unfinished} iterations and interrupted them`,
    };
  if (unjudged > 0)
    return {
      ok: false,
      problem: `the stream does not say whether ${unjudged} of its requests failed: the script leaves out the tags status and expected_response`,
    };
  return {
    ok: true,
    record: {
      engine: { name: 'k6', version: 'unknown', runners: 1 },
      test: { model: 'unknown', warmupS: 0, steadyS: seconds, requests: [], variables: [] },
      target: origins[0] ?? 'unknown',
      ...(startedMs === undefined ? {} : { startedAt: formatMoment(startedMs) }),
      ...(cut
        ? {
            stopped: {
              reason: 'aborted' as const,
              afterS: seconds,
              message: 'The stream ends in the middle of a line: k6 was stopped, or the file was cut.',
            },
          }
        : {}),
      counts,
      seconds,
      limitsMs: measured.limitsMs,
      response: measured.response,
      blocks: measured.blocks,
      k6: { thresholds: [], droppedIterations: counts.dropped },
      notes: [
        ...measured.notes,
        'A stream of k6 does not say how the run ended: a run that was stopped early between two lines looks like a short one.',
      ],
    },
  };
}

const lines = (count: number): string => (count === 1 ? 'One line' : `${count} lines`);
