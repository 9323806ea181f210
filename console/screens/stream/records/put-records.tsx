import { useSignal } from '@preact/signals'
import { Needs } from '../../../parts/access/needs.tsx'
import { Failure, useAction } from '../../../parts/action.tsx'
import { Snippet } from '../../../parts/snippet.tsx'
import { aws } from '../../../server/api.ts'
import { now } from '../../../server/live.ts'
import { base64OfText } from '../../../texts/payload.ts'
import { putRecordSnippets } from '../../../texts/snippets.ts'
import { testRecords } from '../../../texts/test-records.ts'

interface PutRecordsProps {
  readonly stream: string
  readonly arn: string
  readonly isActive: boolean
  readonly onPut: () => void
}

const TEST_RECORDS = 10

/** Records for whoever has no producer yet. */
export function PutRecords({ stream, arn, isActive, onPut }: PutRecordsProps) {
  const partitionKey = useSignal('sensor-1')
  const data = useSignal('{"event_id": 1, "value": 42}')
  const put = useAction(async (records: readonly { PartitionKey: string; Data: string }[]) => {
    const { FailedRecordCount } = await aws<{ FailedRecordCount: number }>('kinesis', 'PutRecords', {
      StreamName: stream,
      Records: records,
    })
    if (FailedRecordCount > 0)
      throw new Error(`${FailedRecordCount} of ${records.length} records were throttled`)
    onPut()
  })
  const own = () => ({ PartitionKey: partitionKey.value, Data: base64OfText(data.value) })
  return (
    <Needs actions={['kinesis:PutRecords']} to="put records" on={arn}>
      <div class="row">
        <button
          type="button"
          class="primary"
          disabled={!isActive || put.busy.value}
          onClick={() => put.start(testRecords(TEST_RECORDS, 0, now.value, ''))}
        >
          Put {TEST_RECORDS} test records
        </button>
        <details>
          <summary>Put a record of your own</summary>
          <form
            class="columns"
            onSubmit={(event) => {
              event.preventDefault()
              void put.start([own()])
            }}
          >
            <div class="stack">
              <label>
                Partition key
                <input
                  required
                  maxLength={256}
                  value={partitionKey}
                  onInput={(event) => {
                    partitionKey.value = event.currentTarget.value
                  }}
                />
              </label>
              <label>
                Data
                <textarea
                  rows={4}
                  value={data}
                  onInput={(event) => {
                    data.value = event.currentTarget.value
                  }}
                />
              </label>
              <div class="row">
                <button type="submit" disabled={!isActive || put.busy.value}>
                  Put record
                </button>
              </div>
            </div>
            <Snippet
              variants={putRecordSnippets({
                stream,
                partitionKey: partitionKey.value,
                data: base64OfText(data.value),
              })}
            />
          </form>
        </details>
      </div>
      <Failure text={put.failure.value} />
    </Needs>
  )
}
