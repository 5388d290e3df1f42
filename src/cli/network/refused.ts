import type { NetworkModel } from '../../facts/network/network.ts';
import type { KubeObject } from '../../kube/object.ts';
import { formatPlace } from '../../model/errors.ts';
import type { Path } from '../../model/judgement.ts';
import { formatRef } from '../../model/object-ref.ts';
import type { PlaceFinder } from '../../review/places.ts';
import { paragraph, row } from '../columns.ts';

const mostLines = 8;

interface Trouble {
  readonly object: KubeObject;
  readonly path: Path;
  readonly text: string;
}

/** Policies with a part that the API server refuses, and those that nobody here evaluates: answers may be others than those above. */
export function refusedLines(network: NetworkModel, find: PlaceFinder, width: number): readonly string[] {
  const refused = [...network.policies, ...network.tierPolicies].flatMap(({ object, invalid }) =>
    invalid.map(({ path, problem }): Trouble => ({ object, path, text: `${formatRef(object.ref)}: ${problem}` })),
  );
  const vendor = network.vendor.map(
    ({ object, effect }): Trouble => ({
      object,
      path: [],
      text: `${formatRef(object.ref)}: it can ${effect === 'narrows' ? 'close' : 'open and close'} what is told here`,
    }),
  );
  return [
    ...section('What the API server refuses of policies', refused, find, width),
    ...section('Policies that are not analysed', vendor, find, width),
  ];
}

function section(title: string, troubles: readonly Trouble[], find: PlaceFinder, width: number): readonly string[] {
  if (troubles.length === 0) return [];
  const more = troubles.length - mostLines;
  return [
    '',
    title,
    ...troubles
      .slice(0, mostLines)
      .flatMap(({ object, path, text }) => [
        ...paragraph(text, width, '  '),
        ...row(4, [], formatPlace(find({ object, path })), width),
      ]),
    ...(more > 0 ? [`  ... and ${more} more: seaworthy review tells all`] : []),
  ];
}
