import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../src/cli/run.ts';
import type { RunResult } from '../src/gather/io.ts';
import { memoryIo } from '../src/gather/memory-io.ts';
import { reportFormats } from '../src/report/index.ts';
import { type Ran, run } from './cli/host.ts';

/** Every planted value by the place it stands in. None occurs anywhere else, so that one leak names its way out. */
const planted = {
  'Secret data': 'Kq7ZxP9mVb4Wc7NpDtQ8',
  'Secret stringData': 'plant-horse-battery-1',
  'Secret data of a tls key': 'MIIplantedKeyMaterial02',
  'Secret annotation': 'plant-applied-03',
  'configuration file in a Secret': 'plant-ini-04',
  'environment variable': 'plant-env-05',
  'known token in an innocent variable': `ghp_${'Pl4nT'.repeat(7)}x`,
  option: 'plant-option-07',
  'option and value apart': 'plant-option-08',
  'shell command': 'plant-shell-09',
  'ConfigMap key': 'plant-config-10',
  'ConfigMap file': 'plant-properties-11',
  'ConfigMap with a whole Secret': 'plant-nested-12',
  'annotation last-applied': 'plant-lastapplied-13',
  'annotation with a token': `glpat-${'Pl4nT'.repeat(5)}`,
  comment: 'plant-comment-15',
  URL: 'plant-url-16',
  'URL in a custom kind': 'plant-custom-17',
  'values file': 'plant-values-18',
  'key that is a token': `xoxb-1234567890-${'Pl4nT'.repeat(4)}`,
  'SealedSecret template': 'plant-sealed-20',
  'List in JSON': 'plant-list-21',
  'folded text': 'plant-folded-22',
  anchor: 'plant-anchor-23',
  'duplicate key': 'plant-duplicate-24',
} as const;
type Place = keyof typeof planted;

const base64 = (text: string) => Buffer.from(text).toString('base64');
const applied = (value: string, kind = 'Secret') =>
  JSON.stringify({
    apiVersion: 'v1',
    kind,
    metadata: { name: 'a' },
    ...(kind === 'Secret'
      ? { data: { password: base64(value) } }
      : { spec: { containers: [{ name: 'a', env: [{ name: 'A_PASSWORD', value }] }] } }),
  });
const p = planted;

const files = {
  'k8s/secrets.yaml': `# the password is ${p.comment}, password: ${p.comment}
apiVersion: v1
kind: Secret
metadata:
  name: a
  namespace: shop
  annotations:
    kubectl.kubernetes.io/last-applied-configuration: '${applied(p['Secret annotation'])}'
data:
  JWT_SECRET: ${base64(p['Secret data'])}
stringData:
  POSTGRES_PASSWORD: ${p['Secret stringData']} # ${p.comment}
  tls.key: |
    -----BEGIN PRIVATE KEY-----
    ${p['Secret data of a tls key']}
    -----END PRIVATE KEY-----
  grafana.ini: |
    [security]
    admin_password = ${p['configuration file in a Secret']}
  ${p['key that is a token']}: x
---
apiVersion: v1
kind: Secret
metadata: { name: b, namespace: shop }
stringData:
  twice: ${p['duplicate key']}
  twice: ${p['duplicate key']}
---
apiVersion: bitnami.com/v1alpha1
kind: SealedSecret
metadata: { name: c, namespace: shop }
spec: { encryptedData: { x: AgBy }, template: { data: { y: ${p['SealedSecret template']} } } }
`,
  'k8s/web.yaml': `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
  annotations:
    kubectl.kubernetes.io/last-applied-configuration: '${applied(p['annotation last-applied'], 'Pod')}'
    example.org/note: ${p['annotation with a token']}
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
        - name: web
          image: registry.example/web:1.0
          env:
            - { name: DB_PASSWORD, value: ${p['environment variable']} }
            - { name: FEATURE, value: ${p['known token in an innocent variable']} }
            - { name: DATABASE_URL, value: "postgres://app:${p.URL}@db:5432/app" }
            - name: API_TOKEN
              value: &shared ${p.anchor}-Zx81
            - { name: NOTE, value: *shared }
            - name: SMTP_PASSWORD
              value: >-
                ${p['folded text']}
          args: ["--db-password=${p.option}", "--admin-password", "${p['option and value apart']}"]
          command: [sh, -c, "PGPASSWORD=${p['shell command']} psql; curl -u admin:${p['shell command']} http://x"]
`,
  'k8s/config.yaml': `apiVersion: v1
kind: ConfigMap
metadata: { name: c, namespace: shop }
data:
  db-password: ${p['ConfigMap key']}
  app.properties: |
    url=http://x
    db.password=${p['ConfigMap file']}
  secret.yaml: |
    apiVersion: v1
    kind: Secret
    metadata: { name: n }
    stringData: { anything: ${p['ConfigMap with a whole Secret']} }
---
apiVersion: monitoring.example.org/v1
kind: Probe
metadata: { name: m, namespace: shop }
spec: { target: "https://probe:${p['URL in a custom kind']}@x/health" }
`,
  'k8s/values.yaml': `database:\n  password: ${p['values file']}\n`,
  'k8s/list.json': JSON.stringify({
    apiVersion: 'v1',
    kind: 'List',
    items: [
      { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'l', namespace: 'shop' }, data: { a: base64(p['List in JSON']) } },
    ],
  }),
};

/** Text in the forms in which a value could come out: as it is, in base64 (whatever stands before it), and encoded in a URL. */
function formsOf(value: string): readonly string[] {
  const encoded = [0, 1, 2].map((shift) =>
    Buffer.from(`${'\0'.repeat(shift)}${value}`)
      .toString('base64')
      .slice(shift === 0 ? 0 : shift + 1)
      .replace(/.{0,3}=*$/, ''),
  );
  return [value, ...encoded, encodeURIComponent(value)];
}

function leaksIn(text: string, values: Readonly<Record<string, string>> = planted): readonly string[] {
  return Object.entries(values).flatMap(([place, value]) =>
    formsOf(value).some((form) => form.length >= 8 && text.includes(form)) ? [place] : [],
  );
}

const everything = ({ stdout, stderr, files: written }: Ran) =>
  [stdout, stderr, ...written.keys(), ...written.values()].join('\n');

describe('the plants can be found', () => {
  it('in what they were planted in', () => {
    expect(leaksIn(Object.values(files).join('\n'))).toEqual(Object.keys(planted));
  });

  it('in base64 at every offset', () => {
    for (const before of ['', 'a', 'ab', 'abc'])
      expect(leaksIn(base64(`${before}${p.URL}/rest`))).toContain('URL' satisfies Place);
  });
});

describe('no planted value comes out', () => {
  const folder = mkdtempSync(join(tmpdir(), 'seaworthy-masking-'));
  const bundle = join(folder, 'review.bundle.gz');
  let saved: Ran;

  beforeAll(async () => {
    saved = await run(['review', 'k8s', '-f', 'json', '--fail-on', 'never', '--save', bundle], files);
  });

  it('of the review: it ran and found the objects', () => {
    expect(saved.code).toBe(0);
    expect((JSON.parse(saved.stdout) as { inventory: { objects: number } }).inventory.objects).toBeGreaterThanOrEqual(6);
  });

  it.each(reportFormats)('in the format %s', async (format) => {
    const ran = await run(['review', 'k8s', '-f', format, '--fail-on', 'never', '-o', `${format}=out/report`], files);
    expect(ran.stdout.length).toBeGreaterThan(100);
    expect(leaksIn(everything(ran))).toEqual([]);
  });

  it('in the saved bundle', () => {
    const text = gunzipSync(readFileSync(bundle)).toString('utf8');
    expect(text).toContain('POSTGRES_PASSWORD');
    expect(leaksIn(text)).toEqual([]);
  });

  it.each(reportFormats)('in the replay as %s', async (format) => {
    expect(leaksIn(everything(await run(['review', '--from', bundle, '-f', format, '--fail-on', 'never'])))).toEqual([]);
  });

  it.each([
    ['plan', ['plan', 'k8s']],
    ['standard input', ['review', '-', '-f', 'json']],
    ['the init command', ['init', 'k8s']],
  ])('of %s', async (_, args) => {
    expect(
      leaksIn(
        everything(
          await run(args, files, {
            stdin: Object.entries(files)
              .filter(([path]) => path.endsWith('.yaml'))
              .map(([, text]) => text)
              .join('\n---\n'),
          }),
        ),
      ),
    ).toEqual([]);
  });
});

describe('text that cannot be read', () => {
  const broken: Readonly<Record<string, string>> = {
    'an open quote': 'apiVersion: v1\nkind: Secret\nmetadata: { name: a }\nstringData:\n  password: "PLANT\n  b: c\n',
    'an open bracket': 'apiVersion: v1\nkind: Secret\nstringData: { password: PLANT, x: [\n',
    'a tab': 'apiVersion: v1\nkind: Secret\nstringData:\n\tpassword: PLANT\n',
    'a key without a value': 'apiVersion: v1\nkind: Secret\nstringData:\n  password PLANT\n  b: c\n',
    'an alias to nowhere': 'apiVersion: v1\nkind: Secret\nmetadata: { name: a }\nstringData: { password: *PLANT }\n',
    'a tag that nobody knows':
      'apiVersion: v1\nkind: Secret\nmetadata: { name: a }\nstringData: { password: !PLANT x, q: !!binary PLANT }\n',
    'no kind': 'apiVersion: v1\nstringData: { password: PLANT }\n',
    'a template': 'apiVersion: v1\nkind: Secret\nstringData:\n  {{- if .x }}\n  password: PLANT\n  {{- end }}\n',
    'JSON cut short': '{ "apiVersion": "v1", "kind": "Secret", "stringData": { "password": "PLANT',
    'a duplicate key': 'apiVersion: v1\nkind: Secret\nmetadata: { name: a }\nstringData: { PLANT: 1, PLANT: 2 }\n',
    'text behind the end':
      'apiVersion: v1\nkind: Secret\nmetadata: { name: a }\nstringData: { a: b }\n... PLANT\npassword PLANT\n',
    'bytes that are no UTF-8': 'apiVersion: v1\nkind: Secret\nstringData: { password: "PLANT\u0000\uFFFE" }\n',
  };
  const value = 'plant-broken-99';
  // A key of a mapping is a name and stays readable, unless it has the shape of a token.
  const token = `ghp_${'Br0kN'.repeat(7)}x`;

  it.each(Object.entries(broken))('%s: no report and no bundle quotes it', async (name, text) => {
    const folder = mkdtempSync(join(tmpdir(), 'seaworthy-broken-'));
    const bundle = join(folder, 'b.gz');
    const plant = name === 'a duplicate key' ? token : value;
    const source = {
      'k8s/a.yaml': text.replaceAll('PLANT', plant),
      'k8s/b.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: b }\n',
    };
    const outputs: string[] = [];
    for (const format of reportFormats)
      outputs.push(everything(await run(['review', 'k8s', '-f', format, '--save', bundle], source)));
    outputs.push(gunzipSync(readFileSync(bundle)).toString('utf8'));
    expect(leaksIn(outputs.join('\n'), { plant })).toEqual([]);
  });

  it('as the only input, where the review ends with an error', async () => {
    for (const [name, text] of Object.entries(broken))
      if (name !== 'a duplicate key')
        expect(
          leaksIn(everything(await run(['review', 'k8s'], { 'k8s/a.yaml': text.replaceAll('PLANT', value) })), { value }),
        ).toEqual([]);
  });
});

describe('renderers', () => {
  const helm = async (result: RunResult) => {
    const out: string[] = [];
    const review =
      'apiVersion: seaworthy.dev/v1alpha1\nkind: Review\nmetadata: { name: shop }\nspec: { sources: [{ helm: { chart: charts/shop, values: [values.yaml], release: shop, namespace: shop } }] }\n';
    const code = await runCli({
      args: ['review', '-c', 'seaworthy.yaml', '-f', 'json', '--fail-on', 'never'],
      env: {},
      io: memoryIo(
        { 'seaworthy.yaml': review, 'charts/shop/Chart.yaml': 'name: shop\n', 'values.yaml': `password: ${p['values file']}\n` },
        { run: () => result },
      ),
      write: async (_, text) => {
        out.push(text);
      },
      writeFile: async () => {},
      appendFile: async () => {},
      onInterrupt: () => () => {},
      terminal: { stdout: false, stderr: false, columns: 100 },
    });
    return { code, text: out.join('') };
  };

  it('a rendered chart is masked like a file', async () => {
    const stdout = new TextEncoder().encode(
      `---\n# Source: shop/templates/secret.yaml\napiVersion: v1\nkind: Secret\nmetadata: { name: a, namespace: shop }\nstringData: { password: ${p['values file']} }\n`,
    );
    const { text, code } = await helm({ ok: true, stdout, stderr: '' });
    expect([code, text.includes('"objects"'), leaksIn(text)]).toEqual([0, true, []]);
  });

  it.each([
    `Error: template: shop/templates/secret.yaml:3:12: executing "x" at <fail>: error calling fail: bad password "${p['values file']}"`,
    `Error: YAML parse error on shop/templates/secret.yaml: error converting YAML to JSON: yaml: line 4: did not find expected key password: ${p['values file']}`,
    `Error: yaml: unmarshal errors: line 3: cannot unmarshal !!str \`${p['values file']}\` into int`,
  ])('the error of a chart quotes no value: %#', async (stderr) => {
    const { text } = await helm({ ok: false, problem: 'exit', code: 1, stderr });
    expect(leaksIn(text)).toEqual([]);
  });
});
