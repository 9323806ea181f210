import assert from 'node:assert/strict'
import { test } from 'node:test'
import { iamLab } from './iam-lab.ts'

test('UpdateRoleDescription answers with the role', async (t) => {
  const { iam } = await iamLab(t)
  const { Role } = await iam.updateRoleDescription({ RoleName: 'delivery', Description: 'new' })
  assert.deepEqual([Role?.RoleName, Role?.Description], ['delivery', 'new'])
})
