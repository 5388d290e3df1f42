CREATE TABLE users (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  email text NOT NULL,
  name text NOT NULL,
  password_hash text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);

-- Sign-in looks a user up by address in lower case, and no two users may share one.
CREATE UNIQUE INDEX users_email ON users (lower(email));
