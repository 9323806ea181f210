import assert from 'node:assert/strict'
import { test } from 'node:test'
import { allowing, iamLab, policyArn, refused, TRUST } from './iam-lab.ts'

test('CreatePolicy answers with the policy and its first version', async (t) => {
  const { iam } = await iamLab(t)
  const { Policy } = await iam.createPolicy({
    PolicyName: 'new',
    Path: '/below/',
    PolicyDocument: allowing(),
    Description: 'for tests',
    Tags: [{ Key: 'a', Value: '1' }],
  })
  assert.equal(Policy?.Arn, policyArn('below/new'))
  assert.match(Policy?.PolicyId ?? '', /^ANPA[A-Z2-7]{17}$/)
  assert.deepEqual(
    [Policy?.DefaultVersionId, Policy?.AttachmentCount, Policy?.IsAttachable, Policy?.Description],
    ['v1', 0, true, 'for tests'],
  )
  assert.deepEqual(Policy?.Tags, [{ Key: 'a', Value: '1' }])
})

test('a name that is taken, a document that is none and one that is too long are refused', async (t) => {
  const { iam } = await iamLab(t)
  const create = (PolicyName: string, PolicyDocument: string) =>
    iam.createPolicy({ PolicyName, PolicyDocument })
  await refused(
    create('PUT', allowing()),
    'EntityAlreadyExists',
    'A policy called PUT already exists. Duplicate names are not allowed.',
  )
  await refused(create('new', 'none'), 'MalformedPolicyDocument', /./)
  await refused(create('new', TRUST), 'MalformedPolicyDocument', /./)
  const long = allowing(`kinesis:${'P'.repeat(6144)}`)
  await refused(create('new', long), 'LimitExceeded', 'Cannot exceed quota for PolicySize: 6144')
})
