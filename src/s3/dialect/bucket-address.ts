import { invalidUri } from '../../wire/exceptions.ts'

export interface BucketAddress {
  readonly bucket?: string
  readonly key?: string
}

/**
 * The bucket and the key that a request names, the bucket in the host name or first in the path. The key is what is
 * decoded, never normalised: `..` and `//` are part of it. Throws InvalidURI.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html
 */
export function bucketAddressOf(host: string, path: string): BucketAddress {
  const hosted = bucketOfHost(host)
  const [, bucket = '', key = ''] = hosted !== undefined ? ['', hosted, path.slice(1)] : splitPath(path)
  if (bucket === '') return {}
  return key === '' ? { bucket: decode(bucket) } : { bucket: decode(bucket), key: decode(key) }
}

const splitPath = (path: string) => /^\/([^/]*)(?:\/(.*))?$/s.exec(path) ?? []

function decode(text: string): string {
  if (!text.includes('%')) return text
  try {
    return decodeURIComponent(text)
  } catch {
    throw invalidUri()
  }
}

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
