import { expect, test } from 'vitest';
import { contentOf } from './content.ts';

/** Made for this test with OpenSSL; the keys were thrown away. */
const withNames = `-----BEGIN CERTIFICATE-----
MIIByTCCAXCgAwIBAgIUJ5HFocB3N7f8ZFU+Sh3iQBoTNZkwCgYIKoZIzj0EAwIw
GjEYMBYGA1UEAwwPaWdub3JlZC5leGFtcGxlMB4XDTI2MTEyMzIzNTEyN1oXDTI3
MTEyMzIzNTEyN1owGjEYMBYGA1UEAwwPaWdub3JlZC5leGFtcGxlMFkwEwYHKoZI
zj0CAQYIKoZIzj0DAQcDQgAECZpVWSDhstDKQ/76jYwfEphtFPhdI3XIcBROIqZg
xrlZmeWRvW3ze68PReTgAHxcO+GpMqGgqskOEslCwhxfoaOBkzCBkDAdBgNVHQ4E
FgQUM0TwJRKhymGzybi/w/aDJdpxC4MwHwYDVR0jBBgwFoAUM0TwJRKhymGzybi/
w/aDJdpxC4MwDwYDVR0TAQH/BAUwAwEB/zA9BgNVHREENjA0ggxzaG9wLmV4YW1w
bGWCDiouc2hvcC5leGFtcGxlhwTAAAIHgQ5hQHNob3AuZXhhbXBsZTAKBggqhkjO
PQQDAgNHADBEAiA8tbce0vs2vcwu67Ds+7h9ky+h3OtzrxKqKV5FSgtnpgIgTzQP
Wg+Z1Q9KdNnqxDHhS3hV1WO5G57N/XaDyhFzwl0=
-----END CERTIFICATE-----
`;
const withoutNames = `-----BEGIN CERTIFICATE-----
MIIBojCCAUegAwIBAgIUdKRwhY/QrYN6BKaytfcWdgXgEZEwCgYIKoZIzj0EAwIw
JjENMAsGA1UECgwEU2hvcDEVMBMGA1UEAwwMc2hvcC5leGFtcGxlMB4XDTI2MTEy
MzIzNTEyN1oXDTI3MTEyMzIzNTEyN1owJjENMAsGA1UECgwEU2hvcDEVMBMGA1UE
AwwMc2hvcC5leGFtcGxlMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAECZpVWSDh
stDKQ/76jYwfEphtFPhdI3XIcBROIqZgxrlZmeWRvW3ze68PReTgAHxcO+GpMqGg
qskOEslCwhxfoaNTMFEwHQYDVR0OBBYEFDNE8CUSocphs8m4v8P2gyXacQuDMB8G
A1UdIwQYMBaAFDNE8CUSocphs8m4v8P2gyXacQuDMA8GA1UdEwEB/wQFMAMBAf8w
CgYIKoZIzj0EAwIDSQAwRgIhALb8MITvxQ3GHksDKHxFTZTHG7dWe7FzIa6FwpbR
E235AiEA6UGzWtK3ubHDKVgPzD/S5RmiTG0UmoZe180yjofSn2w=
-----END CERTIFICATE-----
`;
/** Names itself as its issuer, and was signed by another key. */
const signedByAnother = `-----BEGIN CERTIFICATE-----
MIIBRzCB7QIUAjAH8b5oFyZ9MCU84R4sA8kYDt0wCgYIKoZIzj0EAwIwJjENMAsG
A1UECgwEU2hvcDEVMBMGA1UEAwwMc2hvcC5leGFtcGxlMB4XDTI2MTEyMzIzNTEy
N1oXDTI3MDIyMTIzNTEyN1owJjENMAsGA1UECgwEU2hvcDEVMBMGA1UEAwwMc2hv
cC5leGFtcGxlMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEhkx6CGC4rrLihuD0
+MT2+NU5vP1JnekgM+Xh92zxRdzGrKOv1f1fK7WO1jMe+gB6tza4acmECaHCRq14
6JiTSjAKBggqhkjOPQQDAgNJADBGAiEA239UeBzamXQpIcuzASrA2e5GZczMg2sZ
2UOSOyFUsR0CIQC3vOJeZIKxMj2Hrz46fLbQlnHt7tI+9ziGKuUQDaLQsg==
-----END CERTIFICATE-----
`;
const keyOnly = '-----BEGIN EC PRIVATE KEY-----\nxx\n-----END EC PRIVATE KEY-----\n';
const year = { kind: 'certificate', notBefore: '2026-11-23T23:51:27Z', notAfter: '2027-11-23T23:51:27Z' };

test.each<[string, string, unknown]>([
  [
    'alternative names count, the common name does not, addresses for mail do not',
    withNames,
    { ...year, names: ['shop.example', '*.shop.example', '192.0.2.7'], selfSigned: true },
  ],
  ['the common name counts where there is no other', withoutNames, { ...year, names: ['shop.example'], selfSigned: true }],
  [
    'issued under its own name by another key is not self-signed',
    signedByAnother,
    { ...year, notAfter: '2027-02-21T23:51:27Z', names: ['shop.example'], selfSigned: false },
  ],
  [
    'of a chain the first certificate counts',
    signedByAnother + withoutNames,
    { ...year, notAfter: '2027-02-21T23:51:27Z', names: ['shop.example'], selfSigned: false },
  ],
  [
    'blank lines before it and CRLF',
    `\r\n\r\n${withoutNames.replaceAll('\n', '\r\n')}`,
    { ...year, names: ['shop.example'], selfSigned: true },
  ],
  ['a certificate beside its key is a key', withNames + keyOnly, { kind: 'private-key' }],
  ['a key', keyOnly, { kind: 'private-key' }],
  ['a certificate that is cut short is public all the same', withNames.slice(0, 300), { kind: 'public-key' }],
  [
    'a public key',
    '-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE\n-----END PUBLIC KEY-----\n',
    { kind: 'public-key' },
  ],
  ['a word between the lines', '-----BEGIN PUBLIC KEY-----\nMyPassword99\n-----END PUBLIC KEY-----\n', undefined],
  [
    'text behind the last line',
    '-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0C\n-----END PUBLIC KEY-----\nhunter2: secret',
    undefined,
  ],
  ['no base64', '-----BEGIN CERTIFICATE-----\n????\n-----END CERTIFICATE-----\n', undefined],
  ['nothing between the lines', '-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n', undefined],
])('%s', (_, text, content) => expect(contentOf('tls.crt', text)).toEqual(content));
