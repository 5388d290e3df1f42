import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoWorkouts } from '../../examples/gravl/service/src/demo/data.ts';
import { databaseKinds, startLimitMs } from './databases.ts';
import { type Gravl, ride, startGravl } from './gravl.ts';
import type { Workout } from './running.ts';

describe.each(databaseKinds)('workouts of the Gravl service on $name', (kind) => {
  let gravl: Gravl;

  beforeAll(async () => {
    gravl = await startGravl(kind);
  }, startLimitMs);

  afterAll(() => gravl.stop(), startLimitMs);

  describe('the list', () => {
    it('holds all workouts of the user once, newest first, over all pages', async () => {
      const seen: Workout[] = [];
      let cursor: string | null | undefined;
      do {
        const { json } = await gravl.list(gravl.ineses, `?limit=100${cursor ? `&cursor=${cursor}` : ''}`);
        seen.push(...(json.workouts ?? []));
        cursor = json.nextCursor;
      } while (cursor);
      expect(seen.map(({ startedAt }) => startedAt)).toEqual(demoWorkouts(1).map(({ startedAt }) => startedAt.toISOString()));
      expect(new Set(seen.map(({ id }) => id)).size).toBe(1_000);
    });

    it('keeps workouts of the same moment apart across pages', async () => {
      const startedAt = '2026-03-06T20:00:00.000Z';
      for (const title of ['one', 'two', 'three'])
        expect((await gravl.create(gravl.danas, { ...ride, startedAt, title })).status).toBe(201);
      const first = await gravl.list(gravl.danas, '?limit=2');
      const second = await gravl.list(gravl.danas, `?limit=1&cursor=${first.json.nextCursor}`);
      const titles = [...(first.json.workouts ?? []), ...(second.json.workouts ?? [])].map(({ title }) => title);
      expect(titles).toEqual(['three', 'two', 'one']);
    });

    it('never shows what belongs to somebody else, whatever the cursor', async () => {
      const ofInes = await gravl.list(gravl.ineses, '?limit=5');
      const ofDana = await gravl.list(gravl.danas, `?limit=100&cursor=${ofInes.json.nextCursor}`);
      expect(ofDana.status).toBe(200);
      const owners = await gravl.db.query<{ user_id: string }>(
        'SELECT DISTINCT user_id::text AS user_id FROM workouts WHERE id = ANY($1::bigint[])',
        [(ofDana.json.workouts ?? []).map(({ id }) => id)],
      );
      expect(owners).toEqual([{ user_id: '1' }]);
    });

    it.each([
      '?limit=0',
      '?limit=101',
      '?limit=-1',
      '?limit=1e2',
      '?limit=1;DROP TABLE workouts',
      '?limit=5&limit=6',
      '?cursor=',
      '?cursor=AAAA',
      "?cursor=' OR 1=1 --",
      `?cursor=${Buffer.from('1.1 OR 1=1').toString('base64url')}`,
      `?cursor=${Buffer.from('999999999999999.1').toString('base64url')}`,
      `?cursor=${'A'.repeat(200)}`,
      '?user=2',
    ])('refuses %s with 400', async (query) => {
      expect((await gravl.list(gravl.danas, query)).status).toBe(400);
    });
  });

  describe('a new workout', () => {
    it('comes back as it was sent, and stands first in the list', async () => {
      const notes = `'; DROP TABLE workouts; -- <script>alert(1)</script> \u{1f6b4} ünï`;
      const { status, text } = await gravl.create(gravl.danas, { ...ride, startedAt: '2026-03-06T23:30:00.123+01:00', notes });
      expect(status).toBe(201);
      const workout = JSON.parse(text) as Workout;
      expect(workout).toEqual({ ...ride, id: workout.id, startedAt: '2026-03-06T22:30:00.123Z', notes });
      expect((await gravl.list(gravl.danas, '?limit=1')).json.workouts).toEqual([workout]);
    });

    it('needs no distance and no notes', async () => {
      const { json, status } = await gravl.create(gravl.danas, {
        kind: 'strength',
        title: 'Core',
        startedAt: '2020-01-01T06:00:00Z',
        durationSeconds: 900,
      });
      expect(status).toBe(201);
      expect(json).toMatchObject({ distanceMeters: null, notes: '' });
    });

    it.each([
      ['another kind', { kind: 'nap' }],
      ['no title', { title: '' }],
      ['a title over 120 characters', { title: 'x'.repeat(121) }],
      ['a NUL in the title', { title: 'a\u0000b' }],
      ['a NUL in the notes', { notes: '\u0000' }],
      ['a number as text', { durationSeconds: '3600' }],
      ['no time', { durationSeconds: 0 }],
      ['more than two days', { durationSeconds: 172_801 }],
      ['half a second', { durationSeconds: 0.5 }],
      ['a distance below zero', { distanceMeters: -1 }],
      ['a distance beyond integers', { distanceMeters: 1e300 }],
      ['a day that does not exist', { startedAt: '2026-02-30T10:00:00Z' }],
      ['a leap second', { startedAt: '2016-12-31T23:59:60Z' }],
      ['a start without a zone', { startedAt: '2026-03-06T17:00:00' }],
      ['a start before 1970', { startedAt: '0000-01-01T00:00:00Z' }],
      ['a start in the future', { startedAt: new Date(Date.now() + 2 * 86_400_000).toISOString() }],
      ['somebody else as owner', { userId: '2' }],
      ['an id', { id: '1' }],
    ])('is refused with 400: %s', async (_what, change) => {
      const { status, json } = await gravl.create(gravl.danas, { ...ride, ...change });
      expect(status, JSON.stringify(json)).toBe(400);
    });
  });
});
