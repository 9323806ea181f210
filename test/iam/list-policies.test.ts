import assert from 'node:assert/strict'
import { test } from 'node:test'
import { iamLab, S3_READ } from './iam-lab.ts'

test('ListPolicies lists those of the account and those of AWS that are known', async (t) => {
  const { iam } = await iamLab(t)
  await iam.attachRolePolicy({ RoleName: 'delivery', PolicyArn: S3_READ })
  const named = async (input: Parameters<typeof iam.listPolicies>[0]) =>
    (await iam.listPolicies(input)).Policies?.map(({ PolicyName }) => PolicyName)
  assert.deepEqual(await named({ Scope: 'Local' }), ['put'])
  assert.deepEqual(await named({ OnlyAttached: true }), ['AmazonS3ReadOnlyAccess'])
  assert.deepEqual(await named({ PolicyUsageFilter: 'PermissionsBoundary' }), [])
  const ofAws = await named({ Scope: 'AWS', PathPrefix: '/service-role/' })
  assert.deepEqual(ofAws, ['AWSLambdaBasicExecutionRole', 'AWSLambdaKinesisExecutionRole'])
  const all = await named({})
  const { Policies = [], Marker } = await iam.listPolicies({ MaxItems: 3 })
  const rest = await iam.listPolicies({ Marker })
  assert.deepEqual(
    [...Policies, ...(rest.Policies ?? [])].map(({ PolicyName }) => PolicyName),
    all,
  )
})
