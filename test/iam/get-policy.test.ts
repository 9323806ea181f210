import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ACCOUNT, iamLab, policyArn, refused, S3_READ } from './iam-lab.ts'

test('GetPolicy tells of a policy of AWS too, and how often it is attached', async (t) => {
  const { iam } = await iamLab(t)
  await iam.attachUserPolicy({ UserName: 'ada', PolicyArn: S3_READ })
  const { Policy } = await iam.getPolicy({ PolicyArn: S3_READ })
  assert.deepEqual(
    [Policy?.PolicyName, Policy?.DefaultVersionId, Policy?.AttachmentCount, Policy?.Arn],
    ['AmazonS3ReadOnlyAccess', 'v3', 1, S3_READ],
  )
  for (const PolicyArn of [policyArn('none'), policyArn('below/put'), 'arn:aws:iam::111111111111:policy/put'])
    await refused(iam.getPolicy({ PolicyArn }), 'NoSuchEntity', `Policy ${PolicyArn} was not found.`)
  const noPolicy = `arn:aws:iam::${ACCOUNT}:user/ada`
  await refused(iam.getPolicy({ PolicyArn: noPolicy }), 'InvalidInput', `ARN ${noPolicy} is not valid.`)
})
