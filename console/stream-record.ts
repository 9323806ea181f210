import type { RecordView } from '../src/api/views.ts'
import { bytesOf, gunzip, isGzip, jsonOf, utf8 } from './payload.ts'

/** A record as the page holds it; text and JSON are made when they are first wanted. */
export interface StreamRecord extends RecordView {
  readonly sizeBytes: number
  readonly gzipped: boolean
  bytes(): Uint8Array<ArrayBuffer>
  /** Decompressed. */
  text(): string
  json(): unknown
}

const GZIP_IN_BASE64 = 'H4sI'

export async function streamRecord(view: RecordView): Promise<StreamRecord> {
  const mayBeGzip = view.data.startsWith(GZIP_IN_BASE64)
  const unpacked = mayBeGzip ? await gunzip(bytesOf(view.data)).catch(() => undefined) : undefined
  const padding = view.data.endsWith('==') ? 2 : view.data.endsWith('=') ? 1 : 0
  let text: string | undefined
  let json: { readonly value: unknown } | undefined
  const record: StreamRecord = {
    ...view,
    sizeBytes: (view.data.length / 4) * 3 - padding,
    gzipped: unpacked !== undefined && isGzip(bytesOf(view.data)),
    bytes: () => bytesOf(view.data),
    text() {
      text ??= utf8(unpacked ?? bytesOf(view.data))
      return text
    },
    json() {
      json ??= { value: jsonOf(record.text()) }
      return json.value
    },
  }
  return record
}
