import type { MaskClass } from '../../model/mask.ts';

/** The shape of a token that a vendor defined. One of `hints`, which no common word holds, occurs in all that the expression matches. */
export interface TokenPattern {
  readonly id: string;
  readonly class: MaskClass;
  readonly hints: readonly string[];
  /** Global, without nested or adjacent unbounded repetition: linear. Group 1, if any, is the credential. */
  readonly pattern: RegExp;
}

const token = (id: string, hints: readonly string[], pattern: RegExp, kind: MaskClass = 'token'): TokenPattern => ({
  id,
  class: kind,
  hints,
  pattern,
});

/** Published token formats. Each begins with its own mark, so that a match is never a coincidence. */
export const tokenPatterns: readonly TokenPattern[] = [
  token('private-key', ['PRIVATE KEY'], /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g, 'private-key'),
  token(
    'aws-access-key-id',
    ['AKIA', 'ASIA', 'ABIA', 'ACCA'],
    /(?<![A-Za-z0-9])(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Za-z0-9])/g,
    'credential',
  ),
  token(
    'github-token',
    ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_', 'github_pat_'],
    /(?<![A-Za-z0-9_])(?:gh[pousr]_[A-Za-z0-9]{20,255}|github_pat_[A-Za-z0-9_]{22,255})/g,
  ),
  token(
    'gitlab-token',
    ['glpat-', 'gldt-', 'glrt-', 'glcbt-', 'glptt-', 'glsoat-', 'glimt-', 'glagent-'],
    /(?<![A-Za-z0-9_])gl(?:pat|dt|rt|cbt|ptt|soat|imt|agent)-[A-Za-z0-9_.-]{20,255}/g,
  ),
  token('slack-token', ['xox', 'xapp-'], /(?<![A-Za-z0-9])(?:xox[a-z]-[A-Za-z0-9-]{10,255}|xapp-[A-Za-z0-9-]{10,255})/g),
  token(
    'slack-webhook',
    ['hooks.slack'],
    /hooks\.slack(?:-gov)?\.com\/(?:services|workflows|triggers)\/([A-Za-z0-9/_+-]{10,255})/g,
  ),
  token('discord-webhook', ['/api/webhooks/'], /discord(?:app)?\.com\/api\/webhooks\/([0-9]{5,30}\/[A-Za-z0-9_-]{20,255})/g),
  token('teams-webhook', ['webhook.office.com'], /webhook\.office\.com\/(webhookb2\/[A-Za-z0-9@/_-]{30,400})/g),
  token('telegram-token', [':AA'], /(?<![0-9A-Za-z])[0-9]{8,12}:AA[A-Za-z0-9_-]{33}(?![A-Za-z0-9_-])/g),
  token(
    'stripe-key',
    ['k_live_', 'k_test_', 'whsec_'],
    /(?<![A-Za-z0-9])(?:[sr]k_(?:live|test)_[A-Za-z0-9]{10,255}|whsec_[A-Za-z0-9+/=]{16,255})/g,
  ),
  token('google-api-key', ['AIza'], /(?<![A-Za-z0-9_-])AIza[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])/g),
  token('google-oauth', ['GOCSPX-', 'ya29.'], /(?<![A-Za-z0-9_-])(?:GOCSPX-[A-Za-z0-9_-]{20,64}|ya29\.[A-Za-z0-9_-]{20,1024})/g),
  token(
    'openai-key',
    ['sk-'],
    /(?<![A-Za-z0-9_-])sk-(?:(?:proj|svcacct|admin|ant)-[A-Za-z0-9_-]{20,255}|[A-Za-z0-9]{20,64}(?![A-Za-z0-9_-]))/g,
  ),
  token('npm-token', ['npm_'], /(?<![A-Za-z0-9_])npm_[A-Za-z0-9]{36}(?![A-Za-z0-9])/g),
  token('pypi-token', ['pypi-'], /(?<![A-Za-z0-9_])pypi-[A-Za-z0-9_-]{50,512}/g),
  token('docker-token', ['dckr_pat_'], /(?<![A-Za-z0-9_])dckr_pat_[A-Za-z0-9_-]{20,64}/g),
  token('jwt', ['eyJ'], /(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{8,4096}\.eyJ[A-Za-z0-9_-]{4,8192}\.[A-Za-z0-9_-]{0,2048}/g),
  token('twilio-key', ['SK', 'AC'], /(?<![A-Za-z0-9])(?:SK|AC)[0-9a-f]{32}(?![A-Za-z0-9])/g),
  token('sendgrid-key', ['SG.'], /(?<![A-Za-z0-9])SG\.[A-Za-z0-9_-]{16,64}\.[A-Za-z0-9_-]{16,128}/g),
  token('mailgun-key', ['key-'], /(?<![A-Za-z0-9_-])key-[0-9a-f]{32}(?![A-Za-z0-9])/g),
  token(
    'azure-storage-key',
    ['AccountKey=', 'SharedAccessKey='],
    /(?:AccountKey|SharedAccessKey)=([A-Za-z0-9+/]{20,128}={0,2})/g,
  ),
  token('azure-sas', ['sig='], /[?&;]sig=([A-Za-z0-9%+/_-]{20,128}={0,2})/g),
  token(
    'hashicorp-token',
    ['hvs.', 'hvb.', 'hvr.', '.atlasv1.'],
    /(?<![A-Za-z0-9])(?:hv[sbr]\.[A-Za-z0-9_-]{20,512}|[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_=-]{60,128})/g,
  ),
  token('digitalocean-token', ['dop_v1_', 'doo_v1_', 'dor_v1_'], /(?<![A-Za-z0-9])do[opr]_v1_[a-f0-9]{64}(?![A-Za-z0-9])/g),
  token(
    'grafana-token',
    ['glc_', 'glsa_'],
    /(?<![A-Za-z0-9_])(?:glc_[A-Za-z0-9+/=]{32,400}|glsa_[A-Za-z0-9]{32}_[A-Fa-f0-9]{8})/g,
  ),
  token('shopify-token', ['shp'], /(?<![A-Za-z0-9_])shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}/g),
  token('age-key', ['AGE-SECRET-KEY-'], /AGE-SECRET-KEY-1[A-Z0-9]{58}/g, 'private-key'),
  token(
    'crypt-hash',
    ['$2', '$apr1$', '$5$', '$6$', '$argon2'],
    /(?<![A-Za-z0-9])\$(?:2[abxy]\$[0-9]{2}\$[A-Za-z0-9./]{53}|(?:apr1|1|5|6)\$[A-Za-z0-9./=]{1,32}\$[A-Za-z0-9./]{22,86}|argon2(?:id|i|d)\$[A-Za-z0-9+/=,$]{30,200})/g,
    'credential',
  ),
  // RFC 6750 and RFC 7617 in a header, a curl command or a configuration.
  token('authorization-header', ['earer ', 'EARER '], /\b[Bb](?:earer|EARER)[ \t]{1,4}([A-Za-z0-9+/_.~-]{20,4096}={0,2})/g),
  token(
    'basic-auth-header',
    ['asic ', 'ASIC '],
    /\b[Bb](?:asic|ASIC)[ \t]{1,4}([A-Za-z0-9+/_-]{8,1024}={0,2})(?![A-Za-z0-9])/g,
    'credential',
  ),
  token(
    'basic-auth-option',
    [' -u', '--user'],
    /\bcurl\b[^\n]{0,400}?[ \t](?:-u|--user)[ \t=]{0,2}["']?[^\s"':]{1,100}:([^\s"']{1,200})/g,
    'credential',
  ),
  token(
    'mysql-option',
    [' -p'],
    /\b(?:mysql|mysqldump|mysqladmin|mariadb|mariadb-dump)\b[^\n|;&]{0,300}?[ \t]-p([^\s"'$-][^\s"']{0,200})/g,
    'credential',
  ),
  token('redis-option', [' -a '], /\bredis-cli\b[^\n|;&]{0,300}?[ \t]-a[ \t]{1,4}["']?([^\s"'$-][^\s"']{0,200})/g, 'credential'),
  token(
    'sql-password',
    ['IDENTIFIED', 'PASSWORD', 'identified', 'password'],
    /\b(?:IDENTIFIED(?: WITH [a-z0-9_]{1,40})? BY|PASSWORD|identified by|password)[ \t]{1,4}'([^'\n]{1,200})'/g,
    'credential',
  ),
  token(
    'redis-directive',
    ['requirepass', 'masterauth'],
    /\b(?:requirepass|masterauth)[ \t]{1,8}["']?([^\s"']{1,200})/g,
    'credential',
  ),
  token(
    'netrc',
    ['machine '],
    /\bmachine[ \t]{1,4}\S{1,200}\s{1,20}login[ \t]{1,4}\S{1,200}\s{1,20}password[ \t]{1,4}(\S{1,200})/g,
    'credential',
  ),
  token('mysql-dsn', ['@tcp(', '@unix('], /(?<![^\s"'=,])[\w.-]{1,64}:([^@\s:/"']{1,200})@(?:tcp|unix)\(/g, 'url-credential'),
];
