import { locationOf, type Place } from '../checks/locate.ts';
import type { FactStore } from '../facts/fact.ts';
import { textKey, texts } from '../facts/texts.ts';
import { createLocator } from '../kube/yaml/locate.ts';
import type { Location } from '../model/judgement.ts';

export type PlaceFinder = (place: Place) => Location;

/** Finds places of objects in the files that they came from; each file is read again at its first question. */
export function placeFinder(facts: FactStore): PlaceFinder {
  const locators = new Map<string, ReturnType<typeof createLocator> | undefined>();
  return (place) => {
    const key = textKey(place.object.source.slot, place.object.source.file);
    if (!locators.has(key)) {
      const text = facts(texts).get(key);
      locators.set(key, text === undefined ? undefined : createLocator(text));
    }
    return locationOf(place, locators.get(key));
  };
}
