import { controllerOfImage } from '../kube/ingress-controllers.ts';
import type { Workload } from '../kube/workload.ts';
import { fact } from './fact.ts';
import { workloads } from './workloads.ts';

/** Workloads, of the platform too, that run a known ingress controller: few, and asked about for every Ingress. */
export const controllerWorkloads = fact('controller-workloads', [workloads], ({ all }): readonly Workload[] =>
  all.filter(({ containers }) => containers.some(({ image }) => image !== undefined && controllerOfImage(image) !== undefined)),
);
