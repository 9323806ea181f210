import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PutBucketWebsiteCommand, type S3ServiceException } from '@aws-sdk/client-s3'
import { fetchSigned } from '../../client-access.ts'
import { serveS3 } from '../serve-s3.ts'

test('what is not supported is called by the header that it came in', async (t) => {
  const { endpoint } = await serveS3(t)
  const cases = [
    ['PUT', '/pond', 'x-amz-bucket-object-lock-enabled', 'true', ''],
    ['PUT', '/lake/key', 'x-amz-server-side-encryption-aws-kms-key-id', 'key', ''],
    ['DELETE', '/lake/key', 'x-amz-if-match-size', '3', ''],
    ['GET', '/lake/key', 'x-amz-server-side-encryption-customer-algorithm', 'AES256', ''],
  ] as const
  for (const [method, path, header, value, more] of cases) {
    const answer = await fetchSigned(endpoint + path, { method, headers: { [header]: value } })
    const body = await answer.text()
    assert.equal(answer.status, 501, body)
    assert.ok(body.includes(`<Header>${header}</Header>`), body)
    assert.ok(body.includes(`does not support ${header}${more}.`), body)
  }
})

test('what would change these is refused by name', async (t) => {
  const { client } = await serveS3(t)
  const website = { Bucket: 'lake', WebsiteConfiguration: { IndexDocument: { Suffix: 'index.html' } } }
  await assert.rejects(
    client().send(new PutBucketWebsiteCommand(website)),
    (error: S3ServiceException) => error.name === 'NotImplemented' && /PutBucketWebsite/.test(error.message),
  )
})

test('whatever a subresource is asked for, the answer says what AWS calls that', async (t) => {
  const { endpoint } = await serveS3(t)
  const cases: [method: string, path: string, name: string][] = [
    ['GET', '/lake?analytics', 'ListBucketAnalyticsConfigurations'],
    ['GET', '/lake?analytics&id=x', 'GetBucketAnalyticsConfiguration'],
    ['GET', '/lake?intelligent-tiering', 'ListBucketIntelligentTieringConfigurations'],
    ['GET', '/lake?session', 'CreateSession'],
    ['GET', '/lake?metadataTable', 'GetBucketMetadataTableConfiguration'],
    ['POST', '/lake?metadataTable', 'CreateBucketMetadataTableConfiguration'],
    ['PUT', '/lake?metadataJournalTable', 'UpdateBucketMetadataJournalTableConfiguration'],
    ['PUT', '/lake?website', 'PutBucketWebsite'],
    ['PUT', '/lake/key?encryption', 'UpdateObjectEncryption'],
    ['PUT', '/lake/key?legal-hold', 'PutObjectLegalHold'],
    ['PUT', '/lake/key?renameObject', 'RenameObject'],
    ['POST', '/lake/key?select&select-type=2', 'SelectObjectContent'],
    ['GET', '/lake/key?torrent', 'GetObjectTorrent'],
  ]
  for (const [method, path, name] of cases) {
    const answer = await fetchSigned(endpoint + path, { method })
    assert.equal(answer.status, 501)
    assert.match(await answer.text(), new RegExp(`does not support ${name}\\.`), `${method} ${path}`)
  }
})
