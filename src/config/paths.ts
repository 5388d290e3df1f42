/** Folder of a path with `/`: `a/b.yaml` -> `a`, `b.yaml` -> `.`. */
export function dirname(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '.' : slash === 0 ? '/' : path.slice(0, slash);
}

/** Joins and simplifies paths with `/`, so that reports show `k8s/production` and not `./examples/../k8s/production`. */
export function joinPath(folder: string, path: string): string {
  if (path === '-' || /^[a-z]+:\/\//i.test(path)) return path;
  const whole = path.startsWith('/') ? path : `${folder}/${path}`;
  const steps: string[] = [];
  for (const step of whole.split('/')) {
    if (step === '' || step === '.') continue;
    if (step === '..' && steps.length > 0 && steps.at(-1) !== '..') steps.pop();
    else steps.push(step);
  }
  return `${whole.startsWith('/') ? '/' : ''}${steps.join('/')}` || '.';
}
