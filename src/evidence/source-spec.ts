import type { SourceRole } from './bundle.ts';
import type { DeclaredResult } from './declared.ts';

interface Common {
  readonly role: SourceRole;
  readonly environment: string;
}
interface ObjectSourceSpec extends Common {
  /** Kinds of which the source holds all there are; absent: the namespaced kinds found in it. */
  readonly complete?: readonly string[];
  /** Namespace of namespaced objects that name none; `default` where nothing else is known. */
  readonly namespace?: string;
}

/** What to gather: the review file's sources, documents and evidence, normalised, paths relative to the working directory. */
export type SourceSpec =
  /** A file, a directory, a glob, or `-` for standard input. A directory with a kustomization or a chart is rendered. */
  | (ObjectSourceSpec & { readonly kind: 'manifests'; readonly path: string })
  /** `kubectl get -o json` output. */
  | (ObjectSourceSpec & { readonly kind: 'dump'; readonly path: string })
  | (ObjectSourceSpec & { readonly kind: 'kustomize'; readonly path: string })
  | (ObjectSourceSpec & {
      readonly kind: 'helm';
      readonly chart: string;
      readonly values: readonly string[];
      readonly release: string;
      readonly kubeVersion?: string;
      readonly apiVersions: readonly string[];
    })
  /** A file or a folder of Markdown. */
  | (Common & { readonly kind: 'document'; readonly documentKind: string; readonly path: string })
  /** A file or a glob of scanner reports. */
  | (Common & { readonly kind: 'image-scan'; readonly path: string })
  /** A file, a folder or a glob of load-test results: our records, k6 summaries or k6 streams. */
  | (Common & { readonly kind: 'load-test'; readonly path: string; readonly stated: Omit<DeclaredResult, 'path'> })
  | (Common & { readonly kind: 'load-script'; readonly path: string })
  /** Commit and state of the work tree that holds a path. */
  | (Common & { readonly kind: 'git'; readonly path: string });
