import assert from 'node:assert/strict'
import { test } from 'node:test'
import { iamLab, refused } from './iam-lab.ts'

test('UntagRole takes tags away, and those that are not there too', async (t) => {
  const { iam } = await iamLab(t)
  await iam.tagRole({
    RoleName: 'delivery',
    Tags: [
      { Key: 'a', Value: '1' },
      { Key: 'b', Value: '2' },
    ],
  })
  await iam.untagRole({ RoleName: 'delivery', TagKeys: ['A', 'none'] })
  const { Tags } = await iam.listRoleTags({ RoleName: 'delivery' })
  assert.deepEqual(Tags, [{ Key: 'b', Value: '2' }])
  await refused(
    iam.untagRole({ RoleName: 'nobody', TagKeys: ['a'] }),
    'NoSuchEntity',
    'The role with name nobody cannot be found.',
  )
})
