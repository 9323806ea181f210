import assert from 'node:assert/strict'
import { test } from 'node:test'
import { authenticate } from '../../src/wire/authenticate.ts'

const defaults = { account: '000000000000', region: 'us-east-1' }
const read = (authorization: string | undefined, query = '') =>
  authenticate(
    {
      headers: new Map(authorization === undefined ? [] : [['authorization', authorization]]),
      query: new URLSearchParams(query),
    },
    defaults,
  )

test('every form of signature tells the account, and SigV4 the region and the service', () => {
  const signed = { region: 'eu-west-1', signedRegion: 'eu-west-1' }
  const cases: [authorization: string | undefined, query: string, identity: object][] = [
    [undefined, '', { ...defaults }],
    [
      'AWS4-HMAC-SHA256 Credential=111122223333/20260101/eu-west-1/s3/aws4_request,SignedHeaders=:authority;host,Signature=ab',
      '',
      { account: '111122223333', ...signed, service: 's3' },
    ],
    [
      'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260101/eu-west-1/kinesis/aws4_request, SignedHeaders=host, Signature=ab',
      '',
      { account: '000000000000', ...signed, service: 'kinesis' },
    ],
    [
      'AWS4-ECDSA-P256-SHA256 Credential=111122223333/20260101/s3/aws4_request, SignedHeaders=host, Signature=ab',
      '',
      { account: '111122223333', region: 'us-east-1', service: 's3' },
    ],
    ['AWS 111122223333:c2ln', '', { account: '111122223333', region: 'us-east-1' }],
    [
      undefined,
      'X-Amz-Credential=111122223333%2F20260101%2Feu-west-1%2Fs3%2Faws4_request&X-Amz-Signature=ab',
      { account: '111122223333', ...signed, service: 's3' },
    ],
    [
      undefined,
      'AWSAccessKeyId=111122223333&Signature=ab&Expires=1',
      { account: '111122223333', region: 'us-east-1' },
    ],
    ['Bearer something', '', { ...defaults }],
  ]
  for (const [authorization, query, identity] of cases) {
    const { principal, ...rest } = read(authorization, query)
    assert.deepEqual(rest, identity)
    assert.deepEqual(
      [principal.kind, principal.account],
      authorization === undefined && query === '' ? ['anonymous', ''] : ['root', rest.account],
    )
  }
})
