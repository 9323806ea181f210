import assert from 'node:assert/strict'
import { test } from 'node:test'
import { iamLab, refused, TRUST } from './iam-lab.ts'

test('UpdateAssumeRolePolicy puts another trust policy, which is checked', async (t) => {
  const { iam } = await iamLab(t)
  const changed = TRUST.replace('firehose', 'lambda')
  const update = (PolicyDocument: string) =>
    iam.updateAssumeRolePolicy({ RoleName: 'delivery', PolicyDocument })
  await update(changed)
  const { Role } = await iam.getRole({ RoleName: 'delivery' })
  assert.equal(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? ''), changed)
  await refused(update('none'), 'MalformedPolicyDocument', /./)
  await refused(
    update(`${TRUST.slice(0, -1)}, "Id": "${'x'.repeat(2048)}"}`),
    'LimitExceeded',
    'Cannot exceed quota for ACLSizePerRole: 2048',
  )
})
