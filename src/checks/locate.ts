import type { FactStore } from '../facts/fact.ts';
import { textKey, texts } from '../facts/texts.ts';
import type { KubeObject } from '../kube/object.ts';
import { createLocator } from '../kube/yaml/locate.ts';
import { type Assessment, formatPath, type Location, type Path } from '../model/judgement.ts';
import type { Draft } from './assess.ts';

/** A place in an object, to be turned into file:line:column. */
export interface Place {
  readonly object: KubeObject;
  readonly path: Path;
}

/**
 * Positions are not kept while parsing (they would cost more than the values). So all wanted places are collected first, then each
 * file is read again once for all of its places, and what that reading needs is dropped before the next file.
 */
export function createResolver(facts: FactStore) {
  const byFile = new Map<string, Place[]>();
  const found = new Map<Place, Location>();
  const want = (place: Place) => {
    const key = textKey(place.object.source.slot, place.object.source.file);
    const list = byFile.get(key);
    if (list) list.push(place);
    else byFile.set(key, [place]);
  };
  return {
    want(draft: Draft): void {
      if (draft.place) want(draft.place);
      for (const step of draft.because) want(step.place);
    },
    run(): void {
      const known = facts(texts);
      for (const [key, places] of byFile) {
        const text = known.get(key);
        const locate = text === undefined ? undefined : createLocator(text);
        for (const place of places) found.set(place, locationOf(place, locate));
      }
    },
    finish(draft: Draft): Assessment {
      const location = draft.place && found.get(draft.place);
      const because = draft.because.map(({ note, target, place }) => {
        const at = found.get(place);
        return at === undefined ? { note, target } : { note, target, location: at };
      });
      return {
        ...draft.assessment,
        ...(location === undefined ? {} : { location }),
        ...(because.length === 0 ? {} : { because }),
      };
    },
  };
}

/** Where a place stands, by a locator of its file. */
export function locationOf(place: Place, locate: ReturnType<typeof createLocator> | undefined): Location {
  const { source } = place.object;
  const path = formatPath(place.path);
  // A rendered stream has lines that no author has ever seen: the template or kustomization is named without one.
  if (locate === undefined || source.rendered) return { file: source.file, path };
  const { line, column, endLine, endColumn } = locate(source.document, [...source.path, ...place.path]);
  return { file: source.file, line, column, endLine, endColumn, path };
}
