import { untilCommitted } from '../../engine/ports/update.ts'
import { partitionOf } from '../../service/arn.ts'
import {
  asPayload,
  boolean,
  inHeader,
  inUri,
  list,
  named,
  required,
  string,
  structure,
} from '../../service/shape.ts'
import { keysOf, signatureKeysOf } from '../accesses.ts'
import { aclAgainstBlock, aclAgainstOwnership } from '../acl/acl-exceptions.ts'
import { isOwnersOnly, isPublicGrant } from '../acl/acl-grants.ts'
import { hasAcls, type ObjectOwnership, OWNERSHIPS } from '../acl/ownership.ts'
import { type AclInput, requestedGrants } from '../acl/requested-grants.ts'
import { arnOf, type Bucket, bucketDocument, isBucketName, locationOf, REGION } from '../buckets/bucket.ts'
import { bucketKey } from '../documents.ts'
import {
  bucketAlreadyExists,
  bucketAlreadyOwnedByYou,
  illegalLocationConstraint,
  invalidBucketName,
  invalidLocationConstraint,
  invalidRequest,
} from '../exceptions.ts'
import { operation } from '../s3.ts'
import { grantHeaders } from '../shapes.ts'
import { checkedTags, NEW_BUCKET_TAGS, tag } from '../tags.ts'

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html */
export const createBucket = operation({
  name: 'CreateBucket',
  http: { method: 'PUT', path: '/{Bucket}' },
  input: structure({
    Bucket: inUri('Bucket', required(string())),
    CreateBucketConfiguration: asPayload(
      named(
        'CreateBucketConfiguration',
        structure({
          LocationConstraint: string(),
          Location: structure({ Type: string(), Name: string() }),
          Bucket: structure({ DataRedundancy: string(), Type: string() }),
          Tags: list(named('Tag', tag)),
        }),
      ),
    ),
    ...grantHeaders,
    GrantWrite: inHeader('x-amz-grant-write', string()),
    ObjectLockEnabledForBucket: inHeader('x-amz-bucket-object-lock-enabled', boolean()),
    ObjectOwnership: inHeader('x-amz-object-ownership', string()),
    BucketNamespace: inHeader('x-amz-bucket-namespace', string()),
  }),
  output: structure({
    Location: inHeader('Location', string()),
    BucketArn: inHeader('x-amz-bucket-arn', string()),
  }),
  accesses: (_s3, input, caller) => [
    {
      action: 's3:CreateBucket',
      resource: arnOf({ name: input.Bucket, region: caller.region }),
      account: caller.account,
      keys: {
        ...keysOf(input),
        ...signatureKeysOf(caller),
        's3:LocationConstraint': input.CreateBucketConfiguration?.LocationConstraint,
      },
    },
  ],
  async handle(s3, input, caller) {
    const { Bucket: name, CreateBucketConfiguration: configuration } = input
    if (!isBucketName(name)) throw invalidBucketName(name)
    if (configuration?.Location || configuration?.Bucket)
      throw invalidRequest('Standpipe does not support directory buckets.')
    const constraint = configuration?.LocationConstraint
    const ownership = OWNERSHIPS.find((each) => each === input.ObjectOwnership)
    const grants = grantsOfNew(input, caller.account, ownership)
    const bucket: Bucket = {
      name,
      id: s3.newId(),
      account: caller.account,
      region: regionOf(constraint, caller.region),
      ...(constraint === 'EU' && { locationConstraint: constraint }),
      createdAt: s3.nowSecond(),
      ...(ownership && { ownership }),
      ...(grants && { grants }),
      tags: checkedTags(configuration?.Tags ?? [], NEW_BUCKET_TAGS),
    }
    await untilCommitted(async () => {
      const current = (await bucketDocument.get(s3.metadata, bucketKey(name)))?.value
      if (current && current.account !== caller.account) throw bucketAlreadyExists(name)
      if (!current) await s3.metadata.commit([{ put: bucketKey(name), value: bucket, expect: 'absent' }])
      else if (!mayBeMadeAgain(current, bucket)) throw bucketAlreadyOwnedByYou(name)
    })
    return {
      Location: constraint ? `${caller.url.replace(/\/$/, '')}/` : `/${name}`,
      BucketArn: arnOf(bucket),
    }
  },
})

/** A new bucket's list is public to nobody, for its public access is blocked. */
function grantsOfNew(input: AclInput, account: string, ownership: ObjectOwnership | undefined) {
  const grants = requestedGrants(input, account)
  if (!grants || isOwnersOnly(grants, account)) return undefined
  if (!hasAcls({ ownership })) throw aclAgainstOwnership()
  if (grants.some(isPublicGrant)) throw aclAgainstBlock()
  return grants
}

/** In us-east-1 alone, and only if there is nothing to say about its tags: those that it has stay. */
const mayBeMadeAgain = (current: Bucket, bucket: Bucket): boolean =>
  locationOf(current) === '' && locationOf(bucket) === '' && bucket.tags.length === 0

/**
 * Without a constraint the bucket lies where the request was signed for; us-east-1 takes any constraint. `US` is its
 * oldest name, by which s3cmd signs until it is told of another.
 */
function regionOf(constraint: string | undefined, signedFor: string): string {
  const requestRegion = signedFor === 'US' ? 'us-east-1' : signedFor
  const region = constraint === 'EU' ? 'eu-west-1' : constraint || undefined
  if (requestRegion === 'us-east-1') {
    if (region === undefined) return requestRegion
    const isElsewhere = partitionOf(region) !== partitionOf(requestRegion)
    if (!REGION.test(region) || region === requestRegion || isElsewhere)
      throw invalidLocationConstraint(constraint!)
    return region
  }
  if (region !== requestRegion) throw illegalLocationConstraint(constraint || 'unspecified')
  return region
}
