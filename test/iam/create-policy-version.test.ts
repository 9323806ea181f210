import assert from 'node:assert/strict'
import { test } from 'node:test'
import { allowing, iamLab, policyArn, refused, S3_READ } from './iam-lab.ts'

test('a policy has five versions, and the number of one that was deleted is not given again', async (t) => {
  const { iam } = await iamLab(t)
  const PolicyArn = policyArn('put')
  const create = (SetAsDefault = false) =>
    iam.createPolicyVersion({ PolicyArn, PolicyDocument: allowing('kinesis:*'), SetAsDefault })
  const { PolicyVersion } = await create(true)
  assert.deepEqual([PolicyVersion?.VersionId, PolicyVersion?.IsDefaultVersion], ['v2', true])
  for (let made = 2; made < 5; made++) await create()
  await refused(create(), 'LimitExceeded', /^A managed policy can have up to 5 versions\./)
  await iam.deletePolicyVersion({ PolicyArn, VersionId: 'v5' })
  assert.equal((await create()).PolicyVersion?.VersionId, 'v6')
  await refused(
    iam.createPolicyVersion({ PolicyArn, PolicyDocument: 'none' }),
    'MalformedPolicyDocument',
    /./,
  )
  await refused(
    iam.createPolicyVersion({ PolicyArn: S3_READ, PolicyDocument: allowing() }),
    'AccessDenied',
    /iam:CreatePolicyVersion/,
  )
})
