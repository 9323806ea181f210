import { useSignal } from '@preact/signals'
import type { Overview } from '../../src/api/views.ts'
import { ApiError, aws } from '../api.ts'
import { overview } from '../live.ts'
import { Failure, useAction } from '../parts/action.tsx'
import { Snippet } from '../parts/snippet.tsx'
import { countText } from '../quantity.ts'
import { hrefOf, navigate, place } from '../router.ts'
import {
  createDeliveryStreamInput,
  createDeliveryStreamSnippets,
  type DeliveryStreamChoice,
} from '../snippets.ts'

const AWS_DEFAULTS = { sizeInMBs: 5, intervalInSeconds: 300, compressionFormat: 'UNCOMPRESSED' }
const COMPRESSIONS = ['UNCOMPRESSED', 'GZIP', 'ZIP', 'Snappy', 'HADOOP_SNAPPY']

/** The name, or the first like it that is not taken. */
function freeName(name: string, said: Overview | undefined): string {
  const taken = new Set(said?.deliveryStreams.map((one) => one.name))
  for (let number = 1; ; number++) {
    const free = number === 1 ? name : `${name}-${number}`
    if (!taken.has(free)) return free
  }
}

/** CreateDeliveryStream, with AWS's defaults in sight; the bucket is made where there is none. */
export function CreateDeliveryStreamScreen() {
  const said = overview.value
  // Undefined: nobody has chosen; a stream that is alone is most likely meant.
  const chosenSource = useSignal(place.value.query.get('stream') ?? undefined)
  const alone = said?.totals.streams === 1 ? said.streams[0]?.name : undefined
  const source = chosenSource.value ?? alone ?? ''
  const chosenName = useSignal<string | undefined>(undefined)
  const name = chosenName.value ?? freeName(source ? 'ml-firehose-delivery-stream' : 'StreamToS3', said)
  const bucket = useSignal('ml-ingestion-bucket')
  const prefix = useSignal('')
  const errorOutputPrefix = useSignal('')
  const newline = useSignal(false)
  const hints = useSignal(AWS_DEFAULTS)
  const stream = said?.streams.find((one) => one.name === source)
  const choice: DeliveryStreamChoice = {
    name,
    streamArn: stream?.arn,
    bucket: bucket.value,
    prefix: prefix.value,
    errorOutputPrefix: errorOutputPrefix.value,
    newline: newline.value,
    ...hints.value,
    account: said?.account ?? '000000000000',
    region: said?.region ?? 'us-east-1',
  }
  const mustCreateBucket = !said?.buckets.some((one) => one.name === bucket.value)
  const create = useAction(async () => {
    if (source && !stream) throw new Error(`There is no stream ${source}.`)
    if (mustCreateBucket)
      await aws('s3', 'CreateBucket', { Bucket: bucket.value }).catch((error) => {
        if (!(error instanceof ApiError && error.code === 'BucketAlreadyOwnedByYou')) throw error
      })
    await aws('firehose', 'CreateDeliveryStream', createDeliveryStreamInput(choice))
    navigate(hrefOf(['delivery-streams', name]))
  })
  const hasRecords = (stream?.incoming.records ?? 0) > 0
  return (
    <>
      <h1>New delivery stream</h1>
      <div class="columns">
        <form
          class="panel stack"
          onSubmit={(event) => {
            event.preventDefault()
            void create.start()
          }}
        >
          <label>
            Source
            <select
              value={source}
              onChange={(event) => {
                chosenSource.value = event.currentTarget.value
              }}
            >
              <option value="">Direct PUT: producers put into the delivery stream</option>
              {said?.streams.map((one) => (
                <option key={one.name} value={one.name}>
                  Stream {one.name}
                </option>
              ))}
            </select>
          </label>
          {said && said.streams.length < said.totals.streams && (
            <p class="muted">
              {said.streams.length} of {countText(said.totals.streams, 'stream')} are listed: open this form
              from the page of another.
            </p>
          )}
          {hasRecords && (
            <p class="notice warn">
              It starts at LATEST, as on AWS: the records that are already in {source} are not delivered. Put
              records after it was created.
            </p>
          )}
          <label>
            Delivery stream name
            <input
              required
              pattern="[a-zA-Z0-9_.\-]+"
              maxLength={64}
              value={name}
              onInput={(event) => {
                chosenName.value = event.currentTarget.value
              }}
            />
          </label>
          <label>
            Bucket (created if there is none of this name)
            <input
              required
              list="buckets"
              pattern="[a-z0-9][a-z0-9.\-]+[a-z0-9]"
              minLength={3}
              maxLength={63}
              value={bucket}
              onInput={(event) => {
                bucket.value = event.currentTarget.value
              }}
            />
            <datalist id="buckets">
              {said?.buckets.map((one) => (
                <option key={one.name} value={one.name} />
              ))}
            </datalist>
          </label>
          <label>
            Prefix (AWS adds YYYY/MM/dd/HH/ when it holds no expression)
            <input
              value={prefix}
              placeholder="none"
              onInput={(event) => {
                prefix.value = event.currentTarget.value
              }}
            />
          </label>
          <label>
            Error output prefix (for records that cannot be delivered)
            <input
              value={errorOutputPrefix}
              placeholder="none; e.g. errors/!{firehose:error-output-type}/"
              onInput={(event) => {
                errorOutputPrefix.value = event.currentTarget.value
              }}
            />
          </label>
          <div class="fields">
            <label>
              Buffer size, MiB (1 to 128; AWS's default 5)
              <input
                type="number"
                min={1}
                max={128}
                required
                value={hints.value.sizeInMBs}
                onInput={(event) => {
                  hints.value = { ...hints.value, sizeInMBs: event.currentTarget.valueAsNumber || 5 }
                }}
              />
            </label>
            <label>
              Buffer interval, seconds (0 to 900; AWS's default 300)
              <input
                type="number"
                min={0}
                max={900}
                required
                value={hints.value.intervalInSeconds}
                onInput={(event) => {
                  const { valueAsNumber } = event.currentTarget
                  hints.value = {
                    ...hints.value,
                    intervalInSeconds: Number.isNaN(valueAsNumber) ? 300 : valueAsNumber,
                  }
                }}
              />
            </label>
            <label>
              Compression
              <select
                value={hints.value.compressionFormat}
                onChange={(event) => {
                  hints.value = { ...hints.value, compressionFormat: event.currentTarget.value }
                }}
              >
                {COMPRESSIONS.map((one) => (
                  <option key={one} value={one}>
                    {one === 'UNCOMPRESSED' ? 'None' : one}
                  </option>
                ))}
              </select>
            </label>
          </div>
          <label class="inline">
            <input
              type="checkbox"
              checked={newline.value}
              onChange={(event) => {
                newline.value = event.currentTarget.checked
              }}
            />
            A newline after each record (AppendDelimiterToRecord; AWS's default is none)
          </label>
          <div class="row">
            <button type="submit" class="primary" disabled={create.busy.value}>
              Create delivery stream
            </button>
          </div>
          <Failure text={create.failure.value} />
        </form>
        <div class="stack">
          <p class="muted">The same step for a script:</p>
          <Snippet variants={createDeliveryStreamSnippets(choice, mustCreateBucket)} />
          <p class="muted">
            Firehose writes the records one after another, without newlines between them, unless each record
            ends with one or the delivery stream appends it.
          </p>
        </div>
      </div>
    </>
  )
}
