import assert from 'node:assert/strict'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { serveS3 } from '../serve-s3.ts'

/** The elements within the root, in the order in which they come, those of one name once. */
function elementsOf(xml: string): { readonly top: string; readonly inside: (name: string) => string } {
  const content = xml.replace(/^<\?.*\?>\s*<\w+[^>]*>/, '').replace(/<\/\w+>$/, '')
  const names = (part: string) =>
    [...new Set([...part.matchAll(/<(\w+)>(?:.*?)<\/\1>/gs)].map(([, name]) => name))].join(' ')
  return {
    top: names(content),
    inside: (name) => names(new RegExp(`<${name}>(.*?)</${name}>`, 's').exec(content)?.[1] ?? ''),
  }
}

test('every listing says what it is of before what it lists, in the order of S3', async (t) => {
  const { endpoint, put } = await serveS3(t)
  for (const key of ['a', 'b/1', 'c']) await put(key, 'x')
  const send = async (path: string, init: RequestInit = {}) =>
    text((await fetch(endpoint + path, init)).body!)
  const start = async (key: string) => {
    const body = await send(`/lake/${key}?uploads`, {
      method: 'POST',
      headers: { 'x-amz-checksum-algorithm': 'CRC32', 'x-amz-checksum-type': 'FULL_OBJECT' },
    })
    return /<UploadId>(.+?)</.exec(body)![1]
  }
  const id = await start('a')
  for (const key of ['b/1', 'c']) await start(key)
  await send(`/lake/a?uploadId=${id}&partNumber=1`, { method: 'PUT', body: 'x' })

  const page = 'delimiter=/&encoding-type=url&prefix='
  const object = 'Key LastModified ETag ChecksumAlgorithm ChecksumType Size'
  for (const [path, top, member, inside] of [
    ['/?max-buckets=1000', 'Owner Buckets', 'Bucket', 'Name CreationDate BucketRegion BucketArn'],
    ['/', 'Owner Buckets', 'Bucket', 'Name CreationDate BucketArn'],
    [
      `/lake?${page}&max-keys=2`,
      'Name Prefix Marker NextMarker MaxKeys Delimiter EncodingType IsTruncated Contents CommonPrefixes',
      'Contents',
      `${object} Owner StorageClass`,
    ],
    [
      `/lake?list-type=2&${page}&max-keys=2&start-after=A`,
      'Name Prefix StartAfter NextContinuationToken KeyCount MaxKeys Delimiter EncodingType IsTruncated Contents CommonPrefixes',
      'Contents',
      `${object} StorageClass`,
    ],
    [
      `/lake?versions&${page}`,
      'Name Prefix KeyMarker VersionIdMarker MaxKeys Delimiter EncodingType IsTruncated Version CommonPrefixes',
      'Version',
      `${object.replace('Key', 'Key VersionId IsLatest')} Owner StorageClass`,
    ],
    [
      '/lake?versions&max-keys=1',
      'Name Prefix KeyMarker VersionIdMarker NextKeyMarker NextVersionIdMarker MaxKeys IsTruncated Version',
      'Owner',
      'ID',
    ],
    [
      `/lake?uploads&${page.replace('prefix=', '')}`,
      'Bucket KeyMarker UploadIdMarker NextKeyMarker NextUploadIdMarker Delimiter EncodingType MaxUploads IsTruncated Upload CommonPrefixes',
      'Upload',
      'Key UploadId Initiator Owner StorageClass Initiated ChecksumAlgorithm ChecksumType',
    ],
    [
      `/lake/a?uploadId=${id}`,
      'Bucket Key UploadId Initiator Owner StorageClass PartNumberMarker NextPartNumberMarker MaxParts IsTruncated ChecksumAlgorithm ChecksumType Part',
      'Part',
      'PartNumber LastModified ETag Size ChecksumCRC32',
    ],
  ] as const) {
    const elements = elementsOf(await send(path))
    assert.equal(elements.top, top, path)
    assert.equal(elements.inside(member), inside, path)
  }
})
