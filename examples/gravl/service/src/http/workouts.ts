import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Database } from '../database/database.ts';
import type { Tokens } from '../tokens.ts';
import { type Cursor, readCursor, writeCursor } from './cursor.ts';
import { HttpError, unauthorized } from './errors.ts';

interface NewWorkout {
  readonly kind: string;
  readonly title: string;
  readonly startedAt: string;
  readonly durationSeconds: number;
  readonly distanceMeters?: number | null;
  readonly notes?: string;
}

interface WorkoutRow extends Record<string, unknown> {
  readonly id: string;
  readonly kind: string;
  readonly title: string;
  readonly started_at: Date;
  readonly duration_seconds: number;
  readonly distance_meters: number | null;
  readonly notes: string;
}

const DEFAULT_PAGE = 20;
const LARGEST_PAGE = 100;
const DAY_MS = 86_400_000;
const EARLIEST = Date.UTC(1970, 0, 1);

/** PostgreSQL's text holds no NUL. */
const noNul = '^[^\\u0000]*$';

const workout = {
  type: 'object',
  properties: {
    id: { type: 'string' },
    kind: { type: 'string' },
    title: { type: 'string' },
    startedAt: { type: 'string' },
    durationSeconds: { type: 'integer' },
    distanceMeters: { type: 'integer', nullable: true },
    notes: { type: 'string' },
  },
} as const;

const listSchema = {
  querystring: {
    type: 'object',
    additionalProperties: false,
    properties: { limit: { type: 'string', pattern: '^[1-9]\\d{0,2}$' }, cursor: { type: 'string', maxLength: 100 } },
  },
  response: {
    200: {
      type: 'object',
      properties: { workouts: { type: 'array', items: workout }, nextCursor: { type: 'string', nullable: true } },
    },
  },
} as const;

const createSchema = {
  body: {
    type: 'object',
    required: ['kind', 'title', 'startedAt', 'durationSeconds'],
    additionalProperties: false,
    properties: {
      kind: { enum: ['ride', 'run', 'swim', 'strength', 'other'] },
      title: { type: 'string', minLength: 1, maxLength: 120, pattern: noNul },
      startedAt: { type: 'string', format: 'date-time', maxLength: 40 },
      durationSeconds: { type: 'integer', minimum: 1, maximum: 172_800 },
      distanceMeters: { type: ['integer', 'null'], minimum: 0, maximum: 2_000_000 },
      notes: { type: 'string', maxLength: 2_000, pattern: noNul },
    },
  },
  response: { 201: workout },
} as const;

const columns = 'id::text AS id, kind, title, started_at, duration_seconds, distance_meters, notes';

/** GET and POST /api/v1/workouts: those of the user whose token is sent, and of nobody else. */
export function serveWorkouts(app: FastifyInstance, db: Database, tokens: Tokens): void {
  app.get<{ Querystring: { limit?: string; cursor?: string } }>('/api/v1/workouts', { schema: listSchema }, async (request) => {
    const userId = await signedInUser(request, tokens);
    const limit = Number(request.query.limit ?? DEFAULT_PAGE);
    if (limit > LARGEST_PAGE) throw new HttpError(400, 'invalid-request', `limit must be at most ${LARGEST_PAGE}.`);
    const rows = await newestWorkouts(db, userId, limit + 1, cursorOf(request.query.cursor));
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    return {
      workouts: page.map(present),
      nextCursor: rows.length > limit && last !== undefined ? writeCursor({ startedAt: last.started_at, id: last.id }) : null,
    };
  });

  app.post<{ Body: NewWorkout }>('/api/v1/workouts', { schema: createSchema }, async (request, reply) => {
    const userId = await signedInUser(request, tokens);
    const { kind, title, durationSeconds, distanceMeters, notes } = request.body;
    const values = [userId, kind, title, startOf(request.body), durationSeconds, distanceMeters ?? null, notes ?? ''];
    const [row] = await db.query<WorkoutRow>(
      `INSERT INTO workouts (user_id, kind, title, started_at, duration_seconds, distance_meters, notes)
       SELECT id, $2, $3, $4::timestamptz, $5::integer, $6::integer, $7 FROM users WHERE id = $1::bigint
       RETURNING ${columns}`,
      values,
    );
    // The account was removed while its token still ran.
    if (row === undefined) throw unauthorized();
    return reply.code(201).send(present(row));
  });
}

async function signedInUser(request: FastifyRequest, tokens: Tokens): Promise<string> {
  const [, token] = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(request.headers.authorization ?? '') ?? [];
  const userId = token === undefined ? undefined : await tokens.userOf(token);
  if (userId === undefined) throw unauthorized();
  return userId;
}

function newestWorkouts(db: Database, userId: string, limit: number, after: Cursor | undefined): Promise<WorkoutRow[]> {
  const order = 'ORDER BY started_at DESC, id DESC';
  if (after === undefined) {
    return db.query<WorkoutRow>(`SELECT ${columns} FROM workouts WHERE user_id = $1::bigint ${order} LIMIT $2::integer`, [
      userId,
      limit,
    ]);
  }
  return db.query<WorkoutRow>(
    `SELECT ${columns} FROM workouts
     WHERE user_id = $1::bigint AND (started_at, workouts.id) < ($3::timestamptz, $4::bigint) ${order} LIMIT $2::integer`,
    [userId, limit, after.startedAt.toISOString(), after.id],
  );
}

function cursorOf(cursor: string | undefined): Cursor | undefined {
  if (cursor === undefined) return undefined;
  const read = readCursor(cursor);
  if (read === undefined) throw new HttpError(400, 'invalid-request', 'cursor must be one that an answer gave.');
  return read;
}

/** The format lets leap seconds and the year 0000 through, which Date or PostgreSQL refuse. */
function startOf({ startedAt }: NewWorkout): string {
  const moment = Date.parse(startedAt);
  if (!(moment >= EARLIEST && moment <= Date.now() + DAY_MS)) {
    throw new HttpError(400, 'invalid-request', 'startedAt must be a moment from 1970 to now.');
  }
  return new Date(moment).toISOString();
}

function present(row: WorkoutRow): object {
  return {
    id: row.id,
    kind: row.kind,
    title: row.title,
    startedAt: row.started_at.toISOString(),
    durationSeconds: row.duration_seconds,
    distanceMeters: row.distance_meters,
    notes: row.notes,
  };
}
