import { SeaworthyError } from '../model/errors.ts';

/** Writes a file. Throws SW_OUTPUT that names it where that fails. */
export async function saving(path: string, save: () => Promise<void>): Promise<void> {
  try {
    await save();
  } catch (error) {
    if (error instanceof SeaworthyError) throw error;
    const reason = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    throw new SeaworthyError('SW_OUTPUT', `The file cannot be written (${reason}).`, {
      where: path,
      hint: 'Choose a folder that exists and that you may write to.',
      cause: error,
    });
  }
}
