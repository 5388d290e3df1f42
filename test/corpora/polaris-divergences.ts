export type Answer = 'pass' | 'fail' | 'unknown' | 'not-applicable';
export const divergences: readonly { readonly file: string; readonly theirs: Answer; readonly ours: Answer; readonly why: string }[] = [];
