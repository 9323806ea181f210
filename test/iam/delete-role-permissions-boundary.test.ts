import assert from 'node:assert/strict'
import { test } from 'node:test'
import { iamLab, policyArn } from './iam-lab.ts'

test('DeleteRolePermissionsBoundary takes the boundary away', async (t) => {
  const { iam } = await iamLab(t)
  await iam.putRolePermissionsBoundary({ RoleName: 'delivery', PermissionsBoundary: policyArn('put') })
  await iam.deleteRolePermissionsBoundary({ RoleName: 'delivery' })
  const { Role: found } = await iam.getRole({ RoleName: 'delivery' })
  assert.equal(found?.PermissionsBoundary, undefined)
  await iam.deletePolicy({ PolicyArn: policyArn('put') })
})
