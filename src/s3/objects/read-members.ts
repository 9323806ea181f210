import { inHeader, inQuery, integer, string, timestamp } from '../../service/shape.ts'
import { customerKeyHeaders, noEncryptionHeader, objectInput, versionInput } from '../shapes.ts'

/** What GetObject and HeadObject are asked with. `IfRange` is not in AWS's models, but S3 knows it. */
export const readInput = {
  ...objectInput,
  IfMatch: inHeader('If-Match', string()),
  IfModifiedSince: inHeader('If-Modified-Since', timestamp()),
  IfNoneMatch: inHeader('If-None-Match', string()),
  IfUnmodifiedSince: inHeader('If-Unmodified-Since', timestamp()),
  Range: inHeader('Range', string()),
  IfRange: inHeader('If-Range', string()),
  ResponseCacheControl: inQuery('response-cache-control', string()),
  ResponseContentDisposition: inQuery('response-content-disposition', string()),
  ResponseContentEncoding: inQuery('response-content-encoding', string()),
  ResponseContentLanguage: inQuery('response-content-language', string()),
  ResponseContentType: inQuery('response-content-type', string()),
  ResponseExpires: inQuery('response-expires', string()),
  ...versionInput,
  ...customerKeyHeaders,
  ...noEncryptionHeader,
  PartNumber: inQuery('partNumber', integer()),
  ChecksumMode: inHeader('x-amz-checksum-mode', string()),
}
