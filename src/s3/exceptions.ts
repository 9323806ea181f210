import { isEngineError } from '../engine/ports/engine.ts'
import { RETRY_AFTER, ServiceException, withHeaders } from '../service/exception.ts'

export { internalError, malformedXml, notImplementedFeature } from '../service/exception.ts'

/**
 * S3's answers that are not successes.
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
 */
type Fields = Readonly<Record<string, string>>

export const accessDenied = (message = 'Access Denied') => new ServiceException('AccessDenied', message, 403)

export const accessControlListNotSupported = () =>
  new ServiceException('AccessControlListNotSupported', 'The bucket does not allow ACLs')

/** A preflight that no rule allows; `method` is the one it asks for, `resource` what was looked at to refuse it. */
export const corsForbidden = (why: string, method = 'OPTIONS', resource: 'BUCKET' | 'OBJECT' = 'BUCKET') =>
  new ServiceException('AccessForbidden', `CORSResponse: ${why}`, 403, {
    Method: method,
    ResourceType: resource,
  })

/** A link that anybody can write must not say what an object is. */
export const anonymousOverride = () =>
  invalidRequest('Request specific response headers cannot be used for anonymous GET requests.')

export const badRequest = (message: string) => new ServiceException('BadRequest', message)

export const unableToHandle = () =>
  new ServiceException('ServiceUnavailable', 'Service is unable to handle request.', 503)

export const conditionalRequestConflict = (condition: string, key: string) =>
  new ServiceException(
    'ConditionalRequestConflict',
    'The conditional request cannot succeed due to a conflicting operation against this resource.',
    409,
    { Condition: condition, Key: key },
  )

export const bucketAlreadyExists = (bucket: string) =>
  new ServiceException(
    'BucketAlreadyExists',
    'The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again.',
    409,
    { BucketName: bucket },
  )

export const bucketAlreadyOwnedByYou = (bucket: string) =>
  new ServiceException(
    'BucketAlreadyOwnedByYou',
    'Your previous request to create the named bucket succeeded and you already own it.',
    409,
    { BucketName: bucket },
  )

export const bucketNotEmpty = (bucket: string, hasVersions: boolean) =>
  new ServiceException(
    'BucketNotEmpty',
    `The bucket you tried to delete is not empty${hasVersions ? '. You must delete all versions in the bucket.' : ''}`,
    409,
    { BucketName: bucket },
  )

export const entityTooLarge = (proposedBytes: number, maxBytes: number) =>
  new ServiceException('EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size', 400, {
    ProposedSize: String(proposedBytes),
    MaxSizeAllowed: String(maxBytes),
  })

export const entityTooSmall = (fields: Fields) =>
  new ServiceException(
    'EntityTooSmall',
    'Your proposed upload is smaller than the minimum allowed size',
    400,
    fields,
  )

export const illegalLocationConstraint = (region: string) =>
  new ServiceException(
    'IllegalLocationConstraintException',
    `The ${region} location constraint is incompatible for the region specific endpoint this request was sent to.`,
  )

export const incompleteBody = () =>
  new ServiceException(
    'IncompleteBody',
    'You did not provide the number of bytes specified by the Content-Length HTTP header',
  )

export const invalidArgument = (message: string, name: string, value?: string) =>
  new ServiceException('InvalidArgument', message, 400, {
    ArgumentName: name,
    ...(value === undefined ? {} : { ArgumentValue: value }),
  })

/** A query that names several subresources. */
export const conflictingSelectors = (names: readonly string[]) =>
  invalidArgument(`Conflicting query string parameters: ${names.join(', ')}`, 'ResourceType', names[0]!)

/** What only buckets have. */
export const noSubresourceForKey = (name: 'logging' | 'versions') =>
  new ServiceException(
    name === 'logging' ? 'NoLoggingStatusForKey' : 'InvalidRequest',
    `There is no such thing as the ?${name} sub-resource for a key`,
  )

/** In a bucket without versions there are none but `null`; elsewhere no version was ever named like that. */
export const invalidVersionId = (versionId: string, argument = 'versionId') =>
  invalidArgument(
    versionId === '' ? 'Version id cannot be the empty string' : 'Invalid version id specified',
    argument,
    versionId,
  )

export const invalidBucketName = (bucket: string) =>
  new ServiceException('InvalidBucketName', 'The specified bucket is not valid.', 400, { BucketName: bucket })

export const invalidBucketOwner = (account: string) =>
  new ServiceException(
    'InvalidBucketOwnerAWSAccountID',
    `The value of the expected bucket owner parameter must be an AWS Account ID... [${account}]`,
  )

export const invalidLocationConstraint = (location: string) =>
  new ServiceException('InvalidLocationConstraint', 'The specified location-constraint is not valid', 400, {
    LocationConstraint: location,
  })

export const invalidPart = (fields: Fields) =>
  new ServiceException(
    'InvalidPart',
    "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
    400,
    fields,
  )

export const invalidPartNumber = (requested: number, count: number) =>
  new ServiceException('InvalidPartNumber', 'The requested partnumber is not satisfiable', 416, {
    ActualPartCount: String(count),
    PartNumberRequested: String(requested),
  })

export const invalidPartOrder = (uploadId: string) =>
  new ServiceException(
    'InvalidPartOrder',
    'The list of parts was not in ascending order. Parts must be ordered by part number.',
    400,
    { UploadId: uploadId },
  )

export const invalidRange = (range: string, sizeBytes: number) =>
  withHeaders(
    new ServiceException('InvalidRange', 'The requested range is not satisfiable', 416, {
      RangeRequested: range,
      ActualObjectSize: String(sizeBytes),
    }),
    { 'content-range': `bytes */${sizeBytes}` },
  )

export const invalidRequest = (message: string) => new ServiceException('InvalidRequest', message)

export const invalidStorageClass = (storageClass: string) =>
  new ServiceException('InvalidStorageClass', 'The storage class you specified is not valid', 400, {
    StorageClassRequested: storageClass,
  })

export const invalidTag = (message: string, fields: Fields = {}) =>
  new ServiceException('InvalidTag', message, 400, fields)

export const keyTooLong = (sizeBytes: number, maxBytes: number) =>
  new ServiceException('KeyTooLongError', 'Your key is too long', 400, {
    Size: String(sizeBytes),
    MaxSizeAllowed: String(maxBytes),
  })

export const malformedAcl = () =>
  new ServiceException(
    'MalformedACLError',
    'The XML you provided was not well-formed or did not validate against our published schema',
  )

export const malformedPolicy = (message: string) => new ServiceException('MalformedPolicy', message)

/** The bucket lies in another region than the one that the request to `url` was signed for; all are behind one endpoint. */
export const permanentRedirect = (bucket: string, region: string, url?: string) =>
  withHeaders(
    new ServiceException(
      'PermanentRedirect',
      'The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.',
      301,
      { ...(url !== undefined && { Endpoint: new URL(url).host }), Bucket: bucket },
    ),
    { 'x-amz-bucket-region': region },
  )

export const policyTooLarge = () =>
  new ServiceException('PolicyTooLarge', 'Policy exceeds the maximum allowed document size.')

export const malformedTrailer = () =>
  new ServiceException(
    'MalformedTrailerError',
    'The request contained trailing data that was not well-formed or did not conform to our published schema.',
  )

export const metadataTooLarge = (sizeBytes: number, maxBytes: number) =>
  new ServiceException(
    'MetadataTooLarge',
    'Your metadata headers exceed the maximum allowed metadata size',
    400,
    { Size: String(sizeBytes), MaxSizeAllowed: String(maxBytes) },
  )

export const noSuchBucket = (bucket: string) =>
  new ServiceException('NoSuchBucket', 'The specified bucket does not exist', 404, { BucketName: bucket })

export const noSuchKey = (key: string) =>
  new ServiceException('NoSuchKey', 'The specified key does not exist.', 404, { Key: key })

export const versioningStatusMissing = () =>
  new ServiceException('IllegalVersioningConfigurationException', 'The Versioning element must be specified')

export const noSuchUpload = (uploadId: string) =>
  new ServiceException(
    'NoSuchUpload',
    'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
    404,
    { UploadId: uploadId },
  )

/** What AWS says when a bucket has no policy, no CORS rules and so on. */
export const notConfigured = (code: string, message: string, bucket: string) =>
  new ServiceException(code, message, 404, { BucketName: bucket })

export const noSuchBucketPolicy = (bucket: string) =>
  notConfigured('NoSuchBucketPolicy', 'The bucket policy does not exist', bucket)

export const methodNotAllowed = (method: string) =>
  new ServiceException(
    'MethodNotAllowed',
    'The specified method is not allowed against this resource.',
    405,
    { Method: method },
  )

/** `what` is more than the header's name where some of its values are taken. */
export const notImplementedHeader = (header: string, what = header) =>
  new ServiceException(
    'NotImplemented',
    `A header you provided implies functionality that is not implemented: Standpipe does not support ${what}.`,
    501,
    { Header: header },
  )

/** A condition that S3 itself does not know. */
export const notImplementedCondition = (header: string, additionalMessage: string) =>
  new ServiceException(
    'NotImplemented',
    'A header you provided implies functionality that is not implemented',
    501,
    { Header: header, additionalMessage },
  )

/** Ours: AWS has no such quota. The code is Ceph's; a 403 is not tried again. */
export const quotaExceeded = (bucket: string, sentence: string, quotaBytes: number) =>
  new ServiceException('QuotaExceeded', `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`, 403, {
    BucketName: bucket,
    QuotaBytes: String(quotaBytes),
  })

/** 304: no error for the client, which has these bytes already. */
export const notModified = (etag: string, lastModified: number) =>
  withHeaders(new ServiceException('NotModified', 'Not Modified', 304), {
    etag,
    'last-modified': new Date(lastModified).toUTCString(),
  })

export const copySourceTooLarge = (maxBytes: number) =>
  invalidRequest(
    `The specified copy source is larger than the maximum allowable size for a copy source: ${maxBytes}`,
  )

export const preconditionFailed = (condition: string) =>
  new ServiceException(
    'PreconditionFailed',
    'At least one of the pre-conditions you specified did not hold',
    412,
    { Condition: condition },
  )

/** Of an engine's errors: so many changed one thing at once that this one did not get its turn. The SDKs ask again. */
export const toldOf = (error: unknown): ServiceException | undefined =>
  isEngineError(error, 'Contended')
    ? new ServiceException('SlowDown', 'Please reduce your request rate.', 503)
    : undefined

/** More is in flight than the server has memory for. https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
export const throttled = () =>
  withHeaders(new ServiceException('SlowDown', 'Please reduce your request rate.', 503), RETRY_AFTER)
