import assert from 'node:assert/strict'
import { test } from 'node:test'
import { notClosed } from '../client-access.ts'
import { iamLab, refused } from './iam-lab.ts'

test('CreateAccessKey tells a secret once, of the form of AWS; a user has two keys at most', async (t) => {
  const { iam } = await iamLab(t)
  const { AccessKey } = await iam.createAccessKey({ UserName: 'ada' })
  assert.match(AccessKey?.AccessKeyId ?? '', /^AKIA[A-Z2-7]{16}$/)
  assert.match(AccessKey?.SecretAccessKey ?? '', /^[A-Za-z0-9+/]{40}$/)
  assert.equal(AccessKey?.Status, 'Active')
  const more = await Promise.allSettled([1, 2, 3].map(() => iam.createAccessKey({ UserName: 'ada' })))
  assert.equal(more.filter(({ status }) => status === 'fulfilled').length, 1)
  await refused(
    iam.createAccessKey({ UserName: 'ada' }),
    'LimitExceeded',
    'Cannot exceed quota for AccessKeysPerUser: 2',
  )
})

test('CreateAccessKey without a name is for a user who calls, which an account is not', {
  skip: notClosed('the key that calls is a user'),
}, async (t) => {
  const { iam } = await iamLab(t)
  await refused(
    iam.createAccessKey({}),
    'ValidationError',
    'Must specify userName when calling with non-User credentials',
  )
})
