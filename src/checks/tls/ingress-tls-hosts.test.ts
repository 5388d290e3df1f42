import { describe, expect, it } from 'vitest';
import { examine, verdicts } from '../testing.ts';
import { ingressTlsHosts } from './ingress-tls-hosts.ts';

const ingress = (name: string, tls: string, hosts: string, className = 'c') =>
  `---\n{ apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: { name: ${name}, namespace: shop }, spec: { ingressClassName: ${className}, tls: ${tls}, rules: ${hosts} } }\n`;
const ofNginx =
  '---\n{ apiVersion: networking.k8s.io/v1, kind: IngressClass, metadata: { name: c }, spec: { controller: k8s.io/ingress-nginx } }\n';
const a = '[{ host: a.acme.io }]';
const covered = '[{ hosts: [a.acme.io], secretName: s }]';

describe('ingress-tls-hosts', () => {
  it.each<[string, string, readonly string[]]>([
    [
      'a wildcard host needs the same wildcard',
      ingress('i', '[{ hosts: [a.acme.io], secretName: s }]', '[{ host: "*.acme.io" }]'),
      ['fail uncovered Ingress/i'],
    ],
    [
      'a wildcard entry covers no deeper host',
      ingress('i', '[{ hosts: ["*.acme.io"], secretName: s }]', '[{ host: a.b.acme.io }]'),
      ['fail uncovered Ingress/i'],
    ],
    [
      'an entry with a Secret wins over one without',
      ingress('i', '[{ hosts: [a.acme.io] }, { hosts: ["*.acme.io"], secretName: s }]', a),
      ['pass covered Ingress/i'],
    ],
    [
      'a rule for every host cannot be covered',
      ingress('i', covered, '[{ host: a.acme.io }, {}]'),
      ['fail any-host Ingress/i', 'pass covered Ingress/i'],
    ],
    [
      'ingress-nginx merges Ingresses of one host',
      ingress('i', covered, a) + ingress('j', '[]', a) + ofNginx,
      ['pass covered Ingress/i', 'pass elsewhere Ingress/j'],
    ],
    [
      'other controllers are not known to',
      ingress('i', covered, a) + ingress('j', '[]', a),
      ['pass covered Ingress/i', 'fail uncovered Ingress/j'],
    ],
    [
      'a class of its own is not merged',
      ingress('i', covered, a) + ingress('j', '[]', a, 'd') + ofNginx,
      ['pass covered Ingress/i', 'fail uncovered Ingress/j'],
    ],
  ])('%s', (_, objects, expected) => {
    expect(verdicts(examine(ingressTlsHosts, { objects }))).toEqual(expected);
  });
});
