import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { IAM } from '@aws-sdk/client-iam'
import { clientOf, startServer } from '../server.ts'

export const ACCOUNT = '000000000000'

const policyOf = (statement: object) => JSON.stringify({ Version: '2012-10-17', Statement: [statement] })

/** A policy of an identity; as different ones as there are actions. */
export const allowing = (Action = 'kinesis:PutRecord') => policyOf({ Effect: 'Allow', Action, Resource: '*' })

export const TRUST = policyOf({
  Effect: 'Allow',
  Principal: { Service: 'firehose.amazonaws.com' },
  Action: 'sts:AssumeRole',
})

export const policyArn = (name: string) => `arn:aws:iam::${ACCOUNT}:policy/${name}`

export const S3_READ = 'arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess'

/** IAM as the SDK speaks to it, with a user `ada`, a role `delivery` and a policy `put`. */
export async function iamLab(t: TestContext) {
  const standpipe = await startServer(t)
  const iam = clientOf(t, new IAM(standpipe.clientConfig))
  await iam.createUser({ UserName: 'ada' })
  await iam.createRole({ RoleName: 'delivery', AssumeRolePolicyDocument: TRUST })
  await iam.createPolicy({ PolicyName: 'put', PolicyDocument: allowing() })
  return { iam, standpipe }
}

/** Of an answer of the kind of AWS's: its code, and what it says. */
export const refused = (asked: Promise<unknown>, code: string, message: string | RegExp): Promise<void> =>
  assert.rejects(asked, (error: Error & { readonly Code?: string; readonly Error?: { Code?: string } }) => {
    const said = error.Error?.Code ?? error.Code ?? error.name
    assert.equal(said.replace(/Exception$/, ''), code, error.stack)
    if (typeof message === 'string') assert.equal(error.message, message)
    else assert.match(error.message, message)
    return true
  })
