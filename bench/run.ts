import { argv, exit } from 'node:process';

/** `npm run bench -- NAME`: runs one benchmark. */
const benches: Readonly<Record<string, () => Promise<{ run(): Promise<void> }>>> = {
  access: () => import('./access.ts'),
  load: () => import('./load.ts'),
  'load-stall': () => import('./load-stall.ts'),
  network: () => import('./network.ts'),
  review: () => import('./review.ts'),
  start: () => import('./start.ts'),
};
const load = benches[argv[2] ?? ''];
if (load === undefined) {
  console.error(`usage: npm run bench -- ${Object.keys(benches).join('|')}`);
  exit(2);
}
await (await load()).run();
