import type { FastifyInstance } from 'fastify';
import type { Database } from '../database/database.ts';
import type { Passwords } from '../passwords.ts';
import type { Tokens } from '../tokens.ts';
import { HttpError } from './errors.ts';

interface SignIn {
  readonly email: string;
  readonly password: string;
}

interface UserRow extends Record<string, unknown> {
  readonly id: string;
  readonly name: string;
  readonly password_hash: string;
}

const schema = {
  body: {
    type: 'object',
    required: ['email', 'password'],
    additionalProperties: false,
    properties: {
      // PostgreSQL's text holds no NUL.
      email: { type: 'string', maxLength: 254, pattern: '^[^\\s@\\u0000]+@[^\\s@\\u0000]+$' },
      password: { type: 'string', minLength: 1, maxLength: 256 },
    },
  },
} as const;

/** POST /api/v1/sessions: e-mail and password for a token. */
export function serveSessions(app: FastifyInstance, db: Database, passwords: Passwords, tokens: Tokens): void {
  app.post<{ Body: SignIn }>('/api/v1/sessions', { schema }, async (request, reply) => {
    const { email, password } = request.body;
    const [user] = await db.query<UserRow>(
      'SELECT id::text AS id, name, password_hash FROM users WHERE lower(email) = lower($1)',
      [email],
    );
    const isRight = await passwords.verify(password, user?.password_hash);
    if (user === undefined || !isRight) throw new HttpError(401, 'wrong-credentials', 'E-mail or password is wrong.');
    const { token, expiresAt } = await tokens.issue(user.id);
    return reply.code(201).send({ token, expiresAt: expiresAt.toISOString(), name: user.name });
  });
}
