import { argv, env, resourceUsage, stdin, stdout } from 'node:process';
import { defaultSystem, gather, nodeIo, review } from '../dist/index.js';
import { parseText } from '../src/kube/yaml/parse.ts';

/** Reviews one path with the built library and prints what it took as JSON. Parsing alone runs last, so that it warms nothing up. */
const path = argv[2] ?? '.';
const io = nodeIo({ cwd: '/', stdin, env, now: () => '2026-03-06T08:50:00Z' });
const started = performance.now();
const bundle = await gather(io, defaultSystem([path]));
const gathered = performance.now();
const result = review(bundle);
const reviewed = performance.now();
const peak = resourceUsage().maxRSS / 1024;
const texts = bundle.slots.flatMap((slot) =>
  slot.kind === 'objects' && slot.status === 'collected' ? slot.data.files.flatMap(({ text }) => text ?? []) : [],
);
const before = performance.now();
for (const text of texts) parseText(text);
const parse = (performance.now() - before) / 1000;
stdout.write(
  JSON.stringify({
    objects: result.inventory.objects,
    gather: (gathered - started) / 1000,
    review: (reviewed - gathered) / 1000,
    parse,
    peak,
  }),
);
