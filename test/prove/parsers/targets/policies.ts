import { type Asked, evaluate } from '../../../../src/auth/policies/evaluate.ts'
import { parsePolicy } from '../../../../src/auth/policies/policy.ts'
import { isPublicPolicy } from '../../../../src/auth/policies/public-policy.ts'
import { checkedPolicy } from '../../../../src/s3/buckets/checked-policy.ts'
import { heldFile } from '../../../../src/s3/forms/held.ts'
import { readOrRefused, type Target } from '../target.ts'

const KEYS = new Map([
  ['aws:sourceip', ['10.0.0.1']],
  ['aws:currenttime', ['2026-01-01T00:00:00Z']],
  ['aws:username', ['a']],
  ['s3:prefix', ['a/b', 'c']],
  ['aws:securetransport', ['true']],
])
const ASKED: readonly Asked[] = ['user', 'anonymous'].map((kind) => ({
  principal: {
    kind,
    account: '000000000000',
    arn: 'arn:aws:iam::000000000000:user/a',
    id: 'AIDA',
    name: 'a',
  } as never,
  ...{ action: 's3:getobject', resource: 'arn:aws:s3:::b/a/b', account: '000000000000', keys: KEYS },
}))

const statement = { Effect: 'Allow', Action: 's3:Get*', Resource: `arn:aws:s3:::b/\${aws:username, "x"}/*` }
const withAll = {
  Version: '2012-10-17',
  Id: 'x',
  Statement: [
    {
      Sid: 'a',
      ...statement,
      Principal: {
        AWS: ['000000000000', 'arn:aws:iam::000000000000:user/a'],
        Service: 'firehose.amazonaws.com',
      },
    },
    {
      ...{ Effect: 'Deny', NotAction: ['s3:PutObject'], NotResource: '*', NotPrincipal: '*' },
      Condition: {
        'ForAnyValue:StringLikeIfExists': { 's3:prefix': ['a/*', `\${*}`] },
        IpAddress: { 'aws:SourceIp': '10.0.0.0/8' },
        DateLessThan: { 'aws:CurrentTime': '2026-01-01T00:00:00Z' },
        NumericEquals: { 'aws:MultiFactorAuthAge': '1e3' },
        Bool: { 'aws:SecureTransport': true },
        Null: { 'aws:username': 'false' },
        ArnLike: { 'aws:SourceArn': 'arn:aws:*:*' },
        BinaryEquals: { 'aws:x': 'QQ==' },
      },
    },
  ],
}

export const policies: Target = {
  isSync: true,
  seeds: [
    JSON.stringify(withAll),
    JSON.stringify({ Version: '2012-10-17', Statement: statement }),
    JSON.stringify({
      Statement: {
        Effect: 'Allow',
        Action: 'sts:AssumeRole',
        Principal: { Service: 'firehose.amazonaws.com' },
      },
    }),
  ],
  words: [
    ...[
      '"Principal":',
      '"Condition":{',
      '"NotAction":',
      'ForAllValues:',
      'IfExists',
      `\${aws:`,
      `\${*}`,
      'StringLike',
      'IpAddress',
    ],
    ...[
      'DateGreaterThan',
      'NumericLessThan',
      'ArnEquals',
      'Null',
      'Bool',
      '0.0.0.0/0',
      '::/0',
      '"*"',
      'arn:aws:s3:::',
      '__proto__',
    ],
  ],
  run(bytes) {
    const text = bytes.toString()
    const [identity, resource, trust] = (['identity', 'resource', 'trust'] as const).map((kind) =>
      readOrRefused(() => parsePolicy(text, kind)),
    )
    for (const asked of ASKED)
      evaluate(
        {
          identity: identity ? [identity] : [],
          ...(resource && { resource }),
          ...(trust && { boundary: trust }),
        },
        asked,
      )
    if (resource) isPublicPolicy(resource)
    readOrRefused(() => checkedPolicy(text, 'arn:aws:s3:::b'))
  },
}

const FORM = new Map([
  ['key', 'a/b'],
  ['acl', 'private'],
  ['x-amz-meta-a', 'b'],
])

export const postPolicy: Target = {
  isSync: true,
  seeds: [
    JSON.stringify({
      expiration: '2030-01-01T00:00:00.000Z',
      conditions: [
        { bucket: 'b' },
        ['starts-with', '$key', 'a/'],
        ['content-length-range', 1, '10'],
        ['eq', '$acl', 'private'],
      ],
    }),
  ],
  words: [
    '"expiration":',
    '"conditions":',
    'starts-with',
    'content-length-range',
    '$key',
    '{"toString":0}',
    'eq',
    '2030-01-01T00:00:00Z',
  ],
  run(bytes) {
    const fields = new Map([...FORM, ['policy', bytes.toString('base64')] as const])
    const file = (async function* () {})()
    readOrRefused(() => heldFile({ fields, bucket: 'b', file, now: Date.UTC(2026, 0, 1) }))
  },
}
