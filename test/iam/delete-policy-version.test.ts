import assert from 'node:assert/strict'
import { test } from 'node:test'
import { allowing, iamLab, policyArn, refused } from './iam-lab.ts'

test('DeletePolicyVersion deletes any version but the default one', async (t) => {
  const { iam } = await iamLab(t)
  const PolicyArn = policyArn('put')
  await iam.createPolicyVersion({ PolicyArn, PolicyDocument: allowing() })
  const gone = (VersionId: string) => iam.deletePolicyVersion({ PolicyArn, VersionId })
  await refused(gone('v1'), 'DeleteConflict', 'Cannot delete the default version of a policy.')
  await gone('v2')
  await refused(gone('v2'), 'NoSuchEntity', /version v2 does not exist/)
  const { Versions = [] } = await iam.listPolicyVersions({ PolicyArn })
  assert.equal(Versions.length, 1)
})
