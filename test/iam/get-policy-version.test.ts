import assert from 'node:assert/strict'
import { test } from 'node:test'
import { allowing, iamLab, policyArn, refused, S3_READ } from './iam-lab.ts'

test('GetPolicyVersion answers with the document, of AWS policies too', async (t) => {
  const { iam } = await iamLab(t)
  const { PolicyVersion } = await iam.getPolicyVersion({ PolicyArn: policyArn('put'), VersionId: 'v1' })
  assert.equal(decodeURIComponent(PolicyVersion?.Document ?? ''), allowing())
  assert.equal(PolicyVersion?.IsDefaultVersion, true)
  const ofAws = await iam.getPolicyVersion({ PolicyArn: S3_READ, VersionId: 'v3' })
  assert.match(decodeURIComponent(ofAws.PolicyVersion?.Document ?? ''), /"s3:Get\*"/)
  await refused(
    iam.getPolicyVersion({ PolicyArn: policyArn('put'), VersionId: 'v2' }),
    'NoSuchEntity',
    `Policy ${policyArn('put')} version v2 does not exist or is not attachable.`,
  )
})
