import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { IAM } from '@aws-sdk/client-iam'
import {
  CreateStreamCommand,
  KinesisClient,
  ListStreamsCommand,
  ListTagsForResourceCommand,
  PutResourcePolicyCommand,
} from '@aws-sdk/client-kinesis'
import { STS } from '@aws-sdk/client-sts'
import { ACCOUNT, startClosed } from '../auth/closed-server.ts'
import { allow, deny, policyOf } from '../auth/users.ts'
import { notClosed } from '../client-access.ts'
import { clientOf, startServer } from '../server.ts'
import { refused } from './iam-lab.ts'

// How somebody might come to do more than policies allow. Each of these worked once.

interface Keys {
  readonly AccessKeyId?: string | undefined
  readonly SecretAccessKey?: string | undefined
  readonly SessionToken?: string | undefined
}

const arnOf = (resource: string) => `arn:aws:iam::${ACCOUNT}:${resource}`
const ADA = arnOf('user/ada')
const ADMIN = 'arn:aws:iam::aws:policy/AdministratorAccess'
const inChina = (arn: string) => arn.replace('arn:aws:', 'arn:aws-cn:')
const trusting = (AWS: string, ...Action: string[]) =>
  policyOf({ Effect: 'Allow', Principal: { AWS }, Action: ['sts:AssumeRole', ...Action] })

/** A closed server with a user `ada`, of whom `may` says what her only policy allows. */
async function closed(t: TestContext, options: object = {}) {
  const { clientConfig } = await startClosed(t, options)
  const clientsOf = ({ AccessKeyId = '', SecretAccessKey = '', SessionToken }: Keys) => {
    const session = SessionToken === undefined ? {} : { sessionToken: SessionToken }
    const credentials = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, ...session }
    const config = { ...clientConfig(), credentials }
    return {
      iam: clientOf(t, new IAM(config)),
      sts: clientOf(t, new STS(config)),
      kinesis: clientOf(t, new KinesisClient(config)),
    }
  }
  const admin = clientOf(t, new IAM(clientConfig()))
  await admin.createUser({ UserName: 'ada' })
  const { AccessKey } = await admin.createAccessKey({ UserName: 'ada' })
  const may = (...statements: object[]) =>
    admin.putUserPolicy({ UserName: 'ada', PolicyName: 'p', PolicyDocument: policyOf(...statements) })
  return { admin, clientConfig, clientsOf, may, ada: clientsOf(AccessKey!) }
}

test('a policy or a role under the name of another partition is not another one, or none', async (t) => {
  const { admin, ada, may } = await closed(t)
  const PolicyArn = arnOf('policy/limit')
  const PolicyDocument = policyOf(allow('kinesis:*'))
  await admin.createPolicy({ PolicyName: 'limit', PolicyDocument })
  await admin.createRole({ RoleName: 'admin', AssumeRolePolicyDocument: trusting(arnOf('root')) })
  await may(
    allow('*'),
    deny('iam:*', PolicyArn),
    deny('iam:Attach*', '*', { Condition: { ArnEquals: { 'iam:PolicyARN': ADMIN } } }),
    deny('sts:AssumeRole', arnOf('role/admin')),
  )
  const version = { PolicyDocument, SetAsDefault: true }
  for (const arn of [PolicyArn, inChina(PolicyArn)]) {
    await assert.rejects(ada.iam.createPolicyVersion({ PolicyArn: arn, ...version }), arn)
    await assert.rejects(ada.iam.deletePolicy({ PolicyArn: arn }), arn)
  }
  for (const arn of [ADMIN, inChina(ADMIN)])
    await refused(
      ada.iam.attachUserPolicy({ UserName: 'ada', PolicyArn: arn }),
      'AccessDenied',
      /explicit deny/,
    )
  for (const RoleArn of [arnOf('role/admin'), inChina(arnOf('role/admin'))])
    await refused(ada.sts.assumeRole({ RoleArn, RoleSessionName: 'me' }), 'AccessDenied', /sts:AssumeRole/)
  assert.equal((await admin.listPolicyVersions({ PolicyArn })).Versions?.length, 1)
})

test('who renames a user needs leave for the new name', async (t) => {
  const { ada, may } = await closed(t)
  await may(allow('iam:UpdateUser', ADA))
  await refused(
    ada.iam.updateUser({ UserName: 'ada', NewUserName: 'root' }),
    'AccessDenied',
    /iam:UpdateUser on resource: \S+:user\/root because/,
  )
  await refused(
    ada.iam.updateUser({ UserName: 'ada', NewPath: '/admins/' }),
    'AccessDenied',
    /:user\/admins\/ada because/,
  )
  await ada.iam.updateUser({ UserName: 'ada', NewPath: '/' })
})

test('what a user is bounded by is told to conditions', async (t) => {
  const { admin, ada, may } = await closed(t)
  const bound = arnOf('policy/bound')
  await admin.createPolicy({ PolicyName: 'bound', PolicyDocument: policyOf(allow('kinesis:*')) })
  await admin.createUser({ UserName: 'bob' })
  await admin.createUser({ UserName: 'eve', PermissionsBoundary: bound })
  await may(
    allow('iam:PutUserPolicy', '*', { Condition: { StringEquals: { 'iam:PermissionsBoundary': bound } } }),
  )
  const policy = { PolicyName: 'p', PolicyDocument: policyOf(allow('*')) }
  await ada.iam.putUserPolicy({ UserName: 'eve', ...policy })
  await refused(ada.iam.putUserPolicy({ UserName: 'bob', ...policy }), 'AccessDenied', /user\/bob/)
})

test("a user's session makes no lasting keys", async (t) => {
  const { ada, clientsOf, may } = await closed(t)
  await may(allow('*'))
  const { iam, kinesis } = clientsOf((await ada.sts.getSessionToken({})).Credentials!)
  await kinesis.send(new ListStreamsCommand({}))
  await refused(
    iam.createAccessKey({ UserName: 'ada' }),
    'InvalidClientTokenId',
    'The security token included in the request is invalid.',
  )
})

test('a session gets tags only from whom the role, and their own policies, let tag', async (t) => {
  const { admin, ada, may } = await closed(t)
  await may(allow('sts:*'))
  await admin.createRole({ RoleName: 'plain', AssumeRolePolicyDocument: trusting(arnOf('root')) })
  await admin.createRole({
    RoleName: 'tagged',
    AssumeRolePolicyDocument: trusting(arnOf('root'), 'sts:TagSession'),
  })
  const assume = (role: string, more: object) =>
    ada.sts.assumeRole({ RoleArn: arnOf(`role/${role}`), RoleSessionName: 'me', ...more })
  const tags = { Tags: [{ Key: 'team', Value: 'admins' }] }
  await assume('plain', {})
  await refused(assume('plain', tags), 'AccessDenied', /to perform: sts:TagSession on/)
  await assume('tagged', tags)
  await may(allow('sts:AssumeRole'))
  await refused(assume('tagged', tags), 'AccessDenied', /to perform: sts:TagSession on/)
})

test('sessions that began before a time can be shut out, and a role is known by its path', async (t) => {
  const { admin, ada, clientsOf } = await closed(t)
  const role = { RoleName: 'etl', Path: '/team/', AssumeRolePolicyDocument: trusting(ADA) }
  await admin.createRole(role)
  const put = (...statements: object[]) =>
    admin.putRolePolicy({ RoleName: 'etl', PolicyName: 'p', PolicyDocument: policyOf(...statements) })
  const assumed = await ada.sts.assumeRole({ RoleArn: arnOf('role/team/etl'), RoleSessionName: 'me' })
  const { kinesis } = clientsOf(assumed.Credentials!)
  const list = () => kinesis.send(new ListStreamsCommand({}))
  const ofTeam = { ArnLike: { 'aws:PrincipalArn': arnOf('role/team/*') } }
  await put(allow('*', '*', { Condition: ofTeam }))
  await list()
  const revoked = { DateLessThan: { 'aws:TokenIssueTime': new Date(Date.now() + 1000).toISOString() } }
  await put(allow('*'), deny('*', '*', { Condition: revoked }))
  await refused(list(), 'AccessDenied', /explicit deny/)
})

test('a session of a role that is gone has nothing left of it, whomever a stream lets in', async (t) => {
  const { admin, ada, clientsOf, clientConfig } = await closed(t)
  const owner = clientOf(t, new KinesisClient(clientConfig()))
  await owner.send(new CreateStreamCommand({ StreamName: 's', ShardCount: 1 }))
  const ResourceARN = `arn:aws:kinesis:us-east-1:${ACCOUNT}:stream/s`
  const role = { RoleName: 'etl', AssumeRolePolicyDocument: trusting(ADA) }
  await admin.createRole(role)
  const Policy = policyOf(
    allow('kinesis:ListTagsForResource', ResourceARN, { Principal: { AWS: arnOf('role/etl') } }),
  )
  await owner.send(new PutResourcePolicyCommand({ ResourceARN, Policy }))
  const assumed = await ada.sts.assumeRole({ RoleArn: arnOf('role/etl'), RoleSessionName: 'me' })
  const { kinesis } = clientsOf(assumed.Credentials!)
  const read = () => kinesis.send(new ListTagsForResourceCommand({ ResourceARN }))
  await read()
  await admin.deleteRole({ RoleName: 'etl' })
  await refused(read(), 'AccessDenied', /explicit deny/)
  await admin.createRole(role)
  await refused(read(), 'AccessDenied', /explicit deny/)
})

test('temporary keys that anybody took in open mode are none when the server is closed', {
  skip: notClosed('nobody takes keys'),
}, async (t) => {
  const data = mkdtempSync(join(tmpdir(), 'standpipe-'))
  t.after(() => rmSync(data, { recursive: true }))
  const folder = { data, ephemeral: false }
  const open = await startServer(t, folder)
  const taken = await new STS(open.clientConfig).getSessionToken({})
  await open.close()
  const { clientsOf } = await closed(t, folder)
  const { sts } = clientsOf(taken.Credentials!)
  await refused(sts.getCallerIdentity({}), 'InvalidClientTokenId', /is invalid/)
})
