/** Whether a host, as `URL.hostname` writes it, is the machine that asks. */
export function isLoopbackHost(hostname: string): boolean {
  const name = hostname.toLowerCase().replace(/\.$/, '');
  return name === 'localhost' || name.endsWith('.localhost') || name === '[::1]' || /^127(?:\.[0-9]{1,3}){3}$/.test(name);
}

/** The same of a URL in a record, which may hold anything. */
export const isLoopbackTarget = (target: string): boolean => URL.canParse(target) && isLoopbackHost(new URL(target).hostname);
