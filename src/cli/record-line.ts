/** A record as GetRecords answers it in JSON. */
export interface KinesisRecord {
  readonly Data: string
  readonly PartitionKey: string
  readonly SequenceNumber: string
  /** Seconds since 1970. */
  readonly ApproximateArrivalTimestamp: number
}

/** The data as one line of text: line breaks in it are shown as `\n`, bytes that are no text as base64. */
export function recordLine({ Data }: Pick<KinesisRecord, 'Data'>): string {
  const text = textOf(Data)
  if (text === undefined) return `base64:${Data}`
  return text
    .replace(/\r?\n$/, '')
    .replaceAll('\r', '\\r')
    .replaceAll('\n', '\\n')
}

export function recordJson(shardId: string, record: KinesisRecord): string {
  const { Data, PartitionKey, SequenceNumber, ApproximateArrivalTimestamp } = record
  const text = textOf(Data)
  return JSON.stringify({
    shardId,
    sequenceNumber: SequenceNumber,
    partitionKey: PartitionKey,
    arrivedAt: new Date(ApproximateArrivalTimestamp * 1000).toISOString(),
    ...(text === undefined ? { base64: Data } : { data: text }),
  })
}

function textOf(base64: string): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(base64, 'base64'))
  } catch {
    return undefined
  }
}
