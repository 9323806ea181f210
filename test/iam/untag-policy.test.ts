import assert from 'node:assert/strict'
import { test } from 'node:test'
import { iamLab, policyArn } from './iam-lab.ts'

test('UntagPolicy takes tags away', async (t) => {
  const { iam } = await iamLab(t)
  const PolicyArn = policyArn('put')
  await iam.tagPolicy({
    PolicyArn,
    Tags: [
      { Key: 'a', Value: '1' },
      { Key: 'b', Value: '2' },
    ],
  })
  await iam.untagPolicy({ PolicyArn, TagKeys: ['a'] })
  assert.deepEqual((await iam.listPolicyTags({ PolicyArn })).Tags, [{ Key: 'b', Value: '2' }])
})
