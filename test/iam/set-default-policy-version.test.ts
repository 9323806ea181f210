import assert from 'node:assert/strict'
import { test } from 'node:test'
import { allowing, iamLab, policyArn, refused } from './iam-lab.ts'

test('SetDefaultPolicyVersion puts another version in force', async (t) => {
  const { iam } = await iamLab(t)
  const PolicyArn = policyArn('put')
  await iam.createPolicyVersion({ PolicyArn, PolicyDocument: allowing() })
  await iam.setDefaultPolicyVersion({ PolicyArn, VersionId: 'v2' })
  assert.equal((await iam.getPolicy({ PolicyArn })).Policy?.DefaultVersionId, 'v2')
  await refused(
    iam.setDefaultPolicyVersion({ PolicyArn, VersionId: 'v3' }),
    'NoSuchEntity',
    /version v3 does not exist/,
  )
})
