/** The part of an emitted script that ends it: a few lines for people, and the line that `readMarkers` reads. */
export const scriptSummary = String.raw`
export function handleSummary(data) {
  const values = (name) => (data.metrics[name] === undefined ? {} : data.metrics[name].values);
  const number = (name) => values(name).count || 0;
  const tagged = (metric, key) => number(metric + '{c:' + key + '}');
  const named = (metric) => {
    const found = {};
    for (const key of counted[metric]) if (tagged(metric, key) > 0) found[key] = tagged(metric, key);
    return found;
  };
  const thresholds = [];
  for (const [metric, { thresholds: judged }] of Object.entries(data.metrics))
    for (const [expression, { ok }] of Object.entries(judged || {}))
      if (!metric.includes('{c:')) thresholds.push([metric, expression, ok]);
  const state = data.setup_data || {};
  const ofBlocks = (prefix) => blockIndices.map((index) => tagged('sw_block', prefix + '_' + index));
  const answered = ofBlocks('n');
  const failed = ofBlocks('failed');
  const over = plan.limitsMs.map((_, at) => ofBlocks('over' + at));
  const sum = (list) => list.reduce((all, item) => all + item, 0);
  const dropped = number('dropped_iterations{scenario:steady}');
  const filled = (metric, bounds) => bounds.map((bound, index) => [bound, tagged(metric, index)]).filter(([, n]) => n > 0);
  const least = (name) => values(name).min || 0;
  const most = (name) => values(name).max || 0;
  const lagOf = () => ({
    buckets: filled('sw_lag', plan.lagsMs),
    minMs: least('sw_lag_ms'),
    maxMs: most('sw_lag_ms'),
    sumUs: number('sw_lag_us'),
  });
  const marker = {
    v: 1,
    script: plan.script,
    scenario: plan.scenario,
    test: plan.test,
    planned: plan.steadyStarts,
    blockS: plan.blocks.lengthMs / 1000,
    limitsMs: plan.limitsMs,
    target: state.shown === undefined ? null : state.shown,
    run: state.run === undefined ? null : state.run,
    instance: state.instance === undefined ? null : state.instance,
    segment: state.segment === undefined ? null : state.segment,
    startedAt: state.startedAt === undefined ? null : state.startedAt,
    steadyAt: values('sw_steady_start_ms').min === undefined ? null : values('sw_steady_start_ms').min,
    lastStartMs: values('sw_offset_ms').max === undefined ? null : values('sw_offset_ms').max,
    started: number('sw_started'),
    dropped,
    blocks: answered.map((n, index) => [n, failed[index], ...over.map((list) => list[index])]),
    took: {
      buckets: filled('sw_bucket', plan.bucketsMs),
      minMs: least('sw_took_ms'),
      maxMs: most('sw_took_ms'),
      sumUs: number('sw_took_us'),
    },
    lag: plan.periodMs === null ? null : lagOf(),
    statuses: named('sw_status'),
    errors: named('sw_error'),
    thresholds,
  };
  const lines = [
    '',
    'Steady window of this runner: ' + sum(answered) + ' answered, ' + sum(failed) + ' failed, ' + dropped + ' dropped',
    ...plan.limitsMs.map((limitMs, limit) => '  ' + sum(over[limit]) + ' took ' + limitMs + ' ms or longer'),
    ...thresholds.map(([metric, expression, ok]) => '  ' + (ok ? 'held    ' : 'crossed ') + metric + ' ' + expression),
    'The next line is for seaworthy load collect.',
    'SEAWORTHY ' + JSON.stringify(marker).replace(/[\u007f-\uffff]/g, (c) => '\\u' + c.charCodeAt(0).toString(16).padStart(4, '0')),
    '',
  ];
  return { stdout: lines.join('\n') };
}
`;
