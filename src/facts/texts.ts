import { slotsOf } from '../evidence/bundle.ts';
import { evidence } from './fact.ts';

/** Masked text of every readable file, by slot and path: `textKey(slot, file)`. Only for locations; never parsed again for meaning. */
export const texts = evidence('texts', (bundle): ReadonlyMap<string, string> => {
  const map = new Map<string, string>();
  for (const slot of slotsOf(bundle, 'objects')) {
    if (slot.status !== 'collected') continue;
    for (const file of slot.data.files) if (file.text !== undefined) map.set(textKey(slot.id, file.path), file.text);
  }
  return map;
});

export const textKey = (slot: string, file: string): string => `${slot}\n${file}`;
