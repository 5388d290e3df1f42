import type { Path } from '../model/judgement.ts';
import { isObject, type JsonObject, type JsonValue, listAt, objectAt, textAt, valueAt } from './json.ts';
import { type Protocol, readProtocol } from './protocol.ts';
import { checkFields, type Report } from './strict-fields.ts';

/**
 * One element of `ports` (v1alpha1) or `protocols` (v1alpha2).
 * - range: both ends included; one number where they are the same;
 * - named: a port of the destination's containers by name, whatever its protocol;
 * - protocol: every port of it;
 * - unreadable: the whole rule fails closed, as with an unreadable peer.
 */
export type TierPort =
  | { readonly kind: 'range'; readonly path: Path; readonly protocol: Protocol; readonly first: number; readonly last: number }
  | { readonly kind: 'named'; readonly path: Path; readonly name: string }
  | { readonly kind: 'protocol'; readonly path: Path; readonly protocol: Protocol }
  | { readonly kind: 'unreadable'; readonly path: Path };

/** Undefined where the rule does not look at ports. */
export function readPorts(
  rule: JsonObject,
  field: 'ports' | 'protocols',
  at: Path,
  most: number,
  report: Report,
): readonly TierPort[] | undefined {
  const path = [...at, field];
  const written = valueAt(rule, field);
  if (written === undefined || written === null) return undefined;
  const list = listAt(rule, field);
  if (list.length === 0 || list.length > most) report(path, `${field} must be a list of 1 to ${most} entries`);
  if (list.length === 0) return [{ kind: 'unreadable', path }];
  const read = field === 'ports' ? readPort : readProtocolPort;
  return list.map((item, index) => read(item, [...path, index], report));
}

/** Exactly one of the fields of a union: its name, or undefined. */
function only(value: JsonValue, fields: readonly string[], path: Path, report: Report): string | undefined {
  const entry = objectAt(value);
  const known = checkFields(entry, fields, path, report);
  const set = fields.filter((field) => entry[field] !== undefined && entry[field] !== null);
  if (set.length !== 1) report(path, `exactly one of ${fields.join(', ')} is required`);
  return known && set.length === 1 ? set[0] : undefined;
}

/** v1alpha1: portNumber and portRange carry their protocol, TCP where none is written. */
function readPort(value: JsonValue, path: Path, report: Report): TierPort {
  const field = only(value, ['portNumber', 'namedPort', 'portRange'], path, report);
  if (field === undefined) return { kind: 'unreadable', path };
  if (field === 'namedPort') return readName(value, field, path, report);
  const entry = valueAt(value, field);
  const protocol = readProtocol(valueAt(entry, 'protocol'));
  if (protocol === undefined) {
    report([...path, field, 'protocol'], 'protocol must be TCP, UDP or SCTP');
    return { kind: 'unreadable', path };
  }
  return field === 'portNumber'
    ? readNumber(entry, ['protocol', 'port'], 'port', protocol, [...path, field], path, report)
    : readRange(entry, ['protocol', 'start', 'end'], protocol, [...path, field], path, report);
}

const ofField: Readonly<Record<string, Protocol>> = { tcp: 'TCP', udp: 'UDP', sctp: 'SCTP' };

/** v1alpha2: `tcp: { destinationPort: { number: 80 } }`, or a name without protocol. */
function readProtocolPort(value: JsonValue, path: Path, report: Report): TierPort {
  const field = only(value, [...Object.keys(ofField), 'destinationNamedPort'], path, report);
  if (field === undefined) return { kind: 'unreadable', path };
  const protocol = ofField[field];
  if (protocol === undefined) return readName(value, field, path, report);
  const entry = valueAt(value, field);
  if (!isObject(entry) || !checkFields(entry, ['destinationPort'], [...path, field], report)) {
    if (!isObject(entry)) report([...path, field], `${field} must be an object with a destinationPort`);
    return { kind: 'unreadable', path };
  }
  const port = valueAt(entry, 'destinationPort');
  if (port === undefined || port === null) {
    // At least one property is demanded; the fields' own comments read an absent one as every port.
    report([...path, field], `${field} needs a destinationPort`);
    return { kind: 'protocol', path, protocol };
  }
  const at = [...path, field, 'destinationPort'];
  const form = only(port, ['number', 'range'], at, report);
  if (form === undefined) return { kind: 'unreadable', path };
  return form === 'number'
    ? readNumber(port, ['number'], 'number', protocol, at, path, report)
    : readRange(valueAt(port, 'range'), ['start', 'end'], protocol, [...at, 'range'], path, report);
}

function readName(value: JsonValue, field: string, path: Path, report: Report): TierPort {
  const name = textAt(value, field) ?? '';
  if (name !== '') return { kind: 'named', path, name };
  report([...path, field], 'a named port is the name of a container port');
  return { kind: 'unreadable', path };
}

function readNumber(
  entry: JsonValue | undefined,
  fields: readonly string[],
  field: string,
  protocol: Protocol,
  at: Path,
  path: Path,
  report: Report,
): TierPort {
  const known = checkFields(objectAt(entry), fields, at, report);
  const number = valueAt(entry, field);
  if (!isPort(number)) report(at, `${field} must be 1 to 65535`);
  return known && isPort(number) ? { kind: 'range', path, protocol, first: number, last: number } : { kind: 'unreadable', path };
}

function readRange(
  entry: JsonValue | undefined,
  fields: readonly string[],
  protocol: Protocol,
  at: Path,
  path: Path,
  report: Report,
): TierPort {
  const known = checkFields(objectAt(entry), fields, at, report);
  const [first, last] = [valueAt(entry, 'start'), valueAt(entry, 'end')];
  const sound = isPort(first) && isPort(last) && first < last;
  if (!sound) report(at, 'start and end must be 1 to 65535, and start less than end');
  return known && sound ? { kind: 'range', path, protocol, first, last } : { kind: 'unreadable', path };
}

const isPort = (value: JsonValue | undefined): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 65_535;
