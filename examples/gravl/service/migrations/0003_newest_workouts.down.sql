DROP INDEX workouts_newest;
