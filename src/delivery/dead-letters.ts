/** What AWS writes of a record that could not be delivered as it should. */
export interface ErrorRecord {
  readonly data: Uint8Array
  readonly errorCode: string
  readonly errorMessage: string
  readonly attempts: number
  /** ms since 1970. */
  readonly arrivalTime: number
  readonly endedAt: number
  readonly source?: RecordSource | undefined
}

/** Where a record is in its stream. */
export interface RecordSource {
  readonly streamARN: string
  readonly shardId: string
  readonly sequenceNumber?: string
}

/** One line below the ErrorOutputPrefix, its members in the order in which AWS writes them. */
export const errorLineOf = ({ data, source, ...error }: ErrorRecord) =>
  Buffer.from(
    `${JSON.stringify({
      rawData: Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64'),
      errorCode: error.errorCode,
      errorMessage: error.errorMessage,
      attemptsMade: error.attempts,
      arrivalTimestamp: error.arrivalTime,
      attemptEndingTimestamp: error.endedAt,
      ...source,
    })}\n`,
  )
