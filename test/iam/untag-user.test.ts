import assert from 'node:assert/strict'
import { test } from 'node:test'
import { iamLab, refused } from './iam-lab.ts'

test('UntagUser takes tags away, and those that are not there too', async (t) => {
  const { iam } = await iamLab(t)
  await iam.tagUser({
    UserName: 'ada',
    Tags: [
      { Key: 'a', Value: '1' },
      { Key: 'b', Value: '2' },
    ],
  })
  await iam.untagUser({ UserName: 'ada', TagKeys: ['A', 'none'] })
  const { Tags } = await iam.listUserTags({ UserName: 'ada' })
  assert.deepEqual(Tags, [{ Key: 'b', Value: '2' }])
  await refused(
    iam.untagUser({ UserName: 'nobody', TagKeys: ['a'] }),
    'NoSuchEntity',
    'The user with name nobody cannot be found.',
  )
})
