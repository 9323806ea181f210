import { useSignal } from '@preact/signals'
import type { Overview } from '../../../src/api/views.ts'
import { Needs } from '../../parts/access/needs.tsx'
import { Failure, useAction } from '../../parts/action.tsx'
import { Snippet } from '../../parts/snippet.tsx'
import { hrefOf, navigate, place } from '../../router.ts'
import { ApiError, aws } from '../../server/api.ts'
import { overview } from '../../server/live.ts'
import { countText } from '../../texts/quantity.ts'
import {
  createDeliveryStreamInput,
  createDeliveryStreamSnippets,
  type DeliveryStreamChoice,
} from '../../texts/snippets.ts'

const AWS_DEFAULTS = { sizeInMBs: 5, intervalInSeconds: 300, compressionFormat: 'UNCOMPRESSED' }
const COMPRESSIONS = ['UNCOMPRESSED', 'GZIP', 'ZIP', 'Snappy', 'HADOOP_SNAPPY']

/** What the form says; what nobody has chosen yet is missing. */
interface Chosen extends Omit<DeliveryStreamChoice, 'name' | 'streamArn' | 'account' | 'region'> {
  /** The name of a stream; empty for Direct PUT. */
  readonly source?: string | undefined
  readonly name?: string
}

interface FieldsProps {
  readonly said: Overview | undefined
  readonly choose: (part: Partial<Chosen>) => void
}

/** CreateDeliveryStream, with AWS's defaults in sight; the bucket is made where there is none. */
export function CreateDeliveryStreamScreen() {
  const said = overview.value
  const chosen = useSignal<Chosen>({
    source: place.value.query.get('stream') ?? undefined,
    bucket: 'ml-ingestion-bucket',
    prefix: '',
    errorOutputPrefix: '',
    newline: false,
    ...AWS_DEFAULTS,
  })
  const choose = (part: Partial<Chosen>) => {
    chosen.value = { ...chosen.value, ...part }
  }
  // A stream that is alone is most likely meant.
  const alone = said?.totals.streams === 1 ? said.streams[0]?.name : undefined
  const source = chosen.value.source ?? alone ?? ''
  const stream = said?.streams.find((one) => one.name === source)
  const choice: DeliveryStreamChoice = {
    ...chosen.value,
    name: chosen.value.name ?? freeName(source ? 'ml-firehose-delivery-stream' : 'StreamToS3', said),
    streamArn: stream?.arn,
    account: said?.account ?? '000000000000',
    region: said?.region ?? 'us-east-1',
  }
  const mustCreateBucket = !said?.buckets.some((one) => one.name === choice.bucket)
  const create = useAction(async () => {
    if (source && !stream) throw new Error(`There is no stream ${source}.`)
    if (mustCreateBucket) await createBucket(choice.bucket)
    await aws('firehose', 'CreateDeliveryStream', createDeliveryStreamInput(choice))
    navigate(hrefOf(['delivery-streams', choice.name]))
  })
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
          <SourceField said={said} choose={choose} source={source} />
          <NameFields said={said} choose={choose} choice={choice} />
          <DeliveryFields choose={choose} choice={choice} />
          <Needs
            actions={['firehose:CreateDeliveryStream', ...(mustCreateBucket ? ['s3:CreateBucket'] : [])]}
            to={`create ${mustCreateBucket ? 'a delivery stream and its bucket' : 'a delivery stream'}`}
          >
            <div class="row">
              <button type="submit" class="primary" disabled={create.busy.value}>
                Create delivery stream
              </button>
            </div>
          </Needs>
          <Failure text={create.failure.value} />
        </form>
        <Script choice={choice} mustCreateBucket={mustCreateBucket} />
      </div>
    </>
  )
}

/** The name, or the first like it that is not taken. */
function freeName(name: string, said: Overview | undefined): string {
  const taken = new Set(said?.deliveryStreams.map((one) => one.name))
  for (let number = 1; ; number++) {
    const free = number === 1 ? name : `${name}-${number}`
    if (!taken.has(free)) return free
  }
}

const createBucket = (name: string): Promise<unknown> =>
  aws('s3', 'CreateBucket', { Bucket: name }).catch((error) => {
    if (!(error instanceof ApiError && error.code === 'BucketAlreadyOwnedByYou')) throw error
  })

function SourceField({ said, choose, source }: FieldsProps & { readonly source: string }) {
  const stream = said?.streams.find((one) => one.name === source)
  const hasRecords = (stream?.incoming.records ?? 0) > 0
  return (
    <>
      <label>
        Source
        <select
          value={source}
          onChange={(event) => {
            choose({ source: event.currentTarget.value })
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
          {said.streams.length} of {countText(said.totals.streams, 'stream')} are listed: open this form from
          the page of another.
        </p>
      )}
      {hasRecords && (
        <p class="notice warn">
          It starts at LATEST, as on AWS: the records that are already in {source} are not delivered. Put
          records after it was created.
        </p>
      )}
    </>
  )
}

interface ChoiceProps {
  readonly choice: DeliveryStreamChoice
}

function NameFields({ said, choose, choice }: FieldsProps & ChoiceProps) {
  return (
    <>
      <label>
        Delivery stream name
        <input
          required
          pattern="[a-zA-Z0-9_.\-]+"
          maxLength={64}
          value={choice.name}
          onInput={(event) => {
            choose({ name: event.currentTarget.value })
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
          value={choice.bucket}
          onInput={(event) => {
            choose({ bucket: event.currentTarget.value })
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
          value={choice.prefix}
          placeholder="none"
          onInput={(event) => {
            choose({ prefix: event.currentTarget.value })
          }}
        />
      </label>
      <label>
        Error output prefix (for records that cannot be delivered)
        <input
          value={choice.errorOutputPrefix}
          placeholder="none; e.g. errors/!{firehose:error-output-type}/"
          onInput={(event) => {
            choose({ errorOutputPrefix: event.currentTarget.value })
          }}
        />
      </label>
    </>
  )
}

/** When an object is made of the records, and how they lie in it. */
function DeliveryFields({ choose, choice }: Pick<FieldsProps, 'choose'> & ChoiceProps) {
  return (
    <>
      <div class="fields">
        <label>
          Buffer size, MiB (1 to 128; AWS's default 5)
          <input
            type="number"
            min={1}
            max={128}
            required
            value={choice.sizeInMBs}
            onInput={(event) => {
              choose({ sizeInMBs: event.currentTarget.valueAsNumber || 5 })
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
            value={choice.intervalInSeconds}
            onInput={(event) => {
              const { valueAsNumber } = event.currentTarget
              choose({ intervalInSeconds: Number.isNaN(valueAsNumber) ? 300 : valueAsNumber })
            }}
          />
        </label>
        <label>
          Compression
          <select
            value={choice.compressionFormat}
            onChange={(event) => {
              choose({ compressionFormat: event.currentTarget.value })
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
          checked={choice.newline}
          onChange={(event) => {
            choose({ newline: event.currentTarget.checked })
          }}
        />
        A newline after each record (AppendDelimiterToRecord; AWS's default is none)
      </label>
    </>
  )
}

function Script({ choice, mustCreateBucket }: ChoiceProps & { readonly mustCreateBucket: boolean }) {
  return (
    <div class="stack">
      <p class="muted">The same step for a script:</p>
      <Snippet variants={createDeliveryStreamSnippets(choice, mustCreateBucket)} />
      {!choice.newline && (
        <p class="muted">
          Firehose writes the records one after another, without newlines between them, unless each record
          ends with one or the delivery stream appends it. Of such an object Spark reads the first record
          alone, pyarrow nulls, and pandas and Polars refuse it.
        </p>
      )}
    </div>
  )
}
