/** Something outside the program is wrong: a setting, a port, a migration. Shown as one line, without a stack. */
export class SetupError extends Error {
  override readonly name = 'SetupError';
}
