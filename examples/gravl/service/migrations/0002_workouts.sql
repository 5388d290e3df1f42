-- Milliseconds are all that JSON and JavaScript carry: a finer start would make the cursor of a page skip rows.
CREATE TABLE workouts (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  user_id bigint NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  kind text NOT NULL CHECK (kind IN ('ride', 'run', 'swim', 'strength', 'other')),
  title text NOT NULL,
  started_at timestamptz(3) NOT NULL,
  duration_seconds integer NOT NULL CHECK (duration_seconds > 0),
  distance_meters integer CHECK (distance_meters >= 0),
  notes text NOT NULL DEFAULT '',
  created_at timestamptz NOT NULL DEFAULT now()
);
