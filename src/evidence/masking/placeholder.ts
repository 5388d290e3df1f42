/**
 * Whether a value is only a reference that some tool fills in: `$(VAR)` of Kubernetes, `${VAR}`, `{{ .Values.x }}`, `<% x %>`,
 * `ENC[...]` of SOPS, `vault:...#key`, `ref+vault://...` of vals. Nothing of it is a credential.
 */
export function isReference(value: string): boolean {
  const text = value.trim();
  if (text.length > 2048) return false;
  return wholeReferences.some((pattern) => pattern.test(text));
}

const wholeReferences: readonly RegExp[] = [
  /^\$\([A-Za-z_][\w.-]*\)$/,
  // A default value (`${X:-hunter2}`) is a literal again, so that only names without one count.
  /^\$\{[\w.-]+(?::-?)?\}$/,
  // What a shell says where the variable is missing.
  /^\$\{[\w.-]+:?\?[^{}]*\}$/,
  // Providers of the OpenTelemetry collector.
  /^\$\{(?:env|file):[\w./-]+\}$/,
  /^\$[A-Za-z_]\w*$/,
  // Argo CD reads `$oidc.clientSecret` from argocd-secret, and `$my-secret:oidc.clientSecret` from that Secret.
  /^\$[A-Za-z][\w-]*(?:[.:][\w-]+){0,6}[.:][\w-]*(?:secret|token|key|password|id)$/i,
  /^\$__\w+\{[^{}]*\}$/,
  /^(?:\{\{[^{}]*\}\}[\s:/@.-]*)+$/,
  /^<%[^%]*%>$/,
  /^%\([\w.-]+\)s$/,
  /^%[A-Z_][A-Z0-9_]*%$/,
  /^@[A-Z_]+@$/,
  /^ENC\[[^\]]*\]$/,
  /^(?:>>)?vault:[\w./-]+(?:#[^\s]*)?$/,
  /^ref\+[a-z0-9]+:\/\/\S*$/,
  /^(?:arn:aws[\w-]*:(?:secretsmanager|ssm)|projects\/[\w-]+\/secrets)[:/]\S*$/,
  /^(?:op|awssm|gcpsm|azkv|akv|secret|sm|keyvault|vault|file):\/\/\S*$/,
];

/** Whether a value is template text that a person was to replace: a reference, `CHANGE_ME`, `<password>`, `your-api-key-here`, `xxxx`. */
export function isPlaceholder(value: string): boolean {
  const text = value.trim();
  if (text === '' || text.length > 2048) return false;
  if (isReference(text)) return true;
  if (text.length > 120) return false;
  return templateTexts.some((pattern) => pattern.test(text));
}

const templateTexts: readonly RegExp[] = [
  /^<[^<>]*>$/,
  /^\[[A-Za-z][^[\]"']*\]$/,
  /^\{[A-Za-z_][^{}"':]*\}$/,
  /^_{2,}[A-Z][A-Z0-9_]*_{2,}$/,
  /^[xX*.•-]{3,}$/,
  /^\?+$/,
  // Words written for a reader. Lower-case `changeme` is no template text: images accept it as their default password.
  /\b(?:CHANGE|REPLACE|FILL|INSERT|SET)[-_ ]?(?:ME|THIS|IT|IN|HERE|WITH)(?=$|[^A-Za-z])/,
  /^(?:change|replace|fill|insert|set)[-_ ](?:me|this|it|in|here|with)(?=$|[-_ ])/i,
  /^REPLACE(?:D)?$|^(?:TODO|TBD|FIXME|REDACTED|PLACEHOLDER|DUMMY)(?=$|[-_ :.])/i,
  /(?:^|[-_ ])placeholder$/i,
  /^(?:your|my|the|enter|insert|put|add|use|some)[-_ ].{1,80}[-_ ](?:here|goes[-_ ]here)$/i,
  /^(?:your|enter|insert)[-_ ](?:[a-z]{1,20}[-_ ]){0,5}(?:password|passwd|secret|token|key|value|id|credentials?|here)$/i,
  /^YOUR[-_][A-Z0-9_-]{1,60}$/,
  /^(?:generated|generate|filled|provided|managed|injected|set|created|populated|sealed)[-_ ](?:by|with|at|from|via|me)\b.{0,80}$/i,
  /^base64[-_ (].{0,80}$/i,
];
