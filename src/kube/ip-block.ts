import type { Path } from '../model/judgement.ts';
import { contains, formatRange, isMappedIPv4, parseAddress, parseCidr } from './address.ts';

/** A range of addresses without its exceptions, as it was written. */
export interface IpBlock {
  readonly cidr: string;
  readonly except: readonly string[];
}

/** pkg/apis/networking/validation ValidateIPBlock: the cidr must parse, and each exception be a part of it, not all of it. */
export function blockProblem({ cidr, except }: IpBlock): string | undefined {
  const block = parseCidr(cidr);
  if (block === undefined) return 'the cidr of an ipBlock is no range of addresses';
  // KEP-4858 names them among the values that programs read differently.
  if ([cidr, ...except].some((text) => isMappedIPv4(parseCidr(text))))
    return 'a block of IPv4 addresses must not be written as IPv6';
  for (const text of except) {
    const part = parseCidr(text);
    if (part === undefined) return 'an exception of an ipBlock is no range of addresses';
    if (!contains(block, part) || contains(part, block))
      return 'an exception of an ipBlock must lie inside its cidr and be smaller';
  }
  return undefined;
}

/** Parts of a block at `path` with host bits, `10.1.2.3/16`, which are read as the block around (10.1.0.0/16). */
export function hostBitsIn({ cidr, except }: IpBlock, path: Path): readonly { readonly path: Path; readonly problem: string }[] {
  const parts = [
    { text: cidr, path: [...path, 'cidr'] },
    ...except.map((text, index) => ({ text, path: [...path, 'except', index] })),
  ];
  return parts.flatMap(({ text, path }) => {
    const range = parseCidr(text);
    if (range === undefined || parseAddress(text.split('/')[0] ?? '')?.value === range.first) return [];
    return [{ path, problem: `${text} has bits set beyond its prefix and is taken for ${formatRange(range)}` }];
  });
}
