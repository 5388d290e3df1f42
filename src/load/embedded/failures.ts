/**
 * How an error of the network is named in a record: the code of the system or of TLS as it is, and a word of ours for the rest. Nothing
 * that the other side sent can become such a name.
 */
export function failureName(error: unknown): string {
  const code = codeOf(error);
  // undici's parser gives its errors no code.
  if (code === undefined) return error instanceof Error && error.name === 'HTTPParserError' ? 'protocol' : 'other';
  if (isSentAway(error)) return 'goaway';
  const own = ownNames.get(code);
  if (own !== undefined) return own;
  if (code.startsWith('HPE_') || code.startsWith('ERR_HTTP2')) return 'protocol';
  if (code.startsWith('UND_ERR')) return 'other';
  return /^[A-Z][A-Z0-9_]{2,63}$/.test(code) ? code : 'other';
}

/**
 * A server asks its client to go on with a new connection, as most do after some number of requests (RFC 9113, 6.8). It would still answer
 * what it has begun, but undici gives that up: its doing, and no failure of the server.
 */
export const isSentAway = (error: unknown): boolean =>
  error instanceof Error && error.message === 'HTTP/2: "GOAWAY" frame received with code 0';

export function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : undefined;
}

/** Codes that undici gives. `closed`: the other side ended the connection in the middle of an exchange. */
const ownNames: ReadonlyMap<string, string> = new Map([
  ['UND_ERR_SOCKET', 'closed'],
  ['UND_ERR_INFO', 'closed'],
  ['UND_ERR_CONNECT_TIMEOUT', 'connect-timeout'],
  ['UND_ERR_HEADERS_TIMEOUT', 'timeout'],
  ['UND_ERR_BODY_TIMEOUT', 'timeout'],
  ['UND_ERR_HEADERS_OVERFLOW', 'protocol'],
  ['UND_ERR_RES_CONTENT_LENGTH_MISMATCH', 'half-body'],
  ['UND_ERR_INVALID_ARG', 'invalid-request'],
  ['UND_ERR_NOT_SUPPORTED', 'invalid-request'],
  ['UND_ERR_REQ_CONTENT_LENGTH_MISMATCH', 'invalid-request'],
  ['UND_ERR_ABORTED', 'closed'],
  ['SEAWORTHY_NO_H2', 'no-h2'],
]);
