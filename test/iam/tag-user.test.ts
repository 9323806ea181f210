import assert from 'node:assert/strict'
import { test } from 'node:test'
import { iamLab, refused } from './iam-lab.ts'

test('TagUser puts tags, another case of a key being the same key', async (t) => {
  const { iam } = await iamLab(t)
  await iam.tagUser({
    UserName: 'ada',
    Tags: [
      { Key: 'a', Value: '1' },
      { Key: 'b', Value: '2' },
    ],
  })
  await iam.tagUser({ UserName: 'ada', Tags: [{ Key: 'A', Value: '3' }] })
  const { User: found } = await iam.getUser({ UserName: 'ada' })
  assert.deepEqual(found?.Tags, [
    { Key: 'b', Value: '2' },
    { Key: 'A', Value: '3' },
  ])
})

test('there are fifty tags at most, and none of AWS', async (t) => {
  const { iam } = await iamLab(t)
  const tag = (Key: string) => iam.tagUser({ UserName: 'ada', Tags: [{ Key, Value: '' }] })
  const Tags = Array.from({ length: 50 }, (_, index) => ({ Key: `k${index}`, Value: '' }))
  await iam.tagUser({ UserName: 'ada', Tags })
  await refused(tag('more'), 'LimitExceeded', 'The number of tags has reached the maximum limit.')
  await refused(tag('aws:x'), 'InvalidInput', /reserved/)
  await tag('k0')
})
