import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createForwarding } from '../../../src/wire/guard/forwarded.ts'

test('only a named proxy is believed about where a request comes from', () => {
  const from = createForwarding(['10.0.0.0/8', '::1', '192.0.2.7'])
  const told = (peer: string, xff?: string, proto?: string) => {
    const headers = new Map<string, string>()
    if (xff !== undefined) headers.set('x-forwarded-for', xff)
    if (proto !== undefined) headers.set('x-forwarded-proto', proto)
    const { address, isEncrypted } = from({ address: peer, isEncrypted: false }, headers)
    return `${isEncrypted ? 'https' : 'http'} ${address}`
  }
  assert.equal(told('10.1.2.3'), 'http 10.1.2.3')
  assert.equal(told('10.1.2.3', '203.0.113.9', 'https'), 'https 203.0.113.9')
  assert.equal(told('::ffff:10.1.2.3', '203.0.113.9', 'HTTPS'), 'https 203.0.113.9')
  assert.equal(told('::1', '2001:db8::5', 'http'), 'http 2001:db8::5')
  assert.equal(told('192.0.2.7', '203.0.113.9:5555'), 'http 203.0.113.9')
  assert.equal(told('192.0.2.7', '[2001:db8::5]:80'), 'http 2001:db8::5')
  // What stands before the last stranger that stranger may have made up.
  assert.equal(told('10.0.0.1', '127.0.0.1, 203.0.113.9, 10.0.0.2', 'https'), 'https 203.0.113.9')
  assert.equal(told('10.0.0.1', '1.1.1.1, 203.0.113.9, 10.0.0.2', 'https, https, http'), 'https 203.0.113.9')
  assert.equal(told('10.0.0.1', '10.0.0.3, 10.0.0.2'), 'http 10.0.0.3')
  assert.equal(told('10.0.0.1', 'unknown, <script>'), 'http 10.0.0.1')
  assert.equal(told('10.0.0.1', ''), 'http 10.0.0.1')
  for (const stranger of ['203.0.113.1', '192.0.2.8', '::2', ''])
    assert.equal(told(stranger, '127.0.0.1', 'https'), `http ${stranger}`)
  const nobody = createForwarding([])(
    { address: '10.0.0.1', isEncrypted: true },
    new Map([['x-forwarded-for', '1.1.1.1']]),
  )
  assert.deepEqual(nobody, { address: '10.0.0.1', isEncrypted: true })
})
