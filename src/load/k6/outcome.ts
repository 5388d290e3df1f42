import type { UnsealedRecord } from '../../evidence/load-tests/record.ts';
import type { ProcessEnd } from './process.ts';

type StopReason = NonNullable<UnsealedRecord['stopped']>['reason'];

/** Why a run is no whole one; nothing where it went by its plan. */
export interface Stop {
  readonly reason: StopReason;
  readonly message: string;
}

export interface EndOfRun {
  readonly end: ProcessEnd;
  /** Who asked k6 to stop, if anybody did. */
  readonly stoppedBy?: 'user' | 'time-limit';
  /** Requests in the stream, and in the summary that k6 wrote at the end. */
  readonly streamed: number;
  readonly summarised?: number;
  readonly unreadable: number;
  readonly unjudged: number;
  readonly stderr: string;
}

/** https://github.com/grafana/k6/blob/master/errext/exitcodes/codes.go names them. 99: a threshold of the script was crossed. */
const finished: readonly number[] = [0, 99];
const aborted: Readonly<Record<number, string>> = {
  105: 'k6 was interrupted by a signal',
  108: 'The script ended the test itself (test.abort)',
};
const failures: Readonly<Record<number, string>> = {
  97: 'The cloud test failed or was aborted',
  98: 'The progress of the cloud test was lost',
  100: 'setup() took too long',
  101: 'teardown() took too long',
  102: 'k6 timed out',
  103: 'k6 was stopped through its REST API',
  104: 'The options of the script are not valid',
  106: 'The REST API of k6 could not start',
  107: 'The script threw an exception',
  109: 'k6 crashed',
  110: 'The script marked the test as failed',
};

/** What an end of k6 means for what was measured until then. Thresholds of k6 decide nothing here: the gate judges. */
export function stopOf(run: EndOfRun): Stop | undefined {
  const { end, stoppedBy } = run;
  if (stoppedBy === 'user') return { reason: 'interrupted', message: 'The run was interrupted.' };
  if (stoppedBy === 'time-limit') return { reason: 'aborted', message: 'k6 ran longer than its plan allows and was stopped.' };
  if (end.kind === 'not-started') return failed(`k6 could not be started (${end.reason})`);
  if (end.kind === 'signal') return failed(`k6 was killed (${end.signal})`);
  if (finished.includes(end.code)) return incomplete(run);
  const reason = aborted[end.code];
  if (reason !== undefined) return { reason: 'aborted', message: `${reason}.` };
  return failed(`${failures[end.code] ?? 'k6 failed'} (exit code ${end.code})`);
}

const failed = (what: string): Stop => ({ reason: 'engine-failed', message: `${what}.` });

/** k6 says that all went by plan; whether its stream agrees. */
function incomplete({ streamed, summarised, unreadable, unjudged, stderr }: EndOfRun): Stop | undefined {
  if (/abortOnFail/.test(stderr))
    return { reason: 'aborted', message: 'A threshold of the script with abortOnFail was crossed.' };
  if (unjudged > 0)
    return failed(
      `The stream does not say whether ${unjudged} requests failed: the script leaves out the tags status and expected_response`,
    );
  if (summarised === undefined) return failed('k6 ended without the summary it was asked for');
  // Lines that look like the stream and are none may be the script's: the count tells.
  if (summarised === streamed) return undefined;
  const damage = unreadable === 0 ? '' : `; ${unreadable} of its lines could not be read`;
  return failed(`k6 counted ${summarised} requests, and its stream held ${streamed}${damage}`);
}
