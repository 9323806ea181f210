import { useComputed, useSignal } from '@preact/signals'
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks'
import { setQuery } from '../../../router.ts'
import { bytesText, timeText, utcText } from '../../../texts/quantity.ts'
import type { StreamRecord } from './stream-record.ts'

const ROW_PX = 28
/** Rows that come and go together, so that not every step of scrolling makes rows; one block is ready above and below. */
const BLOCK = 6
/** Characters of a payload that a row can show at most. */
const PREVIEW = 300

interface RecordTableProps {
  readonly records: readonly StreamRecord[]
  readonly view: string
  /** Stays at the end while it is scrolled there. */
  readonly isFollowing: boolean
  /** Stands where no record does. */
  readonly whyEmpty: string
}

/** A table of any length: only the rows in sight are there, between two that keep the room of the others. */
export function RecordTable({ records, view, isFollowing, whyEmpty }: RecordTableProps) {
  const frame = useRef<HTMLElement>(null)
  const top = useSignal(0)
  const height = useSignal(600)
  const isAtEnd = useRef(true)

  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => {
      height.value = entry?.contentRect.height ?? 600
    })
    observer.observe(frame.current!)
    return () => observer.disconnect()
  }, [])
  useLayoutEffect(() => {
    const element = frame.current!
    if (isFollowing && isAtEnd.current) element.scrollTop = element.scrollHeight
  }, [records, isFollowing])

  const block = useComputed(() => Math.floor(top.value / (ROW_PX * BLOCK)))
  const slots = (Math.ceil(height.value / (ROW_PX * BLOCK)) + 3) * BLOCK
  const first = Math.max(0, (block.value - 1) * BLOCK)
  const last = Math.min(records.length, first + slots)
  return (
    <section
      class="records"
      ref={frame}
      aria-label="Records"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it
      tabIndex={0}
      onScroll={(event) => {
        const { scrollTop, scrollHeight, clientHeight } = event.currentTarget
        top.value = scrollTop
        isAtEnd.current = scrollHeight - scrollTop - clientHeight < ROW_PX * 2
      }}
    >
      <table aria-rowcount={records.length + 1}>
        <thead>
          <tr aria-rowindex={1}>
            <th class="col-time">Arrived (UTC)</th>
            <th class="col-shard">Shard</th>
            <th class="col-key">Partition key</th>
            <th class="col-size number">Size</th>
            <th>Data</th>
          </tr>
        </thead>
        <tbody>
          {records.length === 0 && (
            <tr class="empty">
              <td colSpan={5}>{whyEmpty}</td>
            </tr>
          )}
          <Gap rows={first} />
          {records.slice(first, last).map((record, index) => (
            // A row that goes out of sight is the next that comes in: nothing is made anew.
            <Row key={(first + index) % slots} record={record} view={view} rowIndex={first + index + 2} />
          ))}
          <Gap rows={records.length - last} />
        </tbody>
      </table>
    </section>
  )
}

const Gap = ({ rows }: { readonly rows: number }) =>
  rows > 0 ? (
    <tr class="gap">
      <td colSpan={5} style={{ height: `${rows * ROW_PX}px` }} />
    </tr>
  ) : null

interface RowProps {
  readonly record: StreamRecord
  readonly view: string
  readonly rowIndex: number
}

function Row({ record, view, rowIndex }: RowProps) {
  const { id, subSequenceNumber, shardId, partitionKey, arrivedAt, sizeBytes, gzipped } = record
  const open = () => setQuery({ record: id }, 'push')
  return (
    <tr class="record" aria-rowindex={rowIndex} onClick={open}>
      <td title={utcText(arrivedAt)}>
        <button type="button" aria-label={`Open the record of ${timeText(arrivedAt)}`}>
          {timeText(arrivedAt)}
        </button>
      </td>
      <td title={shardId}>{Number(shardId.slice(8))}</td>
      <td title={partitionKey}>{partitionKey}</td>
      <td class="number">{bytesText(sizeBytes)}</td>
      <td>
        {subSequenceNumber !== undefined && (
          <span class="badge" title="The KPL put it together with others: its place among them">
            KPL {subSequenceNumber}
          </span>
        )}{' '}
        {gzipped && <span class="badge">gzip</span>} {previewOf(record, view)}
      </td>
    </tr>
  )
}

function previewOf(record: StreamRecord, view: string): string {
  if (view === 'hex')
    return [...record.bytes().subarray(0, 48)].map((byte) => byte.toString(16).padStart(2, '0')).join(' ')
  const json = view === 'json' ? record.json() : undefined
  const text = json === undefined ? record.text() : JSON.stringify(json)
  return text.slice(0, PREVIEW).replaceAll('\n', '⏎')
}
