import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkPresigned } from '../../../src/auth/signatures/presigned-link.ts'
import { ServiceException } from '../../../src/service/exception.ts'

const SIGNED_AT = Date.UTC(2026, 0, 2, 3, 4, 5)
const version4 = (changes: Record<string, string | undefined> = {}) => {
  const members = {
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': 'AKID/20260102/us-east-1/s3/aws4_request',
    'X-Amz-Date': '20260102T030405Z',
    'X-Amz-Expires': '60',
    'X-Amz-SignedHeaders': 'host',
    'X-Amz-Signature': '00',
    ...changes,
  }
  return new URLSearchParams(
    Object.entries(members).filter((entry): entry is [string, string] => entry[1] !== undefined),
  )
}
const refusalOf = (query: URLSearchParams, now: number): ServiceException | undefined => {
  try {
    checkPresigned(query, now)
    return undefined
  } catch (failure) {
    assert.ok(failure instanceof ServiceException)
    return failure
  }
}

test('a link of version 4 serves until it expires, and not a moment longer', () => {
  assert.equal(refusalOf(version4(), SIGNED_AT + 60_000), undefined)
  const refusal = refusalOf(version4(), SIGNED_AT + 60_001)
  assert.deepEqual(
    [refusal?.code, refusal?.status, refusal?.message],
    ['AccessDenied', 403, 'Request has expired'],
  )
  assert.deepEqual(refusal?.fields, {
    'X-Amz-Expires': '60',
    Expires: '2026-01-02T03:05:05Z',
    ServerTime: '2026-01-02T03:05:05Z',
  })
})

test('a link of version 2 says when it expires', () => {
  const query = new URLSearchParams({ AWSAccessKeyId: 'A', Signature: 's', Expires: '1000' })
  assert.equal(refusalOf(query, 1_000_000), undefined)
  assert.equal(refusalOf(query, 1_000_001)?.message, 'Request has expired')
  query.set('Expires', 'soon')
  assert.equal(refusalOf(query, 0)?.code, 'AccessDenied')
  query.delete('Expires')
  assert.equal(refusalOf(query, 0)?.status, 403)
})

test('what is missing from a link or wrong in it is named', () => {
  for (const [changes, message] of [
    [{ 'X-Amz-Expires': '604801' }, /less than a week/],
    [{ 'X-Amz-Expires': '-1' }, /non-negative/],
    [{ 'X-Amz-Expires': 'x' }, /a number/],
    [{ 'X-Amz-Date': 'today' }, /X-Amz-Date/],
    [
      { 'X-Amz-Credential': 'AKID%2F20260102%2Fus-east-1%2Fs3%2Faws4_request' },
      /the Credential is mal-formed/,
    ],
    [{ 'X-Amz-Credential': 'AKID/20260102//s3/aws4_request' }, /expecting "<YOUR-AKID>\/YYYYMMDD\//],
    [{ 'X-Amz-Signature': undefined }, /requires the X-Amz-Algorithm/],
  ] as const) {
    const refusal = refusalOf(version4(changes), SIGNED_AT)
    assert.equal(refusal?.code, 'AuthorizationQueryParametersError')
    assert.match(refusal?.message ?? '', message)
  }
})

test('a request that is signed in a header, or not at all, has no time to expire', () => {
  assert.equal(refusalOf(new URLSearchParams('list-type=2'), SIGNED_AT), undefined)
})
