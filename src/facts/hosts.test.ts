import { describe, expect, it } from 'vitest';
import { hostsIn, serviceOfHost } from './hosts.ts';

describe('hostsIn', () => {
  it.each<[string, boolean, readonly string[]]>([
    ['postgres://app:xxxx@db.example.net:5432/shop?sslmode=require', false, ['db.example.net']],
    ['jdbc:postgresql://db:5432/shop', false, ['db']],
    ['mongodb://a:27017,b:27017/shop', false, ['a', 'b']],
    ['user:xxxx@tcp(db:3306)/shop', false, ['db']],
    ['host=db port=5432 user=postgres', false, ['db']],
    ['Server=tcp:db.database.windows.net,1433;Database=shop', false, ['db.database.windows.net']],
    ['pg_dump -h db -U postgres shop', false, ['db']],
    ['pg_dump --host=db shop', false, ['db']],
    ['pg_dump -h $PGHOST shop', false, []],
    ['postgres', false, []],
    ['postgres', true, ['postgres']],
    ['a:9092, b:9092', true, ['a', 'b']],
    ['localhost', true, []],
    ['127.0.0.1:5432', true, []],
    ['/var/run/postgresql', true, []],
    ['$(DB_HOST)', true, []],
  ])('%j, plain %s: %j', (text, plain, expected) => {
    expect(hostsIn(text, plain).map(({ host }) => host)).toEqual(expected);
  });
});

describe('serviceOfHost', () => {
  it.each([
    ['db', { name: 'db', namespace: 'shop', certain: true }],
    ['db.data', { name: 'db', namespace: 'data', certain: false }],
    ['db.data.svc', { name: 'db', namespace: 'data', certain: true }],
    ['db.data.svc.cluster.local.', { name: 'db', namespace: 'data', certain: true }],
    ['db-0.db.data.svc.cluster.local', { name: 'db', namespace: 'data', certain: true }],
    ['db.abc.rds.amazonaws.com', undefined],
  ])('%s', (host, expected) => {
    expect(serviceOfHost(host, 'shop')).toEqual(expected);
  });
});
