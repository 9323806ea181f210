import type { CrossOriginRequest } from '../../service/operation.ts'
import { bucketKey, type Documents } from '../documents.ts'
import { badRequest, corsForbidden, invalidBucketName } from '../exceptions.ts'
import { bucketDocument, findBucket, isBucketName } from './bucket.ts'
import { corsHeaders, METHODS } from './cors-rules.ts'

/** What a bucket's rules say to one request; refuses a preflight that none of them allows. */
export async function crossOrigin(
  ports: Documents,
  { isPreflight, labels: { Bucket: bucket, Key: key }, ...wish }: CrossOriginRequest,
): Promise<Readonly<Record<string, string>>> {
  if (isPreflight) return preflight(ports, { bucket, key, ...wish })
  if (bucket === undefined) return {}
  const { corsRules = [] } = (await findBucket(ports, bucket)).value
  return corsHeaders(corsRules, wish) ?? {}
}

interface Preflight extends Pick<CrossOriginRequest, 'origin' | 'method' | 'headers'> {
  readonly bucket: string | undefined
  readonly key: string | undefined
}

/** The order is S3's: a method is asked for only where there are rules to hold it against. */
async function preflight(ports: Documents, request: Preflight) {
  const { bucket, key, origin, method } = request
  if (origin === undefined) throw badRequest('Insufficient information. Origin request header needed.')
  const rules = bucket === undefined ? undefined : await rulesOf(ports, bucket, method)
  if (!rules) throw corsForbidden('CORS is not enabled for this bucket.', method)
  if (method === undefined || !METHODS.includes(method))
    throw badRequest(`Invalid Access-Control-Request-Method: ${method ?? 'null'}`)
  const headers = corsHeaders(rules, request)
  if (!headers)
    throw corsForbidden(
      "This CORS request is not allowed. This is usually because the evalution of Origin, request method / Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the resource's CORS spec.",
      method,
      key === undefined ? 'BUCKET' : 'OBJECT',
    )
  return headers
}

/** A bucket that is not there is no NoSuchBucket to a preflight. */
async function rulesOf(ports: Documents, bucket: string, method: string | undefined) {
  if (!isBucketName(bucket)) throw invalidBucketName(bucket)
  const found = await bucketDocument.get(ports.metadata, bucketKey(bucket))
  if (!found) throw corsForbidden('Bucket not found', method)
  return found.value.corsRules
}
