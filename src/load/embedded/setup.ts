import type { LoadSetup } from '../../evidence/declared.ts';
import { SeaworthyError } from '../../model/errors.ts';
import { failureName } from './failures.ts';
import type { Captured, WorkerTask } from './messages.ts';
import { prepareRequest } from './requests.ts';
import type { Transport } from './transport.ts';

const mostBytes = 1_048_576;
const mostCharacters = 65_536;

/** Sends the setup requests in their order and keeps what they capture. Throws SW_LOAD_ENGINE, which says nothing of any value. */
export async function setUp(task: WorkerTask, { pool }: Pick<Transport, 'pool'>): Promise<Captured> {
  const captured: Record<string, string> = {};
  for (const request of task.scenario.setup) {
    const { path, method, headers, body, success } = prepareRequest(request, task, {
      variables: task.variables,
      setup: captured,
    })({
      row: task.rows[0] ?? {},
      iteration: 0,
    });
    const answer = await send(request, pool, { path, method, headers: headers as string[], body }, task.scenario.timeoutMs);
    if (!success.some(([low, high]) => answer.status >= low && answer.status <= high))
      throw refusal(request, `was answered with status ${answer.status}`);
    Object.assign(captured, capture(request, answer.text));
  }
  return captured;
}

interface Sent {
  readonly path: string;
  readonly method: string;
  readonly headers: string[];
  readonly body: string | Buffer | null;
}

async function send(
  request: LoadSetup,
  pool: Transport['pool'],
  sent: Sent,
  timeoutMs: number,
): Promise<{ status: number; text: string }> {
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const { statusCode, body } = await pool.request({ ...sent, signal });
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of body as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > mostBytes) throw refusal(request, 'was answered with more than 1 MiB');
      chunks.push(chunk);
    }
    return { status: statusCode, text: Buffer.concat(chunks).toString('utf8') };
  } catch (error) {
    if (error instanceof SeaworthyError) throw error;
    throw refusal(request, signal.aborted ? `had no answer after ${timeoutMs / 1000} s` : `failed (${failureName(error)})`);
  }
}

/** The values that a setup request names, by JSON pointer. Only texts, numbers and truth values can go into a later request. */
export function capture(request: LoadSetup, text: string): Captured {
  const wanted = Object.entries(request.capture);
  if (wanted.length === 0) return {};
  const parsed = parse(text);
  if (parsed === undefined) throw refusal(request, 'was answered with something that is not JSON, and captures from it');
  return Object.fromEntries(
    wanted.map(([name, pointer]) => {
      const value = atPointer(parsed.value, pointer);
      if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean')
        throw refusal(request, `was answered without a text or number at "${pointer}", which "${name}" captures`);
      const captured = String(value);
      if (captured.length > mostCharacters)
        throw refusal(request, `was answered with more than 64 Ki characters at "${pointer}"`);
      return [name, captured];
    }),
  );
}

function parse(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}

/** RFC 6901. Undefined where it leads nowhere; what an object merely inherits is nowhere. */
export function atPointer(value: unknown, pointer: string): unknown {
  if (pointer === '') return value;
  if (!pointer.startsWith('/')) return undefined;
  let current = value;
  for (const part of pointer.slice(1).split('/')) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, key)) return undefined;
    if (Array.isArray(current) && !/^(0|[1-9]\d*)$/.test(key)) return undefined;
    current = (current as Readonly<Record<string, unknown>>)[key];
  }
  return current;
}

const refusal = ({ name }: LoadSetup, what: string) =>
  new SeaworthyError('SW_LOAD_ENGINE', `The setup request "${name}" ${what}.`, {
    hint: 'Nothing was measured. See the scenario of the review file, and the environment variables that it names.',
  });
