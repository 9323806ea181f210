import { tagKeysOf } from '../auth/request-keys.ts'
import { isEngineError } from '../engine/ports/engine.ts'
import type { Access, ConditionKeys, Denial } from '../service/access.ts'
import { isAnswer } from '../service/invoke.ts'
import { type Admission, actionOf, type Caller } from '../service/operation.ts'
import type { Principal } from '../service/principal.ts'
import { aclPolicyOf } from './acl/acl-policy.ts'
import { hasAcls } from './acl/ownership.ts'
import { type AclInput, saysAcl } from './acl/requested-grants.ts'
import { arnOf, findBucket } from './buckets/bucket.ts'
import { policyFor } from './buckets/bucket-policy.ts'
import { publicAccessBlockOf } from './buckets/public-access-block.ts'
import { type Documents, objectKey } from './documents.ts'
import { accessDenied } from './exceptions.ts'
import { parseCopySource } from './objects/copy.ts'
import { objectDocument, type StoredObject } from './objects/stored-object.ts'
import { findVersion } from './objects/versions/find-version.ts'
import type { S3 } from './s3.ts'
import { parseTagging, type Tag } from './tags.ts'

/** What a call does to a bucket or, with a key, to an object. */
interface Target {
  /** `s3:GetObject`. */
  readonly action: string
  readonly bucket: string
  readonly key?: string | undefined
  readonly versionId?: string | undefined
  readonly keys?: ConditionKeys
}

/** Who does it, as far as that matters to the bucket. */
export interface Requester {
  readonly principal: Pick<Principal, 'account'>
  readonly signature?: Caller['signature']
}

type Input = Readonly<Record<string, unknown>>

/**
 * Most calls name a bucket or an object and do to it what they are called.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
 */
export async function accessesOf(
  s3: S3,
  { operation, input, caller }: Admission<S3>,
): Promise<readonly Access[]> {
  const { Bucket, Key, VersionId } = input as { Bucket: string; Key?: string; VersionId?: string }
  const target = { bucket: Bucket, key: Key, versionId: VersionId, keys: keysOf(input) }
  const action = actionOf({ signingName: 's3' }, operation)
  return [await accessTo(s3, caller, { action, ...target })]
}

/** Of a new object: where it is, and what needs leave of its own. */
interface PutInput extends AclInput {
  readonly Bucket: string
  readonly Key: string
  /** As a header has it, or a form. */
  readonly Tagging?: unknown
}

/** A new object, whose tags and ACL need leave of their own. */
export async function accessesOfPut(
  s3: Documents,
  input: PutInput,
  caller: Caller,
): Promise<readonly Access[]> {
  const target = { bucket: input.Bucket, key: input.Key, keys: keysOf({ ...input }) }
  const put = await accessTo(s3, caller, { action: 's3:PutObject', ...target })
  const others = [
    ...(input.Tagging ? ['s3:PutObjectTagging'] : []),
    ...(saysAcl(input) ? ['s3:PutObjectAcl'] : []),
  ].map((action) => ({ ...put, action }))
  return [put, ...others]
}

/** Throws NoSuchBucket, or InvalidBucketName. */
export async function accessTo(s3: Documents, caller: Requester, target: Target): Promise<Access> {
  const { bucket: name, key, versionId, keys = {} } = target
  const bucket = (await findBucket(s3, name)).value
  const action = versionId === undefined ? target.action : versioned(target.action)
  const hasTagKeys = key !== undefined && ON_EXISTING.test(action)
  // Lists are off in most buckets: then nothing is looked for.
  const object = hasTagKeys || hasAcls(bucket) ? await objectAt(s3, target) : undefined
  return {
    action,
    resource: key === undefined ? arnOf(bucket) : `${arnOf(bucket)}/${key}`,
    account: bucket.account,
    policy: policyFor(bucket, caller.principal),
    acl: aclPolicyOf({
      ...{ bucket, object },
      isIgnoringPublic: publicAccessBlockOf(bucket)?.IgnorePublicAcls ?? false,
    }),
    keys: {
      ...keys,
      ...signatureKeysOf(caller),
      's3:ResourceAccount': bucket.account,
      ...(hasTagKeys && object && tagKeysOf('s3:ExistingObjectTag', byKey(object.tags))),
    },
  }
}

interface Refusing {
  /** What the operation says of a version that there cannot be. */
  readonly refuse?: Parameters<typeof parseCopySource>[1]
}

/** What a copy does to its source: it is read, and its tags are where they are `copied`. */
export async function accessesToSource(
  ports: Documents,
  { CopySource: header }: { readonly CopySource: string },
  caller: Caller,
  { tags, refuse }: { readonly tags: 'copied' | 'left' } & Refusing,
): Promise<readonly Access[]> {
  const source = parseCopySource(header, refuse)
  const access = await accessTo(ports, caller, { action: 's3:GetObject', ...source })
  const hasTags = tags === 'copied' && Object.keys(access.keys ?? {}).some((key) => TAG_KEY.test(key))
  if (!hasTags) return [access]
  return [access, await accessTo(ports, caller, { action: 's3:GetObjectTagging', ...source })]
}

const TAG_KEY = /^s3:ExistingObjectTag\//

/** AWS has other names for what is done to a version that is named, be it the only one there is. */
const versioned = (action: string): string =>
  /^s3:(Get|Put|Delete)Object(Acl|Tagging|Attributes)?$/.test(action) && action !== 's3:PutObject'
    ? action.replace('Object', 'ObjectVersion')
    : action

/** What may depend on the tags that the object has. */
const ON_EXISTING =
  /^s3:(Get|PutObjectAcl|PutObjectVersionAcl|PutObjectTagging|PutObjectVersionTagging|Delete.*Tagging)/

/** The object, or its version, that is asked for; nothing is known of one that is damaged. */
async function objectAt(
  s3: Documents,
  { bucket, key, versionId }: Target,
): Promise<StoredObject | undefined> {
  if (key === undefined) return undefined
  if (versionId === undefined)
    return (await objectDocument.getUndamaged(s3.metadata, objectKey(bucket, key)))?.value
  const found = await findVersion(s3, bucket, key, versionId).catch(unlessDamaged)
  return found && 'object' in found ? found.object.value : undefined
}

function unlessDamaged(error: unknown): undefined {
  if (!isEngineError(error, 'Damaged')) throw error
}

const AUTH_TYPES = { header: 'REST-HEADER', query: 'REST-QUERY-STRING', form: 'POST' } as const

/** What policies may ask of the signature; only a link may be old, for it says how long it is good. */
export function signatureKeysOf({ signature }: Pick<Requester, 'signature'>): ConditionKeys {
  if (!signature) return {}
  const { place, version, ageMs, payload } = signature
  return {
    's3:authType': AUTH_TYPES[place],
    's3:signatureversion': version,
    's3:x-amz-content-sha256': payload,
    ...(place === 'query' && ageMs !== undefined && { 's3:signatureAge': String(Math.max(0, ageMs)) }),
  }
}

/** Members of inputs that policies may ask for. */
const KEYS: Readonly<Record<string, string>> = {
  Prefix: 's3:prefix',
  Delimiter: 's3:delimiter',
  MaxKeys: 's3:max-keys',
  VersionId: 's3:VersionId',
  ACL: 's3:x-amz-acl',
  GrantFullControl: 's3:x-amz-grant-full-control',
  GrantRead: 's3:x-amz-grant-read',
  GrantReadACP: 's3:x-amz-grant-read-acp',
  GrantWrite: 's3:x-amz-grant-write',
  GrantWriteACP: 's3:x-amz-grant-write-acp',
  StorageClass: 's3:x-amz-storage-class',
  ServerSideEncryption: 's3:x-amz-server-side-encryption',
  SSEKMSKeyId: 's3:x-amz-server-side-encryption-aws-kms-key-id',
  SSECustomerAlgorithm: 's3:x-amz-server-side-encryption-customer-algorithm',
  CopySource: 's3:x-amz-copy-source',
  MetadataDirective: 's3:x-amz-metadata-directive',
  ObjectOwnership: 's3:x-amz-object-ownership',
  IfMatch: 's3:if-match',
  IfNoneMatch: 's3:if-none-match',
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/amazon-s3-policy-keys.html */
export function keysOf(input: Input): ConditionKeys {
  const keys: Record<string, string | readonly string[]> = {}
  for (const [member, key] of Object.entries(KEYS)) {
    const value = input[member]
    if (value !== undefined) keys[key] = String(value)
  }
  const { Tagging: tagging } = input
  return { ...keys, ...requestedTagKeys(tagging) }
}

/** Of tags in a header; and of those in a body, which is a structure. */
function requestedTagKeys(tagging: unknown): ConditionKeys {
  const tags =
    typeof tagging === 'string'
      ? parseTagging(tagging)
      : ((tagging as { TagSet?: readonly Tag[] } | undefined)?.TagSet ?? [])
  if (tags.length === 0) return {}
  return {
    ...tagKeysOf('s3:RequestObjectTag', byKey(tags)),
    's3:RequestObjectTagKeys': tags.map(({ Key }) => Key),
  }
}

const byKey = (tags: readonly Tag[]): Readonly<Record<string, string>> =>
  Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]))

/** Whether a key is there tells S3 only whoever may list the bucket. */
export async function concealed(
  s3: S3,
  { input, caller }: Admission<S3>,
  failure: unknown,
): Promise<unknown> {
  if (!caller.judge || !isAnswer(failure) || failure.code !== 'NoSuchKey') return failure
  const { Bucket, CopySource } = input as { Bucket: string; CopySource?: string }
  const bucket = CopySource === undefined ? Bucket : parseCopySource(CopySource).bucket
  const denial = await caller.judge(await accessTo(s3, caller, { action: 's3:ListBucket', bucket }))
  return denial ? denied(denial) : failure
}

/** S3 tells why only within the bucket's account. */
export const denied = ({ message, isForeign }: Denial) => accessDenied(isForeign ? undefined : message)
