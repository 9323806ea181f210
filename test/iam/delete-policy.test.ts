import { test } from 'node:test'
import { allowing, iamLab, policyArn, refused, S3_READ } from './iam-lab.ts'

test('DeletePolicy wants its other versions deleted before', async (t) => {
  const { iam } = await iamLab(t)
  const PolicyArn = policyArn('put')
  await iam.createPolicyVersion({ PolicyArn, PolicyDocument: allowing() })
  await refused(iam.deletePolicy({ PolicyArn }), 'DeleteConflict', /^This policy has more than one version\./)
  await iam.deletePolicyVersion({ PolicyArn, VersionId: 'v2' })
  await iam.deletePolicy({ PolicyArn })
  await refused(iam.deletePolicy({ PolicyArn }), 'NoSuchEntity', `Policy ${PolicyArn} was not found.`)
  await refused(iam.deletePolicy({ PolicyArn: S3_READ }), 'AccessDenied', /AmazonS3ReadOnlyAccess/)
})
