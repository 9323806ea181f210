export interface ErrorRecord {
  readonly data: Uint8Array
  readonly errorCode: string
  readonly errorMessage: string
  readonly attempts: number
  /** ms since 1970. */
  readonly arrivalTime: number
  readonly endedAt: number
}

/** One line below the ErrorOutputPrefix, its members in the order in which AWS writes them. */
export const errorLineOf = ({ data, errorCode, errorMessage, attempts, arrivalTime, endedAt }: ErrorRecord) =>
  Buffer.from(
    `${JSON.stringify({
      rawData: Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64'),
      errorCode,
      errorMessage,
      attemptsMade: attempts,
      arrivalTimestamp: arrivalTime,
      attemptEndingTimestamp: endedAt,
    })}\n`,
  )
