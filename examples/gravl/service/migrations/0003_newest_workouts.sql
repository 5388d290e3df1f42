-- The list of a user, newest first, page by page: one index scan, no sort.
CREATE INDEX workouts_newest ON workouts (user_id, started_at DESC, id DESC);
