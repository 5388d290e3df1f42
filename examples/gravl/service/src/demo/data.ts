import type { Database } from '../database/database.ts';
import type { Passwords } from '../passwords.ts';
import { SetupError } from '../setup-error.ts';

/** Invented people; the password is in the README and protects nothing. */
export const demoUsers = [
  { email: 'demo@gravl.example', name: 'Dana Demo' },
  { email: 'ines@gravl.example', name: 'Ines Holm' },
  { email: 'tomas@gravl.example', name: 'Tomás Ferrer' },
  { email: 'aiko@gravl.example', name: 'Aiko Brandt' },
  { email: 'per@gravl.example', name: 'Per Lund' },
] as const;
export const demoPassword = 'a-long-ride-on-gravel';

const WORKOUTS_EACH = 1_000;
/** The newest one; a fixed day, so that the data are the same at every start. */
const NEWEST = Date.UTC(2026, 2, 5, 17, 30);
const HALF_DAY_MS = 43_200_000;

export interface DemoWorkout {
  readonly kind: string;
  readonly title: string;
  readonly startedAt: Date;
  readonly durationSeconds: number;
  readonly distanceMeters: number | null;
}

/** How fast, in metres a second, and how long, in minutes. No pace: no distance. */
const sports = [
  {
    kind: 'ride',
    titles: ['Gravel loop', 'Commute', 'Hills behind town', 'Long ride to the coast'],
    pace: [5.5, 9],
    minutes: [25, 240],
  },
  {
    kind: 'run',
    titles: ['Easy run', 'Intervals on the track', 'Forest trail', 'Long run'],
    pace: [2.4, 4.2],
    minutes: [20, 130],
  },
  { kind: 'swim', titles: ['Pool, technique', 'Open water'], pace: [0.7, 1.3], minutes: [20, 70] },
  { kind: 'strength', titles: ['Core', 'Squats and presses'], pace: undefined, minutes: [15, 60] },
] as const;

/** Always the same for the same user. */
export function demoWorkouts(user: number, count = WORKOUTS_EACH): DemoWorkout[] {
  const random = sequence(user + 1);
  const between = ([low, high]: readonly [number, number]) => low + random() * (high - low);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  return Array.from({ length: count }, (_, index) => {
    const sport = pick(sports);
    const durationSeconds = Math.round(between(sport.minutes) * 60);
    return {
      kind: sport.kind,
      title: pick(sport.titles),
      startedAt: new Date(NEWEST - Math.round((index + random() * 0.8) * HALF_DAY_MS)),
      durationSeconds,
      distanceMeters: sport.pace === undefined ? null : Math.round(between(sport.pace) * durationSeconds),
    };
  });
}

/** Puts the demo users and their workouts in, once. Refuses a database that holds somebody else. */
export async function putDemoData(db: Database, passwords: Passwords): Promise<'added' | 'present'> {
  const users = await db.query<{ email: string }>('SELECT email FROM users ORDER BY id');
  const known: readonly string[] = demoUsers.map(({ email }) => email);
  if (users.some(({ email }) => !known.includes(email))) {
    throw new SetupError('This database has users that are not of the demo. Demo data are put into an empty database only.');
  }
  if (users.length > 0) return 'present';
  const hash = await passwords.hash(demoPassword);
  await db.transaction(async (session) => {
    for (const [index, { email, name }] of demoUsers.entries()) {
      const [user] = await session.query<{ id: string }>(
        'INSERT INTO users (email, name, password_hash) VALUES ($1, $2, $3) RETURNING id::text AS id',
        [email, name, hash],
      );
      const workouts = demoWorkouts(index);
      await session.query(
        `INSERT INTO workouts (user_id, kind, title, started_at, duration_seconds, distance_meters)
         SELECT $1::bigint, * FROM unnest($2::text[], $3::text[], $4::timestamptz[], $5::integer[], $6::integer[])`,
        [
          user?.id,
          workouts.map(({ kind }) => kind),
          workouts.map(({ title }) => title),
          workouts.map(({ startedAt }) => startedAt.toISOString()),
          workouts.map(({ durationSeconds }) => durationSeconds),
          workouts.map(({ distanceMeters }) => distanceMeters),
        ],
      );
    }
  });
  return 'added';
}

/** Numbers from 0 to 1, always the same for the same seed: a linear congruential generator modulo 2^32. */
function sequence(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
}
