import assert from 'node:assert/strict'
import { test } from 'node:test'
import { allowing, iamLab } from './iam-lab.ts'

test('ListRolePolicies names the inline policies', async (t) => {
  const { iam } = await iamLab(t)
  for (const PolicyName of ['b', 'a'])
    await iam.putRolePolicy({ RoleName: 'delivery', PolicyName, PolicyDocument: allowing() })
  const first = await iam.listRolePolicies({ RoleName: 'delivery', MaxItems: 1 })
  const last = await iam.listRolePolicies({ RoleName: 'delivery', Marker: first.Marker })
  assert.deepEqual([first.PolicyNames, last.PolicyNames], [['a'], ['b']])
})
