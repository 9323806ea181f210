import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import type { StepOfOne, Trouble } from '../../delivery/step.ts'
import { free } from '../../service/memory/free.ts'
import { invalidArgument } from '../exceptions.ts'
import type { Processor } from './processor.ts'

/** Far above what CloudWatch Logs sends; bounds what a small record can become. */
const MAX_OUTPUT_BYTES = 32 * 2 ** 20
/** As Kinesis's largest record: what is kept on its way to its object, and in base64 in an error record. */
const MAX_PART_BYTES = 10 * 2 ** 20

/** https://docs.aws.amazon.com/firehose/latest/dev/writing-with-cloudwatch-logs-decompression.html */
export const decompression: Processor<boolean> = {
  type: 'Decompression',
  member: 'decompression',
  unasked: false,
  check(given) {
    if ((given('CompressionFormat') ?? 'GZIP') !== 'GZIP')
      throw invalidArgument('CompressionFormat of the Decompression processor has to be GZIP')
  },
  parameters: () => true,
  run: (): StepOfOne => ({
    takes: 'one',
    async run({ data }) {
      try {
        return { data: [await decompress(data)] }
      } catch (error) {
        return troubleOf((error as Error).message)
      }
    },
  }),
}

/** Behind all that take records apart: what a small record has become may be too much for one. */
export const notTooLarge: StepOfOne = {
  takes: 'one',
  async run({ data }) {
    const isTooLarge = data.length > MAX_PART_BYTES
    return isTooLarge
      ? troubleOf('The record is larger than 10 MiB once it is decompressed')
      : { data: [data] }
  },
}

/** AWS's type for what could not be decompressed. */
const troubleOf = (failure: string): Trouble => ({
  errorOutputType: 'decompression-failed',
  errorCode: 'Decompression.Failed',
  failure,
})

/**
 * Rejects when the data is not whole gzip, or becomes too much. Piece by piece, each given back at once: the garbage
 * collector would come late for what a few small records become.
 */
export async function decompress(data: Uint8Array, mostBytes = MAX_OUTPUT_BYTES): Promise<Uint8Array> {
  const pieces: Buffer[] = []
  let sizeBytes = 0
  try {
    await pipeline(
      [data],
      createGunzip({ chunkSize: CHUNK_BYTES }),
      async (source: AsyncIterable<Buffer>) => {
        for await (const piece of source) {
          sizeBytes += piece.length
          if (sizeBytes > mostBytes) throw new Error(`It becomes more than ${mostBytes} bytes`)
          pieces.push(piece)
        }
      },
    )
    return Buffer.concat(pieces, sizeBytes)
  } finally {
    pieces.forEach(free)
  }
}

const CHUNK_BYTES = 64 * 1024
