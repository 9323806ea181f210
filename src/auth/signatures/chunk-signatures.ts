import { createHash } from 'node:crypto'
import type { ChunkSignatures } from '../../service/signing/authentication.ts'
import { ALGORITHM, type Sign, sha256Hex } from '../../service/signing/signing-key.ts'
import type { Mismatch } from './refusals.ts'
import { isSame } from './same.ts'

export interface ChunkSigning {
  readonly accessKeyId: string
  readonly sign: Sign
  /** As in `20260102T030405Z`. */
  readonly time: string
  readonly scope: string
  /** The request's own signature: each chunk's covers the one before it. */
  readonly seed: string
  readonly hasTrailer: boolean
  refusal(mismatch: Mismatch): Error
}

const NOTHING = sha256Hex('')

/** https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html and sigv4-streaming-trailers.html */
export function createChunkSignatures(signing: ChunkSigning): ChunkSignatures {
  const { accessKeyId, sign, time, scope, seed, hasTrailer } = signing
  let previous = seed
  let hash = createHash('sha256')
  const check = (stringToSign: string, signature = '') => {
    const computed = sign(stringToSign)
    if (!isSame(computed, signature)) throw signing.refusal({ accessKeyId, stringToSign, signature })
    previous = computed
  }
  return {
    hasTrailer,
    update: (piece) => void hash.update(piece),
    endChunk(signature) {
      const data = hash.digest('hex')
      hash = createHash('sha256')
      check(`${ALGORITHM}-PAYLOAD\n${time}\n${scope}\n${previous}\n${NOTHING}\n${data}`, signature)
    },
    endTrailers(lines, signature) {
      const trailers = sha256Hex(Buffer.from(lines, 'latin1'))
      check(`${ALGORITHM}-TRAILER\n${time}\n${scope}\n${previous}\n${trailers}`, signature)
    },
  }
}
