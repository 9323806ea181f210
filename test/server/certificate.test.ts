import assert from 'node:assert/strict'
import { createPublicKey, generateKeyPairSync, X509Certificate } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  createAuthority,
  isAuthorityFor,
  isServerCertificateOf,
  issueServerCertificate,
} from '../../src/server/certificates/issue.ts'
import { addressBytes, listenedOn } from '../../src/server/certificates/listened-on.ts'

const NOW = Date.parse('2026-11-28T00:00:00Z')
const DAY_MS = 86_400_000

test('a server certificate is for its names alone, signed by the authority, and no two are the same', () => {
  const authority = createAuthority(NOW)
  const names = ['localhost', '*.s3.localhost', 'data.example', '127.0.0.1', '::1', '2001:db8::5']
  const [one, other] = [1, 2].map(() => issueServerCertificate(authority, names, NOW))
  const [ca, server] = [new X509Certificate(authority.cert), new X509Certificate(one!.cert)]
  assert.ok(ca.ca && ca.verify(ca.publicKey))
  assert.ok(!server.ca && server.checkIssued(ca) && server.verify(ca.publicKey))
  for (const host of ['localhost', 'bucket.s3.localhost', 'data.example']) assert.ok(server.checkHost(host))
  for (const address of ['127.0.0.1', '::1', '2001:db8::5']) assert.ok(server.checkIP(address), address)
  assert.equal(server.checkHost('example.com'), undefined)
  assert.equal(server.checkIP('10.0.0.1'), undefined)
  assert.notEqual(server.serialNumber, new X509Certificate(other!.cert).serialNumber)
  assert.match(server.serialNumber, /^1[0-9A-F]{31}$/)
})

test('it is made anew before it expires, when a name is missing, the clock was set back or the authority is another', () => {
  const authority = createAuthority(NOW)
  const names = ['localhost', '::1', '127.0.0.1']
  const server = issueServerCertificate(authority, names, NOW)
  const isGood = (at: number, wanted = names, by = authority) => isServerCertificateOf(by, server, wanted, at)
  assert.deepEqual([isGood(NOW), isGood(NOW + 270 * DAY_MS), isGood(NOW, ['::1'])], [true, true, true])
  assert.deepEqual(
    [
      isGood(NOW + 280 * DAY_MS),
      isGood(NOW - 2 * DAY_MS),
      isGood(NOW, [...names, '10.0.0.1']),
      isGood(NOW, names, createAuthority(NOW)),
    ],
    [false, false, false, false],
  )
})

test('an authority outlasts what it signs, in years far from now as well', () => {
  for (const year of [2026, 2047, 2049, 2060]) {
    const now = Date.UTC(year, 5, 1)
    const authority = createAuthority(now)
    assert.ok(isAuthorityFor(authority, now), String(year))
    const server = new X509Certificate(issueServerCertificate(authority, ['localhost'], now).cert)
    assert.equal(server.validToDate.getTime(), now + 396 * DAY_MS)
  }
  assert.equal(isAuthorityFor(createAuthority(NOW), Date.UTC(2049, 5, 1)), false)
})

test('the authority of a former version, on an RSA key, signs as well', () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const { cert } = createAuthority(NOW)
  const server = issueServerCertificate({ cert, key }, ['localhost'], NOW)
  assert.ok(new X509Certificate(server.cert).verify(createPublicKey(key)))
})

test('what is listened on is named: loopback, the host given, the machine, all its addresses where all are', () => {
  const machine = {
    hostName: 'Box-1',
    addresses: ['127.0.0.1', '10.1.2.3', '2001:db8:0:0::5', 'fe80::1%eth0', 'fe80::2'],
  }
  const own = ['localhost', 's3.localhost', '*.s3.localhost', 'box-1']
  const of = (host: string, allowHost: readonly string[] = []) => listenedOn({ host, allowHost }, machine)
  assert.deepEqual(of('127.0.0.1'), [...own, '127.0.0.1', '::1'])
  assert.deepEqual(of('0.0.0.0'), [...own, '127.0.0.1', '::1', '10.1.2.3'])
  assert.deepEqual(of('::', ['*.data.example']), [
    ...[...own, '*.data.example', '127.0.0.1', '::1', '10.1.2.3'],
    '2001:db8::5',
  ])
  assert.deepEqual(of('Data.Example'), [...own, 'data.example', '127.0.0.1', '::1'])
})

test('every address has its bytes', () => {
  assert.deepEqual([...addressBytes('10.1.2.255')], [10, 1, 2, 255])
  fc.assert(
    fc.property(fc.ipV6(), (address) => {
      const bytes = addressBytes(address)
      assert.equal(bytes.length, 16)
      const groups = bytes.toString('hex').match(/.{4}/g)!.join(':')
      assert.equal(new URL(`http://[${groups}]`).hostname, new URL(`http://[${address}]`).hostname)
    }),
  )
})
