import assert from 'node:assert/strict'
import { test } from 'node:test'
import { allowing, iamLab } from './iam-lab.ts'

test('ListUserPolicies names the inline policies', async (t) => {
  const { iam } = await iamLab(t)
  for (const PolicyName of ['b', 'a'])
    await iam.putUserPolicy({ UserName: 'ada', PolicyName, PolicyDocument: allowing() })
  const first = await iam.listUserPolicies({ UserName: 'ada', MaxItems: 1 })
  const last = await iam.listUserPolicies({ UserName: 'ada', Marker: first.Marker })
  assert.deepEqual([first.PolicyNames, last.PolicyNames], [['a'], ['b']])
})
