import assert from 'node:assert/strict'
import { test } from 'node:test'
import { signRequest } from '../../src/service/signing/sign-request.ts'
import { sha256Hex } from '../../src/service/signing/signing-key.ts'

// The vector post-vanilla of AWS's test suite for Signature Version 4.
test('a request is signed as AWS signs it', () => {
  const { authorization } = signRequest({
    method: 'POST',
    url: new URL('http://example.amazonaws.com'),
    headers: {},
    bodySha256: sha256Hex(''),
    service: 'service',
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' },
    now: Date.UTC(2015, 7, 30, 12, 36, 0),
  })
  assert.equal(
    authorization,
    'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, ' +
      'Signature=5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b',
  )
})

// The examples of https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
test('a request to S3 is signed as AWS signs it', () => {
  const bodySha256 = sha256Hex('Welcome to Amazon S3.')
  const { authorization } = signRequest({
    method: 'PUT',
    url: new URL('https://examplebucket.s3.amazonaws.com/test%24file.text'),
    headers: {
      date: 'Fri, 24 May 2013 00:00:00 GMT',
      'x-amz-storage-class': 'REDUCED_REDUNDANCY',
      'x-amz-content-sha256': bodySha256,
    },
    bodySha256,
    service: 's3',
    region: 'us-east-1',
    credentials: {
      accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
      secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
    },
    now: Date.UTC(2013, 4, 24),
  })
  assert.match(authorization!, /=98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd$/)
})
