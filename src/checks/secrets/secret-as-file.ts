import { workloads } from '../../facts/workloads.ts';
import { listAt, textAt } from '../../kube/json.ts';
import { readEnvFrom } from '../../kube/container.ts';
import { defineCheck } from '../define-check.ts';

export const secretAsFile = defineCheck({
  id: 'secret-as-file',
  gate: 'secrets',
  level: 'advisory',
  title: 'Workloads read Secrets from files',
  rationale:
    'Variables are inherited by child processes, printed by crash reports and fixed until the next restart; a mounted Secret is none of that.',
  remedy: 'mount-secrets-as-files',
  references: [
    'https://kubernetes.io/docs/concepts/security/secrets-good-practices/#restrict-secret-access-to-specific-containers',
  ],
  decidedBy: 'manifests',
  attestable: false,
  whenToWaive: 'A program of another maker that reads its credentials from variables only.',
  needs: { workloads },
  parameters: {},
  messages: {
    environment: 'Container {container} reads {count} Secret values from the environment: {names}.',
    file: 'Container {container} mounts {count} Secrets as files and takes none from the environment.',
    none: 'Container {container} uses no Secret.',
  },
  looksFor: ['*'],
  *targets({ workloads }) {
    for (const workload of workloads.system)
      for (const container of workload.containers)
        if (container.role !== 'ephemeral')
          yield { ref: container.ref, object: workload.object, path: container.path, container, workload };
  },
  assess({ container, workload }, _, say) {
    const variables = container.env.flatMap(({ name, from, path }) => (from?.kind === 'Secret' ? [{ name, path }] : []));
    const whole = readEnvFrom(container).flatMap(({ kind, name, path }) =>
      kind === 'Secret' ? [{ name: `all of ${name}`, path }] : [],
    );
    const found = [...variables, ...whole];
    const [first] = found;
    if (first !== undefined) {
      const names = found.map(({ name }) => name);
      const text = names.length > 5 ? `${names.slice(0, 5).join(', ')} and ${names.length - 5} more` : names.join(', ');
      return {
        ...say.fail('environment', { container: container.name, count: found.length, names: text }),
        at: first.path.slice(container.path.length),
      };
    }
    const mounted = new Set(listAt(container.value, 'volumeMounts').map((mount) => textAt(mount, 'name')));
    const secrets = new Set(
      workload.volumes.flatMap(({ name, secret }) => (secret !== undefined && mounted.has(name) ? [secret] : [])),
    );
    return secrets.size > 0
      ? say.pass('file', { container: container.name, count: secrets.size })
      : say.notApplicable('none', { container: container.name });
  },
});
