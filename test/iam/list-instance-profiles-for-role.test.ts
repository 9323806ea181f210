import assert from 'node:assert/strict'
import { test } from 'node:test'
import { iamLab, refused } from './iam-lab.ts'

test('ListInstanceProfilesForRole says that a role is in none', async (t) => {
  const { iam } = await iamLab(t)
  const { InstanceProfiles } = await iam.listInstanceProfilesForRole({ RoleName: 'delivery' })
  assert.deepEqual(InstanceProfiles, [])
  await refused(
    iam.listInstanceProfilesForRole({ RoleName: 'nobody' }),
    'NoSuchEntity',
    'The role with name nobody cannot be found.',
  )
})
