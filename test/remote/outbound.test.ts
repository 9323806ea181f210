import assert from 'node:assert/strict'
import type { LookupFunction } from 'node:net'
import { after, test } from 'node:test'
import fc from 'fast-check'
import {
  createOutbound,
  noTargets,
  type OutboundRule,
  parseTargets,
  refusalOf,
} from '../../src/remote/outbound.ts'
import { startReceiver } from './webhook-receiver.ts'

const closed = (allowed?: string): OutboundRule => ({
  isRestricted: true,
  allowed: allowed === undefined ? noTargets : parseTargets(allowed)!,
})
const isRefused = (rule: OutboundRule, address: string) =>
  refusalOf(rule, 'name.example', address) !== undefined

test('a closed server calls public addresses, and none of this host, this link or a private network', () => {
  const refused = [
    ...['127.0.0.1', '127.8.8.8', '0.0.0.0', '10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1'],
    ...['169.254.169.254', '100.64.0.1', '198.18.0.1', '224.0.0.1', '255.255.255.255'],
    ...['::1', '::', 'fe80::1', 'fd00:ec2::254', 'fc00::1', 'ff02::1', 'fec0::1'],
    ...['::ffff:127.0.0.1', '::ffff:a00:1', '::ffff:169.254.169.254', '64:ff9b::7f00:1', '2002:7f00:1::1'],
  ]
  const called = ['1.1.1.1', '172.15.0.1', '172.32.0.1', '100.63.0.1', '2606:4700::1111', '::ffff:1.1.1.1']
  assert.deepEqual(
    refused.filter((address) => !isRefused(closed(), address)),
    [],
  )
  assert.deepEqual(
    called.filter((address) => isRefused(closed(), address)),
    [],
  )
  assert.deepEqual(
    refused.filter((address) => isRefused({ ...closed(), isRestricted: false }, address)),
    [],
  )
})

test('what is allowed is called, and only that', () => {
  fc.assert(
    fc.property(fc.ipV4(), fc.integer({ min: 0, max: 255 }), (address, last) => {
      const inside = address.replace(/\d+$/, String(last))
      assert.equal(isRefused(closed(`${address}/24`), inside), false)
      assert.equal(isRefused(closed(address), address), false)
    }),
  )
  assert.equal(isRefused(closed('10.1.0.0/16, fd00::/8'), '10.2.0.1'), true)
  assert.equal(isRefused(closed('10.1.0.0/16, fd00::/8'), 'fd12::1'), false)
  assert.equal(isRefused(closed('[fd12::1]'), 'fd12::1'), false)
})

test('what names no target is no setting', () => {
  for (const text of [
    '',
    'a b',
    '10.0.0.0/33',
    'fd00::/129',
    'x/8',
    'http://minio',
    'minio:',
    'minio,,other',
  ])
    assert.equal(parseTargets(text), undefined, text)
})

test('an address in a URL is judged however it is spelt, before anything is sent', async (t) => {
  const { origin, requests } = await startReceiver(t, [])
  const port = new URL(origin).port
  const outbound = createOutbound(closed())
  after(() => outbound.close())
  for (const host of [
    '127.0.0.1',
    '0x7f.1',
    '2130706433',
    '0177.0.0.1',
    '[::ffff:127.0.0.1]',
    '[::1]',
    '127.1',
  ])
    await assert.rejects(outbound.fetch(`http://${host}:${port}/`), ({ cause }: Error) => {
      assert.match(String(cause), /is no public address: a closed server calls it only with --allow-target/)
      return true
    })
  assert.equal(requests.length, 0)
  const allowed = createOutbound(closed(`127.0.0.1:${port}`))
  after(() => allowed.close())
  assert.equal((await allowed.fetch(origin)).status, 200)
  await assert.rejects(allowed.fetch(`http://127.0.0.1:${Number(port) + 1}/`), /fetch failed/)
})

test('a name is looked up once, and what it leads to is judged and connected to', async (t) => {
  const { origin, requests } = await startReceiver(t, [307])
  const { port } = new URL(origin)
  let asked = 0
  /** A name server of somebody who hopes that a second question is asked. */
  const lookup: LookupFunction = (_name, options, done) => {
    asked++
    const address = asked === 1 ? '127.0.0.1' : '127.0.0.2'
    if (options.all) done(null, [{ address, family: 4 }])
    else done(null, address, 4)
  }
  const refusing = createOutbound(closed(), lookup)
  after(() => refusing.close())
  await assert.rejects(refusing.fetch(`http://rebound.example:${port}/`), ({ cause }: Error) => {
    assert.match(String(cause), /rebound\.example \(127\.0\.0\.1\) is no public address/)
    return true
  })
  assert.deepEqual([asked, requests.length], [1, 0])

  asked = 0
  const allowing = createOutbound(closed('127.0.0.1/32'), lookup)
  after(() => allowing.close())
  const answer = await allowing.fetch(`http://rebound.example:${port}/path`)
  assert.equal(answer.status, 307, 'a redirect is not followed')
  assert.deepEqual([asked, requests.length], [1, 1])
  assert.equal(requests[0]?.headers.host, `rebound.example:${port}`)
})
