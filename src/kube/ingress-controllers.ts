/** How long somebody mends a controller. */
export type Support =
  | { readonly status: 'supported'; readonly source: string }
  /** Its end is announced: supported until `ends` (RFC 3339), afterwards not. */
  | { readonly status: 'ending'; readonly ends: string; readonly source: string; readonly successors: string }
  /** Nobody mends it, or the end of maintenance is so near that nothing new may start on it. `ended` is for readers. */
  | { readonly status: 'retired'; readonly ended: string; readonly source: string; readonly successors: string };

/** A setting that turns the redirect on or off: an annotation of the Ingress, or a key of the controller's ConfigMap. */
export interface RedirectSetting {
  readonly key: string;
  /** Values that redirect; `any`: its presence does. */
  readonly on: readonly string[] | 'any';
  /** Values that serve plain HTTP. */
  readonly off: readonly string[];
}

/** What becomes of plain HTTP to a host that TLS covers. */
export interface HttpsRedirect {
  /** Without any setting: redirect to HTTPS, serve plain HTTP, or listen on HTTPS only. */
  readonly byDefault: 'redirect' | 'plain-http' | 'https-only';
  /** Annotations of the Ingress; they win over the ConfigMap. Each may contradict the default. */
  readonly annotations: readonly RedirectSetting[];
  /** Keys of the controller's own ConfigMap, which reach every Ingress. */
  readonly configMap: readonly RedirectSetting[];
  /** Command line of the controller that redirects everything: text that one of its arguments contains, in lower case. */
  readonly argument?: string;
  /** Objects of other kinds that redirect, and the annotation of the Ingress that names them. */
  readonly objects: readonly {
    readonly group: string;
    readonly kind: string;
    readonly annotation: string;
    readonly field: readonly string[];
  }[];
}

/** A program that serves Ingress objects. */
export interface IngressController {
  /** Short and stable, for messages and for other checks. */
  readonly id: string;
  readonly name: string;
  /** Values of `spec.controller` in its IngressClass. */
  readonly controllers: readonly string[];
  /** Names that its IngressClass usually has. Several programs may share one. */
  readonly classNames: readonly string[];
  /** End of the image's repository, without registry, tag and digest. Empty: it runs outside the cluster. */
  readonly images: readonly string[];
  /** Prefix of the annotations that only this controller reads. */
  readonly annotationPrefix?: string;
  readonly support: Support;
  readonly redirect: HttpsRedirect;
}

const yesNo = (key: string): RedirectSetting => ({ key, on: ['true'], off: ['false'] });
const supported = (source: string): Support => ({ status: 'supported', source });

const successors =
  'Gateway API implementations (Envoy Gateway, Cilium, Istio, NGINX Gateway Fabric), Traefik, HAProxy, Contour, F5 NGINX Ingress Controller';
const retirement = 'https://kubernetes.io/blog/2025/11/11/ingress-nginx-retirement/';

/**
 * Ingress controllers and what is known of them. The redirect rules are those of each controller's own documentation, named by
 * `support.source`; what is not listed there is unknown, never assumed.
 */
export const ingressControllers: readonly IngressController[] = [
  {
    id: 'ingress-nginx',
    name: 'ingress-nginx',
    controllers: ['k8s.io/ingress-nginx', 'k8s.io/internal-ingress-nginx'],
    classNames: ['nginx', 'ingress-nginx', 'nginx-internal', 'nginx-external'],
    // The second is its home before 2020 (quay.io), the others are repackaged.
    images: [
      'ingress-nginx/controller',
      'ingress-nginx/controller-chroot',
      'kubernetes-ingress-controller/nginx-ingress-controller',
      'bitnami/nginx-ingress-controller',
      'bitnamilegacy/nginx-ingress-controller',
      'rancher/nginx-ingress-controller',
    ],
    annotationPrefix: 'nginx.ingress.kubernetes.io/',
    support: { status: 'retired', ended: 'March 2026', source: retirement, successors },
    redirect: {
      byDefault: 'redirect',
      annotations: [
        { ...yesNo('nginx.ingress.kubernetes.io/force-ssl-redirect'), off: [] },
        yesNo('nginx.ingress.kubernetes.io/ssl-redirect'),
      ],
      configMap: [{ ...yesNo('force-ssl-redirect'), off: [] }, yesNo('ssl-redirect')],
      objects: [],
    },
  },
  {
    id: 'aks-app-routing-nginx',
    name: 'the NGINX of the AKS application routing add-on',
    controllers: ['webapprouting.kubernetes.azure.com/nginx'],
    classNames: ['webapprouting.kubernetes.azure.com'],
    images: ['oss/kubernetes/ingress/nginx-ingress-controller'],
    // Microsoft patches it for critical vulnerabilities through November 2026.
    support: {
      status: 'ending',
      ends: '2026-12-01T00:00:00Z',
      source: 'https://learn.microsoft.com/azure/aks/app-routing',
      successors,
    },
    redirect: {
      byDefault: 'redirect',
      annotations: [
        { ...yesNo('nginx.ingress.kubernetes.io/force-ssl-redirect'), off: [] },
        yesNo('nginx.ingress.kubernetes.io/ssl-redirect'),
      ],
      configMap: [],
      objects: [],
    },
  },
  {
    id: 'f5-nginx',
    name: 'F5 NGINX Ingress Controller',
    controllers: ['nginx.org/ingress-controller'],
    classNames: ['nginx'],
    images: ['nginx/nginx-ingress', 'nginxinc/nginx-ingress', 'nginx-ic/nginx-plus-ingress'],
    annotationPrefix: 'nginx.org/',
    support: supported('https://docs.nginx.com/nginx-ingress-controller/technical-specifications/'),
    redirect: {
      byDefault: 'redirect',
      annotations: [yesNo('nginx.org/ssl-redirect'), yesNo('ingress.kubernetes.io/ssl-redirect')],
      configMap: [yesNo('ssl-redirect')],
      objects: [],
    },
  },
  {
    id: 'traefik',
    name: 'Traefik',
    controllers: ['traefik.io/ingress-controller'],
    classNames: ['traefik'],
    images: ['traefik', 'traefik/traefik', 'rancher/mirrored-library-traefik', 'traefik/traefik-hub'],
    annotationPrefix: 'traefik.ingress.kubernetes.io/',
    support: supported('https://doc.traefik.io/traefik/deprecation/releases/'),
    redirect: {
      byDefault: 'plain-http',
      annotations: [],
      configMap: [],
      argument: '.http.redirections.entrypoint.to',
      objects: [
        {
          group: 'traefik.io',
          kind: 'Middleware',
          annotation: 'traefik.ingress.kubernetes.io/router.middlewares',
          field: ['spec', 'redirectScheme'],
        },
      ],
    },
  },
  {
    id: 'haproxy-technologies',
    name: 'HAProxy Kubernetes Ingress Controller',
    controllers: ['haproxy.org/ingress-controller', 'haproxy.org/ingress-controller/haproxy'],
    classNames: ['haproxy'],
    images: ['haproxytech/kubernetes-ingress'],
    annotationPrefix: 'haproxy.org/',
    support: supported('https://www.haproxy.com/documentation/kubernetes-ingress/'),
    redirect: {
      byDefault: 'redirect',
      annotations: [yesNo('haproxy.org/ssl-redirect')],
      configMap: [yesNo('ssl-redirect')],
      objects: [],
    },
  },
  {
    id: 'haproxy-ingress',
    name: 'HAProxy Ingress',
    controllers: ['haproxy-ingress.github.io/controller'],
    classNames: ['haproxy'],
    images: ['jcmoraisjr/haproxy-ingress'],
    annotationPrefix: 'haproxy-ingress.github.io/',
    support: supported('https://haproxy-ingress.github.io/docs/'),
    redirect: {
      byDefault: 'redirect',
      annotations: [yesNo('haproxy-ingress.github.io/ssl-redirect'), yesNo('ingress.kubernetes.io/ssl-redirect')],
      configMap: [yesNo('ssl-redirect')],
      objects: [],
    },
  },
  {
    id: 'contour',
    name: 'Contour',
    controllers: ['projectcontour.io/ingress-controller', 'projectcontour.io/contour'],
    classNames: ['contour'],
    images: ['projectcontour/contour'],
    annotationPrefix: 'projectcontour.io/',
    support: supported('https://projectcontour.io/resources/compatibility-matrix/'),
    redirect: {
      byDefault: 'plain-http',
      annotations: [yesNo('ingress.kubernetes.io/force-ssl-redirect')],
      configMap: [],
      objects: [],
    },
  },
  {
    id: 'kong',
    name: 'Kong Ingress Controller',
    controllers: ['ingress-controllers.konghq.com/kong'],
    classNames: ['kong'],
    images: ['kong/kubernetes-ingress-controller'],
    annotationPrefix: 'konghq.com/',
    support: supported('https://developer.konghq.com/kubernetes-ingress-controller/support/'),
    // `protocols: https` alone answers 426; that is no plain HTTP either.
    redirect: {
      byDefault: 'plain-http',
      annotations: [{ key: 'konghq.com/protocols', on: ['https', 'grpcs'], off: ['http', 'http,https', 'https,http'] }],
      configMap: [],
      objects: [],
    },
  },
  {
    id: 'cilium',
    name: 'Cilium',
    controllers: ['cilium.io/ingress-controller'],
    classNames: ['cilium'],
    images: ['cilium/cilium'],
    annotationPrefix: 'ingress.cilium.io/',
    support: supported('https://docs.cilium.io/en/stable/network/servicemesh/ingress/'),
    redirect: {
      byDefault: 'redirect',
      annotations: [{ key: 'ingress.cilium.io/force-https', on: ['enabled', 'true'], off: ['disabled', 'false'] }],
      configMap: [yesNo('enforce-ingress-https')],
      objects: [],
    },
  },
  {
    id: 'istio',
    name: 'Istio',
    controllers: ['istio.io/ingress-controller'],
    classNames: ['istio'],
    images: ['istio/pilot'],
    support: supported('https://istio.io/latest/docs/releases/supported-releases/'),
    redirect: { byDefault: 'plain-http', annotations: [], configMap: [], objects: [] },
  },
  {
    id: 'aws-load-balancer',
    name: 'AWS Load Balancer Controller',
    controllers: ['ingress.k8s.aws/alb', 'eks.amazonaws.com/alb'],
    classNames: ['alb'],
    images: ['eks/aws-load-balancer-controller', 'amazon/aws-alb-ingress-controller'],
    annotationPrefix: 'alb.ingress.kubernetes.io/',
    support: supported('https://kubernetes-sigs.github.io/aws-load-balancer-controller/'),
    redirect: {
      byDefault: 'plain-http',
      annotations: [{ key: 'alb.ingress.kubernetes.io/ssl-redirect', on: 'any', off: [] }],
      configMap: [],
      objects: [],
    },
  },
  {
    id: 'gce',
    name: 'GKE Ingress',
    controllers: ['k8s.io/ingress-gce'],
    classNames: ['gce', 'gce-internal'],
    images: [],
    support: supported('https://cloud.google.com/kubernetes-engine/docs/concepts/ingress'),
    redirect: {
      byDefault: 'plain-http',
      annotations: [{ key: 'kubernetes.io/ingress.allow-http', on: ['false'], off: [] }],
      configMap: [],
      objects: [
        {
          group: 'networking.gke.io',
          kind: 'FrontendConfig',
          annotation: 'networking.gke.io/v1beta1.FrontendConfig',
          field: ['spec', 'redirectToHttps', 'enabled'],
        },
      ],
    },
  },
  {
    id: 'azure-application-gateway',
    name: 'Azure Application Gateway Ingress Controller',
    controllers: ['azure/application-gateway'],
    classNames: ['azure-application-gateway', 'azure/application-gateway'],
    images: ['azure-application-gateway/kubernetes-ingress'],
    annotationPrefix: 'appgw.ingress.kubernetes.io/',
    support: supported('https://learn.microsoft.com/azure/application-gateway/ingress-controller-overview'),
    redirect: {
      byDefault: 'plain-http',
      annotations: [yesNo('appgw.ingress.kubernetes.io/ssl-redirect')],
      configMap: [],
      objects: [],
    },
  },
  {
    id: 'openshift',
    name: 'OpenShift Router',
    controllers: ['openshift.io/ingress-to-route'],
    classNames: ['openshift-default'],
    images: ['openshift/origin-haproxy-router'],
    annotationPrefix: 'route.openshift.io/',
    support: supported('https://docs.redhat.com/en/documentation/openshift_container_platform'),
    // Routes that are made from an Ingress with TLS get insecureEdgeTerminationPolicy Redirect.
    redirect: { byDefault: 'redirect', annotations: [], configMap: [], objects: [] },
  },
  {
    id: 'tailscale',
    name: 'Tailscale',
    controllers: ['tailscale.com/ts-ingress'],
    classNames: ['tailscale'],
    images: ['tailscale/k8s-operator'],
    support: supported('https://tailscale.com/kb/1439/kubernetes-operator-cluster-ingress'),
    redirect: { byDefault: 'https-only', annotations: [], configMap: [], objects: [] },
  },
];

/** `spec.controllerName` of GatewayClasses whose implementations are maintained, and their names. */
const gatewayControllers: ReadonlyMap<string, string> = new Map([
  ['gateway.envoyproxy.io/gatewayclass-controller', 'Envoy Gateway'],
  ['io.cilium/gateway-controller', 'Cilium'],
  ['istio.io/gateway-controller', 'Istio'],
  ['istio.io/mesh-controller', 'Istio'],
  ['openshift.io/gateway-controller/v1', 'OpenShift'],
  ['gateway.nginx.org/nginx-gateway-controller', 'NGINX Gateway Fabric'],
  ['projectcontour.io/gateway-controller', 'Contour'],
  ['traefik.io/gateway-controller', 'Traefik'],
  ['konghq.com/kic-gateway-controller', 'Kong Ingress Controller'],
  ['konghq.com/gateway-operator', 'Kong Operator'],
  ['haproxy.org/gateway-controller', 'HAProxy Kubernetes Ingress Controller'],
  ['haproxy-ingress.github.io/controller', 'HAProxy Ingress'],
  ['kgateway.dev/kgateway', 'kgateway'],
  ['networking.gke.io/gateway', 'GKE Gateway'],
  ['gateway.k8s.aws/alb', 'AWS Load Balancer Controller'],
  ['gateway.k8s.aws/nlb', 'AWS Load Balancer Controller'],
  ['application-networking.k8s.aws/gateway-api-controller', 'AWS Gateway API Controller'],
  ['alb.networking.azure.io/alb-controller', 'Azure Application Gateway for Containers'],
]);

/** The Ingress controller that an IngressClass names in `spec.controller`. Undefined: not in the table. */
export function ingressControllerOf(controller: string): IngressController | undefined {
  return ingressControllers.find(({ controllers }) => controllers.includes(controller));
}

/** Name of the Gateway API implementation behind `spec.controllerName` of a GatewayClass. Undefined: not in the table. */
export function gatewayControllerName(controllerName: string): string | undefined {
  return gatewayControllers.get(controllerName);
}

/** The Ingress controllers that a class name may stand for where its IngressClass is unseen; several may share one name. */
export function controllersNamed(className: string): readonly IngressController[] {
  return ingressControllers.filter(({ classNames }) => classNames.includes(className));
}

/** The Ingress controller that an image contains, by its repository. Undefined for any other image. */
export function controllerOfImage(image: string): IngressController | undefined {
  const repository = repositoryOf(image);
  return ingressControllers.find(({ images }) =>
    images.some((known) => repository === known || repository.endsWith(`/${known}`)),
  );
}

/** `registry.k8s.io/ingress-nginx/controller:v1@sha256:...` -> `registry.k8s.io/ingress-nginx/controller`. A colon before a slash is a registry's port. */
function repositoryOf(image: string): string {
  const untagged = image.split('@', 1)[0] ?? '';
  const colon = untagged.lastIndexOf(':');
  return colon > untagged.lastIndexOf('/') ? untagged.slice(0, colon) : untagged;
}
