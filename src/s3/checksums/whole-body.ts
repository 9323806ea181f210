import type { Operation, WholeBody } from '../../service/operation.ts'
import type { Announced } from './announced.ts'
import { CHECKSUM_ALGORITHMS, DEFAULT_ALGORITHM } from './checksum.ts'
import { nodeDigest } from './digest.ts'
import { headerOf, memberOf } from './members.ts'
import { verificationOf } from './verification.ts'

/**
 * Verifies an XML body against what its sender said about it. Where the operation takes checksums as members they are
 * about an object and not about this body.
 */
export async function checkBody(
  { input }: Pick<Operation<never>, 'input'>,
  { bytes, headers, trailers }: WholeBody,
): Promise<void> {
  const announced: Announced = {
    ContentMD5: headers.get('content-md5'),
    ContentSHA256: headers.get('x-amz-content-sha256'),
    Trailer: headers.get('x-amz-trailer'),
    ...(memberOf(DEFAULT_ALGORITHM) in input.members ? {} : checksumIn(headers)),
  }
  const { digests, check } = await verificationOf(announced)
  const md5 = nodeDigest('md5')
  for (const digest of [md5, ...digests]) digest.update(bytes)
  check({ sizeBytes: bytes.length, md5: md5.digest() }, trailers)
}

function checksumIn(headers: WholeBody['headers']): Announced {
  const prefix = 'x-amz-checksum-'
  const own = [...headers].filter(([name]) => name.startsWith(prefix))
  return {
    ChecksumAlgorithm: headers.get('x-amz-sdk-checksum-algorithm'),
    ChecksumHeaders: Object.fromEntries(own.map(([name, value]) => [name.slice(prefix.length), value])),
    ...Object.fromEntries(CHECKSUM_ALGORITHMS.map((name) => [memberOf(name), headers.get(headerOf(name))])),
  }
}
