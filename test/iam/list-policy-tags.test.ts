import assert from 'node:assert/strict'
import { test } from 'node:test'
import { iamLab, policyArn } from './iam-lab.ts'

test('ListPolicyTags goes page by page', async (t) => {
  const { iam } = await iamLab(t)
  const PolicyArn = policyArn('put')
  await iam.tagPolicy({
    PolicyArn,
    Tags: [
      { Key: 'b', Value: '2' },
      { Key: 'a', Value: '1' },
    ],
  })
  const first = await iam.listPolicyTags({ PolicyArn, MaxItems: 1 })
  const last = await iam.listPolicyTags({ PolicyArn, Marker: first.Marker })
  assert.deepEqual([first.Tags, last.Tags], [[{ Key: 'a', Value: '1' }], [{ Key: 'b', Value: '2' }]])
})
