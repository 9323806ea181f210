import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Credential, type Credentials, OF_NOBODY } from '../../src/auth/credentials.ts'
import { firstOf } from '../../src/auth/first-of.ts'
import { anonymous } from '../../src/service/principal.ts'

const keyOf = (accessKeyId: string): Credential => ({
  ...{ accessKeyId, secretAccessKey: 's', isActive: true },
  principal: { ...anonymous, accessKeyId },
})

/** Knows some keys, at once or not, and says of everybody who it is. */
const origin = (name: string, ids: readonly string[], isSlow: boolean): Credentials => ({
  find(id) {
    const found = ids.includes(id) ? keyOf(id) : undefined
    return isSlow ? Promise.resolve(found) : found
  },
  policiesOf: () => ({ identity: [name] }),
})

test('a key is found wherever it is, at once where all that are asked answer at once', async () => {
  const quick = firstOf(origin('a', ['1'], false), origin('b', ['2'], false))
  assert.deepEqual([quick.find('1'), quick.find('2'), quick.find('3')], [keyOf('1'), keyOf('2'), undefined])
  for (const [one, other] of [
    [true, false],
    [false, true],
    [true, true],
  ] as const) {
    const slow = firstOf(origin('a', ['1'], one), origin('b', ['2'], other))
    const found = await Promise.all(['1', '2', '3'].map((id) => slow.find(id)))
    assert.deepEqual(found, [keyOf('1'), keyOf('2'), undefined])
  }
})

test('only whoever knows a key says what its principal may do', async () => {
  const both = firstOf(origin('a', ['1'], false), origin('b', ['2'], true))
  const said = async (id: string) => (await both.policiesOf(keyOf(id).principal)).identity
  assert.deepEqual([await said('1'), await said('2'), await said('3')], [['a'], ['b'], OF_NOBODY.identity])
})
