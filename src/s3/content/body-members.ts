import { asPayload, inHeader, inHeaderPrefix, long, map, stream, string } from '../../service/shape.ts'
import { checksumHeaders } from '../checksums/members.ts'
import { checksumAlgorithm } from '../shapes.ts'

/** What PutObject and UploadPart are sent with. The last three are not in AWS's models: they belong to the wire. */
export const bodyInput = {
  Body: asPayload(stream()),
  ContentLength: inHeader('Content-Length', long()),
  ContentMD5: inHeader('Content-MD5', string()),
  ChecksumAlgorithm: inHeader('x-amz-sdk-checksum-algorithm', checksumAlgorithm),
  ...checksumHeaders,
  ChecksumHeaders: inHeaderPrefix('x-amz-checksum-', map(string(), string())),
  Trailer: inHeader('x-amz-trailer', string()),
  ContentSHA256: inHeader('x-amz-content-sha256', string()),
}
