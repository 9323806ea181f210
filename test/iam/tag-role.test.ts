import assert from 'node:assert/strict'
import { test } from 'node:test'
import { iamLab, refused } from './iam-lab.ts'

test('TagRole puts tags, another case of a key being the same key', async (t) => {
  const { iam } = await iamLab(t)
  await iam.tagRole({
    RoleName: 'delivery',
    Tags: [
      { Key: 'a', Value: '1' },
      { Key: 'b', Value: '2' },
    ],
  })
  await iam.tagRole({ RoleName: 'delivery', Tags: [{ Key: 'A', Value: '3' }] })
  const { Role: found } = await iam.getRole({ RoleName: 'delivery' })
  assert.deepEqual(found?.Tags, [
    { Key: 'b', Value: '2' },
    { Key: 'A', Value: '3' },
  ])
})

test('there are fifty tags at most, and none of AWS', async (t) => {
  const { iam } = await iamLab(t)
  const tag = (Key: string) => iam.tagRole({ RoleName: 'delivery', Tags: [{ Key, Value: '' }] })
  const Tags = Array.from({ length: 50 }, (_, index) => ({ Key: `k${index}`, Value: '' }))
  await iam.tagRole({ RoleName: 'delivery', Tags })
  await refused(tag('more'), 'LimitExceeded', 'The number of tags has reached the maximum limit.')
  await refused(tag('aws:x'), 'InvalidInput', /reserved/)
  await tag('k0')
})
