import assert from 'node:assert/strict'
import { test } from 'node:test'
import { iamLab, refused } from './iam-lab.ts'

test('GetRole finds it whatever the case of its name, and says what is not there', async (t) => {
  const { iam } = await iamLab(t)
  const { Role: found } = await iam.getRole({ RoleName: 'DELIVERY' })
  assert.equal(found?.RoleName, 'delivery')
  await refused(
    iam.getRole({ RoleName: 'nobody' }),
    'NoSuchEntity',
    'The role with name nobody cannot be found.',
  )
})
