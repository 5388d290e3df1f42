export type Row = Record<string, unknown>;

export interface Session {
  /** One statement; values go as `$1`, `$2`, never into the text. */
  query<R extends Row>(text: string, values?: readonly unknown[]): Promise<R[]>;
  /** Several statements without values: a migration. */
  script(text: string): Promise<void>;
}

/** A database, whichever it is. */
export interface Database extends Pick<Session, 'query'> {
  /** Commits when `work` resolves, rolls back when it rejects. */
  transaction<T>(work: (session: Session) => Promise<T>): Promise<T>;
  /** Waits for what runs. */
  close(): Promise<void>;
  connections(): Connections;
}

export interface Connections {
  readonly open: number;
  readonly idle: number;
  /** Callers that wait for a connection. */
  readonly waiting: number;
}
