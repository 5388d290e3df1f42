/** The last row of a page. Not signed: it only says where to go on within the user's own rows. */
export interface Cursor {
  readonly startedAt: Date;
  readonly id: string;
}

export function writeCursor({ startedAt, id }: Cursor): string {
  return Buffer.from(`${startedAt.getTime()}.${id}`).toString('base64url');
}

/** Undefined for whatever this service did not write. */
export function readCursor(text: string): Cursor | undefined {
  const [, ms, id] = /^(-?\d{1,15})\.([1-9]\d{0,17})$/.exec(Buffer.from(text, 'base64url').toString('latin1')) ?? [];
  const startedAt = new Date(Number(ms));
  if (
    id === undefined ||
    Number.isNaN(startedAt.getTime()) ||
    startedAt.getUTCFullYear() > 9_999 ||
    startedAt.getUTCFullYear() < 1
  )
    return undefined;
  return { startedAt, id };
}
