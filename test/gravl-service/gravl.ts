import { demoPassword, demoUsers, putDemoData } from '../../examples/gravl/service/src/demo/data.ts';
import type { Database } from '../../examples/gravl/service/src/database/database.ts';
import { migrateUp } from '../../examples/gravl/service/src/migrations.ts';
import { createPasswords } from '../../examples/gravl/service/src/passwords.ts';
import type { DatabaseKind } from './databases.ts';
import { type Answer, migrations, type Running, run } from './running.ts';

export const [dana, ines] = demoUsers;
export const ride = {
  kind: 'ride',
  title: 'Evening loop',
  startedAt: '2026-03-06T17:00:00.000Z',
  durationSeconds: 3_600,
  distanceMeters: 24_000,
};

/** The service with the demo data, and two of its users signed in. */
export interface Gravl {
  readonly db: Database;
  readonly running: Running;
  readonly danas: string;
  readonly ineses: string;
  signIn(email: string, password?: string): Promise<Answer>;
  list(token: string | undefined, query?: string): Promise<Answer>;
  create(token: string | undefined, body: unknown): Promise<Answer>;
  stop(): Promise<void>;
}

export async function startGravl(kind: DatabaseKind): Promise<Gravl> {
  const database = await kind.start();
  const db = await database.open();
  await migrateUp(db, migrations, () => {});
  await putDemoData(db, createPasswords());
  const running = await run(db);
  const signIn = (email: string, password = demoPassword) =>
    running.call('POST', '/api/v1/sessions', { body: { email, password } });
  return {
    db,
    running,
    danas: (await signIn(dana.email)).json.token ?? '',
    ineses: (await signIn(ines.email)).json.token ?? '',
    signIn,
    list: (token, query = '') => running.call('GET', `/api/v1/workouts${query}`, { token }),
    create: (token, body) => running.call('POST', '/api/v1/workouts', { token, body }),
    stop: async () => {
      await running.service.stop();
      await database.stop();
    },
  };
}
