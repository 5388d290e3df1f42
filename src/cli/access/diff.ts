import type { AccessChange } from '../../facts/access/access-diff.ts';
import { count, paragraph, row } from '../columns.ts';

export const changeColumns = ['change', 'what', 'subject', 'namespace', 'detail', 'severity'] as const;

const titles = {
  permission: 'Permissions',
  escalation: 'What subjects can become',
  'unseen-role': 'Bindings to roles whose rules are not known',
} as const;

const mostLines = 60;

/** Changed rights for people: `+` added, `-` removed, `~` otherwise than before. */
export function accessDiffText(changes: readonly AccessChange[], width: number): string {
  if (changes.length === 0) return 'The same is allowed in both, and leads to the same.\n';
  const of = (change: AccessChange['change']) => changes.filter((item) => item.change === change).length;
  const lines: string[] = [`${of('added')} added, ${of('removed')} removed, ${of('changed')} changed.`];
  for (const what of ['escalation', 'permission', 'unseen-role'] as const) {
    const own = changes.filter((item) => item.what === what);
    if (own.length === 0) continue;
    lines.push('', ...paragraph(titles[what], width));
    for (const { change, subject, namespace, detail, severity } of own.slice(0, mostLines)) {
      const sign = change === 'added' ? '+' : change === 'removed' ? '-' : '~';
      const place = what === 'escalation' ? ` (${severity})` : namespace === '*' ? ' in the whole cluster' : ` in ${namespace}`;
      lines.push(...row(2, [[sign, 2]], `${subject}: ${detail}${place}`, width));
    }
    if (own.length > mostLines) lines.push(`  ... and ${count(own.length - mostLines, 'more line')}: --format csv has all`);
  }
  return `${lines.join('\n')}\n`;
}
