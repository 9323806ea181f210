import assert from 'node:assert/strict'
import { test } from 'node:test'
import { allowing, iamLab, policyArn, S3_READ } from './iam-lab.ts'

test('ListAttachedUserPolicies names them with their ARNs, below a path', async (t) => {
  const { iam } = await iamLab(t)
  await iam.createPolicy({ PolicyName: 'deep', Path: '/below/', PolicyDocument: allowing() })
  for (const PolicyArn of [policyArn('below/deep'), S3_READ])
    await iam.attachUserPolicy({ UserName: 'ada', PolicyArn })
  const { AttachedPolicies } = await iam.listAttachedUserPolicies({ UserName: 'ada' })
  assert.deepEqual(AttachedPolicies, [
    { PolicyName: 'deep', PolicyArn: policyArn('below/deep') },
    { PolicyName: 'AmazonS3ReadOnlyAccess', PolicyArn: S3_READ },
  ])
  const below = await iam.listAttachedUserPolicies({ UserName: 'ada', PathPrefix: '/below/' })
  assert.deepEqual(
    below.AttachedPolicies?.map(({ PolicyName }) => PolicyName),
    ['deep'],
  )
})
