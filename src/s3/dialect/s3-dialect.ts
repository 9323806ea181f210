import type { Dialect, RestAddress } from '../../service/dialect.ts'
import { framingOf } from './aws-chunked.ts'
import { decodeWords, encodeWords } from './encoded-words.ts'
import { checkPresigned, headersOf } from './presigned.ts'
import { isSubresource, refuseUnmatched } from './unmatched.ts'

/** What S3 reads, says and writes in ways that the REST protocol knows nothing of; its control plane shares it. */
export const s3ControlDialect: Dialect = {
  isTelling: isSubresource,
  refuse: refuseUnmatched,
  authenticate: checkPresigned,
  headersOf,
  framingOf,
  encodeWords,
  decodeWords,
}

export const s3Dialect: Dialect = { ...s3ControlDialect, addressOf }

/** The host names by which this machine's S3 is found, and its buckets in them. */
export const S3_HOSTS = ['s3.localhost', '*.s3.localhost']

/**
 * The bucket and the key that a request names, the bucket in the host name or first in the path.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html
 */
function addressOf(host: string, path: string): RestAddress {
  const hosted = bucketOfHost(host)
  const [, bucket = '', key = ''] = hosted !== undefined ? ['', hosted, path.slice(1)] : splitPath(path)
  if (bucket === '') return { path: '/', labels: {} }
  return key === ''
    ? { path: '/{Bucket}', labels: { Bucket: bucket } }
    : { path: '/{Bucket}/{Key+}', labels: { Bucket: bucket, Key: key } }
}

const splitPath = (path: string) => /^\/([^/]*)(?:\/(.*))?$/s.exec(path) ?? []

/**
 * `BUCKET.localhost`, or whatever stands before `.s3.`, `.s3-REGION.` as in AWS's own host names. Everything else
 * (an address, a plain host name) is a server's name. Twelve digits before a host are S3 Control's account.
 */
function bucketOfHost(host: string): string | undefined {
  const name = host.replace(/:\d+$/, '').toLowerCase()
  const found = /^(.+?)\.s3(?:-[a-z0-9-]+)?\..+$/.exec(name) ?? /^(.+)\.localhost$/.exec(name)
  const bucket = found?.[1]
  return bucket === undefined || bucket === 's3' || /^\d{12}$/.test(bucket) ? undefined : bucket
}
