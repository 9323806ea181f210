import assert from 'node:assert/strict'
import { test } from 'node:test'
import { IAM } from '@aws-sdk/client-iam'
import { ADMIN, keyFile } from '../access/closed-server.ts'
import { notClosed } from '../client-access.ts'
import { clientOf, startServer } from '../server.ts'
import { ACCOUNT, iamLab, refused } from './iam-lab.ts'

test('GetUser finds it whatever the case of its name, and says what is not there', async (t) => {
  const { iam } = await iamLab(t)
  const { User: found } = await iam.getUser({ UserName: 'ADA' })
  assert.equal(found?.UserName, 'ada')
  await refused(
    iam.getUser({ UserName: 'nobody' }),
    'NoSuchEntity',
    'The user with name nobody cannot be found.',
  )
})

test('without a name it is whoever calls: in open mode the account itself', {
  skip: notClosed('the key that calls is a user'),
}, async (t) => {
  const { iam } = await iamLab(t)
  const { User } = await iam.getUser({})
  assert.equal(User?.Arn, `arn:aws:iam::${ACCOUNT}:root`)
  assert.equal(User?.UserId, ACCOUNT)
})

test('a key of a key file is a user of its name, be it that IAM has another of that name', async (t) => {
  const { clientConfig } = await startServer(t, { auth: keyFile(t) })
  const iam = clientOf(t, new IAM({ ...clientConfig, credentials: { ...ADMIN } }))
  const expected = {
    ...{ UserName: ADMIN.accessKeyId, UserId: ADMIN.accessKeyId, Path: '/', CreateDate: new Date(0) },
    Arn: `arn:aws:iam::${ACCOUNT}:user/${ADMIN.accessKeyId}`,
  }
  assert.deepEqual((await iam.getUser({})).User, expected)
  await iam.createUser({ UserName: ADMIN.accessKeyId })
  assert.deepEqual((await iam.getUser({})).User, expected)
  assert.match((await iam.getUser({ UserName: ADMIN.accessKeyId })).User?.UserId ?? '', /^AIDA/)
})
