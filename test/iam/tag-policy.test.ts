import assert from 'node:assert/strict'
import { test } from 'node:test'
import { iamLab, policyArn, refused, S3_READ } from './iam-lab.ts'

test('TagPolicy puts tags on a policy of the account', async (t) => {
  const { iam } = await iamLab(t)
  const PolicyArn = policyArn('put')
  await iam.tagPolicy({ PolicyArn, Tags: [{ Key: 'a', Value: '1' }] })
  assert.deepEqual((await iam.getPolicy({ PolicyArn })).Policy?.Tags, [{ Key: 'a', Value: '1' }])
  await refused(
    iam.tagPolicy({ PolicyArn: S3_READ, Tags: [{ Key: 'a', Value: '1' }] }),
    'AccessDenied',
    /iam:TagPolicy/,
  )
})
