import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { accessKeyIdOf, accountOfKey } from '../../src/auth/unique-id.ts'
import { systemRandom } from '../../src/clock/random.ts'
import { serve, signedFor } from '../wire/serve.ts'
import { ask } from './ask-sts.ts'

test('GetAccessKeyInfo tells the account that a key says it is of', async (t) => {
  const { endpoint } = await serve(t)
  const accountOf = async (key: string) =>
    await (await ask(endpoint, `Action=GetAccessKeyInfo&AccessKeyId=${key}`, signedFor('sts'))).text()
  const key = accessKeyIdOf('AKIA', '210987654321', systemRandom)
  assert.match(await accountOf(key), /<Account>210987654321</)
  assert.match(await accountOf('SOMEKEYOFNOBODYS'), /<Account>000000000000</)
  assert.match(await accountOf('short'), /<Code>ValidationError<.*at 'accessKeyId'/)
})

test('every account is in the ids of its keys', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 999_999_999_999 }), (number) => {
      const account = String(number).padStart(12, '0')
      const id = accessKeyIdOf('ASIA', account, systemRandom)
      assert.match(id, /^ASIA[A-Z2-7]{16}$/)
      assert.equal(accountOfKey(id), account)
    }),
  )
  // One of AWS's own, whose account is known.
  assert.equal(accountOfKey('ASIAQNZGKIQY56JQ7WML'), '029608264753')
  assert.equal(accountOfKey('AKIAIOSFODNN7EXAMPLE1'), undefined)
})
