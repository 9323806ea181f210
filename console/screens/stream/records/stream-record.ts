import type { RecordView } from '../../../../src/api/views.ts'
import { bytesOf, gunzip, jsonOf, utf8 } from '../../../texts/payload.ts'

type Bytes = Uint8Array<ArrayBuffer>

/** A record as the page holds it, 100,000 times: bytes, text and JSON are made whenever they are wanted. */
export class StreamRecord implements RecordView {
  readonly shardId: string
  readonly sequenceNumber: string
  readonly subSequenceNumber?: number
  readonly position: number
  readonly arrivedAt: number
  readonly partitionKey: string
  readonly hashKey: string
  readonly data: string
  /** Absent unless it was compressed. */
  readonly unpacked: Bytes | undefined

  constructor(view: RecordView, unpacked?: Bytes) {
    this.shardId = view.shardId
    this.sequenceNumber = view.sequenceNumber
    if (view.subSequenceNumber !== undefined) this.subSequenceNumber = view.subSequenceNumber
    this.position = view.position
    this.arrivedAt = view.arrivedAt
    this.partitionKey = view.partitionKey
    this.hashKey = view.hashKey
    this.data = view.data
    this.unpacked = unpacked
  }

  /** What the page's address calls it: records of one aggregate share a sequence number. */
  get id(): string {
    const { sequenceNumber, subSequenceNumber } = this
    return subSequenceNumber === undefined ? sequenceNumber : `${sequenceNumber}.${subSequenceNumber}`
  }

  get sizeBytes(): number {
    const padding = this.data.endsWith('==') ? 2 : this.data.endsWith('=') ? 1 : 0
    return (this.data.length / 4) * 3 - padding
  }

  get gzipped(): boolean {
    return this.unpacked !== undefined
  }

  bytes(): Bytes {
    return bytesOf(this.data)
  }

  /** Decompressed. */
  text(): string {
    return utf8(this.unpacked ?? this.bytes())
  }

  json(): unknown {
    return jsonOf(this.text())
  }
}

const GZIP_IN_BASE64 = 'H4sI'

/** Waits only for what has to be decompressed. */
export function streamRecords(views: readonly RecordView[]): StreamRecord[] | Promise<StreamRecord[]> {
  if (!views.some(mayBeGzip)) return views.map((view) => new StreamRecord(view))
  return Promise.all(
    views.map(async (view) => {
      const unpacked = mayBeGzip(view) ? await gunzip(bytesOf(view.data)).catch(() => undefined) : undefined
      return new StreamRecord(view, unpacked)
    }),
  )
}

const mayBeGzip = ({ data }: RecordView): boolean => data.startsWith(GZIP_IN_BASE64)
