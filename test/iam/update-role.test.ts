import assert from 'node:assert/strict'
import { test } from 'node:test'
import { iamLab, refused } from './iam-lab.ts'

test('UpdateRole changes what is given and leaves the rest', async (t) => {
  const { iam } = await iamLab(t)
  await iam.updateRole({ RoleName: 'delivery', Description: 'new' })
  await iam.updateRole({ RoleName: 'delivery', MaxSessionDuration: 43200 })
  const { Role } = await iam.getRole({ RoleName: 'delivery' })
  assert.deepEqual([Role?.Description, Role?.MaxSessionDuration], ['new', 43200])
  await refused(
    iam.updateRole({ RoleName: 'delivery', MaxSessionDuration: 1 }),
    'ValidationError',
    "1 validation error detected: Value '1' at 'maxSessionDuration' failed to satisfy constraint: Member must have value greater than or equal to 3600",
  )
})
