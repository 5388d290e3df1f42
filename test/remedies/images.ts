const registry = '123456789012.dkr.ecr.eu-north-1.amazonaws.com';
/** Digests of the images that staging runs and gets. */
export const digests: Readonly<Record<string, string>> = {
  backend: 'a2f3329b28c0f46bc19a16119c3fb14c1afa5fee0f7bf86e6c40100a8d697ba0',
  frontend: '2ddf9530cd3630cd277072a8b6d27bea60566bfd24027d5e113e9e271080f221',
  postgres: '94e06d47fd594b4e41852ffa43cb8456b301556f7cd02acad607e2f8a922e376',
  grafana: 'a8b8911164835c8892b133bea8e7fa7cffaacd3c586c508fccf19c458bebf271',
  loki: '5e8c2bb6014b1a8642a452d9580d8494eb38118e62466802245efd036e0bc09a',
  prometheus: '1c6a17e1f9a1f3c36ae2a4f1e5d3b0c98e6a7d50b2c4f6e8091a3b5c7d9e0f12',
  alertmanager: '5d2f0b7c9e1a3c5e7f90b2d4f6a8c0e1d3b5f7a9c1e3d5b7f90a2c4e6d8b0f13',
  'nginx-prometheus-exporter': '96d5c2d846fd9347442974f6aef60f5722855280d59ce3e35bfaf25118f5af12',
  'postgres-exporter': 'a38b089d76e3dba6e73324dc02406e05fdcca4c4dea39eeb8b0566f5f690cc1a',
};
/** An image of Gravl's registry, by digest. */
export const image = (name: string) =>
  `${registry}/${name === 'backend' || name === 'frontend' ? 'gravl' : 'mirror'}/${name}@sha256:${digests[name] ?? ''}`;

/** What the level restricted asks of a container. */
export const containerSecurity = { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } };
export const resources = (memory: string) => ({ requests: { cpu: '50m', memory }, limits: { memory } });
