import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isKnownHost } from '../../../src/wire/guard/host.ts'

const near = { isWide: false, allowed: [] }
const wide = { isWide: true, allowed: [] }

/** Of this machine alone. */
const NEAR = [
  ...['127.0.0.1', '127.0.0.1:4566', '10.1.2.3:80', '[::1]', '[::1]:4566', '[2001:db8::1]:4566'],
  ...['localhost', 'LocalHost:4566', 'localhost.:4566', 'localhost:', 'app.localhost'],
  ...['lake.localhost:4566', 'my.lake.s3.localhost', '000000000000.localhost'],
]
/** Of a private network. */
const WIDE = [
  ...['standpipe', 'standpipe:4566', 'stand_pipe', 'host.docker.internal:4566', 'box.local'],
  ...['standpipe.default.svc', 'standpipe.default.svc.cluster.local', 'lake.s3.box.test'],
]
const STRANGERS = [
  ...['evil.example', 'evil.example:4566', '127.0.0.1.nip.io:4566', 'localhost.example.com'],
  ...['lake.s3.us-east-1.amazonaws.com', 'notlocalhost.com', 'internal.example.com', 'x.localhost.evil'],
  ...[
    '',
    ':4566',
    'a b',
    'localhost/evil',
    'evil@localhost',
    'localhost#',
    '.localhost',
    'a..localhost',
    '%zz.localhost',
  ],
  ...['1.2.3', '0x7f.1', '[::1', '::1', 'evil.example\\.localhost'],
]

test('a port of this machine alone knows addresses and localhost, a wider one what is private, too', () => {
  for (const host of NEAR) {
    assert.ok(isKnownHost(host, near), host)
    assert.ok(isKnownHost(host, wide), host)
  }
  for (const host of WIDE) {
    assert.ok(!isKnownHost(host, near), host)
    assert.ok(isKnownHost(host, wide), host)
  }
  for (const host of STRANGERS) {
    assert.ok(!isKnownHost(host, near), host)
    assert.ok(!isKnownHost(host, wide), host)
  }
})

test('more are known by their whole name, or by what they end with', () => {
  const hosts = { isWide: false, allowed: ['standpipe.example.com', '*.s3.example.com'] }
  for (const host of [
    'standpipe.example.com',
    'Standpipe.Example.com:80',
    'lake.s3.example.com',
    'a.b.s3.example.com',
  ])
    assert.ok(isKnownHost(host, hosts), host)
  for (const host of [
    'example.com',
    'evil.standpipe.example.com',
    's3.example.com',
    'evils3.example.com',
    'standpipe',
  ])
    assert.ok(!isKnownHost(host, hosts), host)
})
