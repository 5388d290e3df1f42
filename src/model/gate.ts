export const gateIds = [
  'secrets',
  'access',
  'network',
  'tls',
  'workloads',
  'images',
  'data',
  'observability',
  'performance',
  'release',
] as const;
export type GateId = (typeof gateIds)[number];

export const gateTitles: Readonly<Record<GateId, string>> = {
  secrets: 'Secrets management',
  access: 'Access (RBAC)',
  network: 'Network policies',
  tls: 'Encryption and TLS',
  workloads: 'Workloads',
  images: 'Images',
  data: 'Data and backup',
  observability: 'Observability',
  performance: 'Performance',
  release: 'Release',
};

/** First match of the gate table wins, in this order. `not-assessed` counts as awaiting unless the standard exempts the gate. */
export const gateStatuses = ['not-ready', 'awaiting', 'conditional', 'approved', 'not-assessed'] as const;
export type GateStatus = (typeof gateStatuses)[number];
