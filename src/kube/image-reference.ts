/** An image reference with Docker's defaults filled in, as the container runtimes read it. */
export interface ImageReference {
  /** `docker.io`, `registry.example:5000`. */
  readonly registry: string;
  /** `library/nginx`, `team/app`. */
  readonly repository: string;
  readonly tag?: string;
  /** `sha256:...` */
  readonly digest?: string;
}

const component = /^[a-z0-9]+(?:(?:\.|_|__|-{1,64})[a-z0-9]+){0,64}$/;
const domain =
  /^(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?){0,32}|\[[0-9a-fA-F:]{2,45}\])(?::[0-9]{1,5})?$/;
const tagPattern = /^\w[\w.-]{0,127}$/;
const digestPattern = /^[A-Za-z][A-Za-z0-9]{0,31}(?:[-_+.][A-Za-z][A-Za-z0-9]{0,31}){0,4}:[0-9a-fA-F]{32,256}$/;
/** Digest lengths that the image specification fixes; their hex digits are lower-case. */
const digestLengths: ReadonlyMap<string, number> = new Map([
  ['sha256', 64],
  ['sha384', 96],
  ['sha512', 128],
]);
const maxName = 255;

/**
 * Reads an image reference by the grammar of the distribution project (`name[:tag][@digest]`): a colon before the last slash belongs to
 * a registry's port. Undefined for text that no runtime accepts (`InvalidImageName`).
 */
export function readImageReference(text: string): ImageReference | undefined {
  if (text.length > 1024) return undefined;
  const at = text.indexOf('@');
  const digest = at < 0 ? undefined : text.slice(at + 1);
  if (digest !== undefined && !isDigest(digest)) return undefined;
  const named = at < 0 ? text : text.slice(0, at);
  const colon = named.lastIndexOf(':');
  const tagged = colon > named.lastIndexOf('/') ? colon : -1;
  const tag = tagged < 0 ? undefined : named.slice(tagged + 1);
  if (tag !== undefined && !tagPattern.test(tag)) return undefined;
  const name = readName(tagged < 0 ? named : named.slice(0, tagged));
  return name === undefined
    ? undefined
    : { ...name, ...(tag === undefined ? {} : { tag }), ...(digest === undefined ? {} : { digest }) };
}

function isDigest(text: string): boolean {
  if (!digestPattern.test(text)) return false;
  const [algorithm = '', hex = ''] = text.split(':');
  const length = digestLengths.get(algorithm);
  return length === undefined || (hex.length === length && hex === hex.toLowerCase());
}

/** The first part is a registry where it looks like one: it has a dot, a port or an upper-case letter, or is `localhost`. */
function readName(name: string): Pick<ImageReference, 'registry' | 'repository'> | undefined {
  const slash = name.indexOf('/');
  const first = slash < 0 ? '' : name.slice(0, slash);
  const isRegistry = /[.:]/.test(first) || first === 'localhost' || first !== first.toLowerCase();
  const written = isRegistry ? first : 'docker.io';
  const rest = isRegistry ? name.slice(slash + 1) : name;
  const registry = written === 'index.docker.io' ? 'docker.io' : written;
  const repository = registry === 'docker.io' && !rest.includes('/') ? `library/${rest}` : rest;
  if (!domain.test(registry) || registry.length + repository.length + 1 > maxName) return undefined;
  return repository.split('/').every((part) => component.test(part)) ? { registry, repository } : undefined;
}

/** `docker.io/library/nginx:1.29@sha256:...` */
export const formatImage = ({ registry, repository, tag, digest }: ImageReference): string =>
  `${registry}/${repository}${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`;
