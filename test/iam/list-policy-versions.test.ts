import assert from 'node:assert/strict'
import { test } from 'node:test'
import { allowing, iamLab, policyArn } from './iam-lab.ts'

test('ListPolicyVersions lists the newest first', async (t) => {
  const { iam } = await iamLab(t)
  const PolicyArn = policyArn('put')
  await iam.createPolicyVersion({ PolicyArn, PolicyDocument: allowing() })
  const first = await iam.listPolicyVersions({ PolicyArn, MaxItems: 1 })
  const last = await iam.listPolicyVersions({ PolicyArn, Marker: first.Marker })
  const of = ({ Versions = [] }: typeof first) =>
    Versions.map(({ VersionId, IsDefaultVersion }) => [VersionId, IsDefaultVersion])
  assert.deepEqual([of(first), of(last)], [[['v2', false]], [['v1', true]]])
})
