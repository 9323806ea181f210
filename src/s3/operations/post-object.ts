import {
  asPayload,
  asStatus,
  inHeader,
  integer,
  named,
  required,
  string,
  structure,
} from '../../service/shape.ts'
import { accessesOfPut } from '../accesses.ts'
import { CHECKSUM_ALGORITHMS, type ChecksumAlgorithm, checksumHeaders } from '../checksums/checksum.ts'
import { unsupportedChecksumAlgorithm } from '../checksums/checksum-exceptions.ts'
import { bodyInput } from '../content/receive.ts'
import { putNewObject } from '../objects/put-new.ts'
import { operation } from '../s3.ts'
import { checksumType, encryptionOutput, expirationOutput, newObjectInput, versionOutput } from '../shapes.ts'
import { checkedTags, OBJECT_TAGS, tagSet } from '../tags.ts'

/**
 * PutObject for web pages: the fields of a form say what its headers say, and the file is the object. AWS's SDKs have no
 * such operation, for browsers send it.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectPOST.html
 */
export const postObject = operation({
  name: 'PostObject',
  action: 's3:PutObject',
  http: { method: 'POST', path: '/{Bucket}', isBare: true },
  input: structure({
    ...newObjectInput,
    Key: inHeader('key', required(string())),
    ACL: inHeader('acl', string()),
    Tagging: inHeader('tagging', named('Tagging', structure({ TagSet: tagSet }))),
    Body: bodyInput.Body,
    ContentMD5: bodyInput.ContentMD5,
    ...checksumHeaders,
    ChecksumHeaders: bodyInput.ChecksumHeaders,
    ChecksumAlgorithm: inHeader('x-amz-checksum-algorithm', string()),
    SuccessActionStatus: inHeader('success_action_status', string()),
    SuccessActionRedirect: inHeader('success_action_redirect', string()),
    /** As the field was called first. */
    Redirect: inHeader('redirect', string()),
  }),
  output: structure({
    StatusCode: asStatus(integer()),
    Location: inHeader('Location', string()),
    ...expirationOutput,
    ETag: inHeader('ETag', string()),
    ...checksumHeaders,
    ChecksumType: inHeader('x-amz-checksum-type', checksumType),
    ...versionOutput,
    ...encryptionOutput,
    PostResponse: asPayload(
      structure({ Location: string(), Bucket: string(), Key: string(), ETag: string() }),
    ),
  }),
  accesses: accessesOfPut,
  async handle(s3, input, caller) {
    const { Bucket, Key, Tagging: tagging, ChecksumAlgorithm: algorithm, ...description } = input
    const put = await putNewObject(s3, { ...description, Bucket, Key }, caller, {
      event: 'ObjectCreated:Post',
      conditions: {},
      tags: checkedTags(tagging?.TagSet ?? [], OBJECT_TAGS),
      algorithm: algorithmOf(algorithm),
    })
    const { ETag } = put
    const location = `${caller.url.replace(/\/$/, '')}/${encodeURIComponent(Key)}`
    const redirect = redirectOf(input.SuccessActionRedirect ?? input.Redirect, { Bucket, Key, ETag })
    if (redirect !== undefined) return { ...put, StatusCode: 303, Location: redirect }
    const status = input.SuccessActionStatus
    const answer = { ...put, Location: location, StatusCode: status === '200' ? 200 : 204 }
    if (status !== '201') return answer
    return { ...answer, StatusCode: 201, PostResponse: { Location: location, Bucket, Key, ETag } }
  },
})

function algorithmOf(name: string | undefined): ChecksumAlgorithm | undefined {
  if (name === undefined) return undefined
  const algorithm = CHECKSUM_ALGORITHMS.find((each) => each === name.toUpperCase())
  if (!algorithm) throw unsupportedChecksumAlgorithm()
  return algorithm
}

interface Posted {
  readonly Bucket: string
  readonly Key: string
  readonly ETag: string
}

/** Where the browser goes then; undefined for what is no address of a page, which S3 overlooks. */
function redirectOf(wanted: string | undefined, { Bucket, Key, ETag }: Posted): string | undefined {
  const url = wanted === undefined ? null : URL.parse(wanted)
  if (!url || !/^https?:$/.test(url.protocol)) return undefined
  const told = [`bucket=${Bucket}`, `key=${encodeURIComponent(Key)}`, `etag=${encodeURIComponent(ETag)}`]
  url.search = [...(url.search === '' ? [] : [url.search.slice(1)]), ...told].join('&')
  return url.href
}
