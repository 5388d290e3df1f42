DROP TABLE workouts;
