import assert from 'node:assert/strict'
import { test } from 'node:test'
import { allowing, iamLab, policyArn, refused, S3_READ } from './iam-lab.ts'

test('AttachRolePolicy attaches a policy once, and counts it', async (t) => {
  const { iam } = await iamLab(t)
  const attach = (PolicyArn: string) => iam.attachRolePolicy({ RoleName: 'delivery', PolicyArn })
  await attach(policyArn('put'))
  await attach(policyArn('put'))
  await attach(S3_READ)
  const { Policy } = await iam.getPolicy({ PolicyArn: policyArn('put') })
  assert.equal(Policy?.AttachmentCount, 1)
  await refused(
    attach(policyArn('none')),
    'NoSuchEntity',
    `Policy ${policyArn('none')} does not exist or is not attachable.`,
  )
  const unknown = 'arn:aws:iam::aws:policy/NoSuchPolicyOfAws'
  await refused(attach(unknown), 'NoSuchEntity', `Policy ${unknown} does not exist or is not attachable.`)
  await refused(attach('this is no arn at all'), 'InvalidInput', 'ARN this is no arn at all is not valid.')
})

test('ten policies can be attached, whoever is first', async (t) => {
  const { iam } = await iamLab(t)
  const names = Array.from({ length: 12 }, (_, index) => `p${index}`)
  for (const PolicyName of names) await iam.createPolicy({ PolicyName, PolicyDocument: allowing() })
  const attached = await Promise.allSettled(
    names.map((one) => iam.attachRolePolicy({ RoleName: 'delivery', PolicyArn: policyArn(one) })),
  )
  assert.equal(attached.filter(({ status }) => status === 'fulfilled').length, 10)
  await refused(
    iam.attachRolePolicy({ RoleName: 'delivery', PolicyArn: S3_READ }),
    'LimitExceeded',
    'Cannot exceed quota for PoliciesPerRole: 10',
  )
  const { AttachedPolicies = [] } = await iam.listAttachedRolePolicies({ RoleName: 'delivery' })
  assert.equal(AttachedPolicies.length, 10)
  const { Policies = [] } = await iam.listPolicies({ Scope: 'Local', OnlyAttached: true })
  assert.equal(Policies.length, 10)
})
