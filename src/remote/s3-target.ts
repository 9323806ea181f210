import type { Credentials } from '../service/sign-request.ts'
import { RemoteFailure } from './remote-failure.ts'

/** Another S3: AWS's own, MinIO, Garage, Ceph, or another Standpipe. */
export interface S3Target {
  /** http or https, perhaps with a path that comes before every bucket. */
  readonly endpoint: string
  readonly region: string
  readonly credentials: Credentials
  /** Whether the bucket is in the path or in the host name. */
  readonly addressing: 'path' | 'virtual-host'
}

/**
 * Where an object is. Throws a RemoteFailure when no URL can say its key.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html
 */
export function objectUrl({ endpoint, addressing }: S3Target, bucket: string, key: string): URL {
  const { protocol, host, pathname } = new URL(endpoint)
  const before = pathname.replace(/\/$/, '')
  const [name, root] = addressing === 'path' ? [host, `${before}/${bucket}`] : [`${bucket}.${host}`, before]
  const path = `${root}/${key.split('/').map(encodeSegment).join('/')}`
  const url = new URL(`${protocol}//${name}${path}`)
  if (url.pathname === path) return url
  throw new RemoteFailure({
    code: 'InternalError',
    message: `a key with '.' or '..' between slashes cannot be put to another S3: ${key}`,
    isUncertain: false,
  })
}

/** As Signature Version 4 wants it: everything but letters, digits and `-._~`. */
const encodeSegment = (segment: string): string =>
  encodeURIComponent(segment).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  )
