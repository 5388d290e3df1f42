const shortestMs = 5_000;
const mostBlocks = 30;

/** How the steady window is cut: into blocks of equal length, as many as 5 s allow, at most 30 and at least one. */
export interface BlockPlan {
  readonly count: number;
  readonly lengthMs: number;
}

export function planBlocks(steadyMs: number): BlockPlan {
  const count = Math.min(mostBlocks, Math.max(1, Math.floor(steadyMs / shortestMs)));
  return { count, lengthMs: steadyMs / count };
}

/** The block of a start, by its distance from the beginning of the steady window. */
export const blockAt = ({ count, lengthMs }: BlockPlan, ms: number): number =>
  Math.min(count - 1, Math.max(0, Math.floor(ms / lengthMs)));
