import { bucketAddressOf } from '../../s3/dialect/bucket-address.ts'
import type { RestBinding, Service } from '../../service/operation.ts'
import { invalidUri } from '../exceptions.ts'

/** Where a request points to: the form of its path, and what stands in the places of the labels. */
export interface RestAddress {
  readonly path?: RestBinding['path']
  /** Decoded. */
  readonly labels: Readonly<Record<string, string>>
}

/** By host and path for S3; by the paths of its own rows for a service that has its own. Throws InvalidURI. */
export function restAddressOf(service: Service, host: string, path: string): RestAddress {
  if (service.recognizedBy) return addressAmong(service, path)
  const { bucket, key } = bucketAddressOf(host, path)
  if (bucket === undefined) return { path: '/', labels: {} }
  return key === undefined
    ? { path: '/{Bucket}', labels: { Bucket: bucket } }
    : { path: '/{Bucket}/{Key+}', labels: { Bucket: bucket, Key: key } }
}

function addressAmong({ operations }: Service, path: string): RestAddress {
  for (const { http } of operations.values()) {
    const found = http && new RegExp(`^${http.path.replace(/\{(\w+)\+\}/, '(?<$1>.+)')}$`, 's').exec(path)
    if (!found) continue
    try {
      const labels = Object.entries(found.groups ?? {})
      return {
        path: http.path,
        labels: Object.fromEntries(labels.map(([name, text]) => [name, decodeURIComponent(text)])),
      }
    } catch {
      throw invalidUri()
    }
  }
  return { labels: {} }
}
