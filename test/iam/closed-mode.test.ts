import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { IAM } from '@aws-sdk/client-iam'
import { CreateStreamCommand, KinesisClient, ListStreamsCommand } from '@aws-sdk/client-kinesis'
import { STS } from '@aws-sdk/client-sts'
import { ACCOUNT, startClosed } from '../auth/closed-server.ts'
import { clientOf } from '../server.ts'
import { allowing, refused } from './iam-lab.ts'

interface Keys {
  readonly AccessKeyId?: string | undefined
  readonly SecretAccessKey?: string | undefined
  readonly SessionToken?: string | undefined
}

const trusting = (principal: object, more: object = {}) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: principal, Action: 'sts:AssumeRole', ...more }],
  })

const ADA = `arn:aws:iam::${ACCOUNT}:user/ada`
const arnOf = (role: string) => `arn:aws:iam::${ACCOUNT}:role/${role}`

/** A server that verifies, with a user `ada` and her key. */
async function closed(t: TestContext) {
  const { clientConfig } = await startClosed(t)
  const admin = clientOf(t, new IAM(clientConfig()))
  const clientsOf = ({ AccessKeyId = '', SecretAccessKey = '', SessionToken }: Keys) => {
    const session = SessionToken === undefined ? {} : { sessionToken: SessionToken }
    const credentials = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, ...session }
    const config = { ...clientConfig(), credentials, maxAttempts: 1 }
    const kinesis = clientOf(t, new KinesisClient(config))
    return {
      iam: clientOf(t, new IAM(config)),
      sts: clientOf(t, new STS(config)),
      list: () => kinesis.send(new ListStreamsCommand({})),
      create: () => kinesis.send(new CreateStreamCommand({ StreamName: 's', ShardCount: 1 })),
    }
  }
  await admin.createUser({ UserName: 'ada' })
  const { AccessKey } = await admin.createAccessKey({ UserName: 'ada' })
  const allow = (Action: string) =>
    admin.putUserPolicy({ UserName: 'ada', PolicyName: 'p', PolicyDocument: allowing(Action) })
  return { admin, clientsOf, allow, key: AccessKey!, ada: clientsOf(AccessKey!) }
}

test("a user's key does what the user's policies allow, from the next request on", async (t) => {
  const { admin, ada, allow, key } = await closed(t)
  await refused(
    ada.list(),
    'AccessDenied',
    new RegExp(`^User: ${ADA} is not authorized to perform: kinesis:ListStreams`),
  )
  await allow('kinesis:ListStreams')
  await ada.list()
  await refused(ada.create(), 'AccessDenied', /kinesis:CreateStream/)
  assert.equal((await ada.sts.getCallerIdentity({})).Arn, ADA)
  const status = { UserName: 'ada', AccessKeyId: key.AccessKeyId, Status: 'Inactive' as const }
  await admin.updateAccessKey(status)
  await assert.rejects(ada.list())
  await admin.updateAccessKey({ ...status, Status: 'Active' })
  await ada.list()
  await admin.deleteAccessKey({ UserName: 'ada', AccessKeyId: key.AccessKeyId })
  await assert.rejects(ada.list())
})

test('what IAM itself does is judged by the user, role or policy that is named', async (t) => {
  const { admin, ada } = await closed(t)
  const grant = (Action: string, Resource: string) =>
    admin.putUserPolicy({
      UserName: 'ada',
      PolicyName: 'p',
      PolicyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action, Resource }],
      }),
    })
  await refused(
    ada.iam.getUser({}),
    'AccessDenied',
    new RegExp(`iam:GetUser on resource: ${ADA.replace('user/', 'user/')}`),
  )
  await grant('iam:*', ADA)
  assert.equal((await ada.iam.getUser({})).User?.UserName, 'ada')
  assert.equal((await ada.iam.listAccessKeys({})).AccessKeyMetadata?.length, 1)
  await refused(ada.iam.getUser({ UserName: 'bob' }), 'AccessDenied', /user\/bob/)
  await refused(ada.iam.listUsers({}), 'AccessDenied', /iam:ListUsers/)
  await grant('iam:CreateUser', `arn:aws:iam::${ACCOUNT}:user/team/*`)
  await refused(ada.iam.createUser({ UserName: 'bob' }), 'AccessDenied', /user\/bob/)
  await ada.iam.createUser({ UserName: 'bob', Path: '/team/' })
})

test('a role is assumed by whom it names, and by whom of an account it trusts that may', async (t) => {
  const { admin, clientsOf, ada, allow } = await closed(t)
  const make = (RoleName: string, AssumeRolePolicyDocument: string) =>
    admin.createRole({ RoleName, AssumeRolePolicyDocument })
  const assume = (role: string, more: object = {}) =>
    ada.sts.assumeRole({ RoleArn: arnOf(role), RoleSessionName: 'me', ...more })
  const denied = (role: string, more: object = {}) =>
    refused(
      assume(role, more),
      'AccessDenied',
      `User: ${ADA} is not authorized to perform: sts:AssumeRole on resource: ${arnOf(role)}`,
    )
  await make('named', trusting({ AWS: ADA }))
  await make('account', trusting({ AWS: `arn:aws:iam::${ACCOUNT}:root` }))
  await make('service', trusting({ Service: 'firehose.amazonaws.com' }))
  await make(
    'external',
    trusting({ AWS: ADA }, { Condition: { StringEquals: { 'sts:ExternalId': 'secret' } } }),
  )
  for (const role of ['account', 'service', 'external', 'none']) await denied(role)
  await assume('external', { ExternalId: 'secret' })
  await denied('external', { ExternalId: 'other' })
  await allow('sts:AssumeRole')
  await assume('account')
  await denied('service')
  await denied('none')

  await admin.putRolePolicy({ RoleName: 'named', PolicyName: 'p', PolicyDocument: allowing('kinesis:*') })
  const { Credentials, AssumedRoleUser } = await assume('named')
  const session = clientsOf(Credentials!)
  assert.equal((await session.sts.getCallerIdentity({})).Arn, AssumedRoleUser?.Arn)
  await session.create()
  await refused(session.iam.listUsers({}), 'AccessDenied', /assumed-role\/named\/me/)
  const narrow = clientsOf((await assume('named', { Policy: allowing('kinesis:ListStreams') })).Credentials!)
  await narrow.list()
  await refused(narrow.create(), 'AccessDenied', /session policy/)
  await assert.rejects(clientsOf({ ...Credentials!, SessionToken: 'another' }).list())
  await admin.deleteRolePolicy({ RoleName: 'named', PolicyName: 'p' })
  await refused(session.list(), 'AccessDenied', /kinesis:ListStreams/)
})

test('a session of a user may do what the user may', async (t) => {
  const { ada, clientsOf, allow } = await closed(t)
  const session = clientsOf((await ada.sts.getSessionToken({})).Credentials!)
  await refused(session.list(), 'AccessDenied', /kinesis:ListStreams/)
  await allow('kinesis:ListStreams')
  await session.list()
  assert.equal((await session.sts.getCallerIdentity({})).Arn, ADA)
})
