import type { Overview } from '../../../src/api/views.ts'
import { CutNote } from '../../parts/cut-note.tsx'
import { NameSearch } from '../../parts/name-search.tsx'
import { hrefOf, place } from '../../router.ts'
import { overview } from '../../server/live.ts'
import { mayDo } from '../../server/session.ts'
import { countText } from '../../texts/quantity.ts'
import { CreateStream } from './create-stream.tsx'
import { PathRow } from './path-row.tsx'
import { pathsOf } from './paths.ts'

/** So many things are found without a search. */
const FEW = 12

/** Home: one row per path, from the producers to the bucket. */
export function PipelineScreen() {
  const said = overview.value
  if (!said) return <p role="status">Waiting for the server …</p>
  const { totals, found, streams, deliveryStreams, region, account } = said
  const count = totals.streams + totals.deliveryStreams + totals.buckets
  if (count === 0) return <FirstStep />
  const { query } = place.value
  const [search, isCreating] = [query.get('search') ?? '', query.get('new') === 'stream']
  const paths = pathsOf(said)
  return (
    <>
      <div class="spread">
        <div>
          <h1>Pipeline</h1>
          <p class="muted number">
            {countText(totals.streams, 'stream')}, {countText(totals.deliveryStreams, 'delivery stream')},{' '}
            {countText(totals.buckets, 'bucket')} in {region}, account {account}
          </p>
        </div>
        <div class="row">
          {(count > FEW || search !== '') && <NameSearch label="Search by name" />}
          {mayDo('kinesis:CreateStream') && (
            <a class="button" href={hrefOf([], { search, new: isCreating ? undefined : 'stream' })}>
              New stream
            </a>
          )}
          {mayDo('firehose:CreateDeliveryStream') && (
            <a class="button" href={hrefOf(['new-delivery-stream'])}>
              New delivery stream
            </a>
          )}
        </div>
      </div>
      {isCreating && (
        <section class="panel stack" aria-label="New stream">
          <h2>New stream</h2>
          <CreateStream suggestion={totals.streams === 0 ? FIRST_STREAM : ''} />
        </section>
      )}
      <CutNote listed={streams.length} found={found.streams} one="stream" />
      <CutNote listed={deliveryStreams.length} found={found.deliveryStreams} one="delivery stream" />
      {paths.map((path) => (
        <PathRow key={`${path.stream?.name} ${path.deliveryStream?.name}`} path={path} said={said} />
      ))}
      {search !== '' && paths.length === 0 && found.buckets === 0 && (
        <p class="notice">No name contains “{search}”.</p>
      )}
      <UnusedBuckets said={said} />
    </>
  )
}

const FIRST_STREAM = 'ml-streaming-input'

function FirstStep() {
  return (
    <>
      <div>
        <h1>The lab's first step: a stream</h1>
        <p class="muted">
          Producers put records into a Kinesis data stream; a delivery stream collects them and writes objects
          into a bucket. Nothing is here yet.
        </p>
      </div>
      <div class="panel">
        <CreateStream suggestion={FIRST_STREAM} />
      </div>
      <p class="muted">
        Or begin with a{' '}
        <a href={hrefOf(['new-delivery-stream'])}>delivery stream that takes records directly</a>, or follow
        the <a href={hrefOf(['lab'])}>lab's checklist</a>.
      </p>
    </>
  )
}

function UnusedBuckets({ said }: { readonly said: Overview }) {
  const { found, buckets, deliveryStreams } = said
  const written = new Set(deliveryStreams.map(({ bucket }) => bucket))
  const unused = buckets.filter(({ name }) => !written.has(name))
  // Among those that are not listed one may write there.
  if (unused.length === 0 || deliveryStreams.length < found.deliveryStreams) return null
  return (
    <div class="stack">
      <p class="muted">
        Buckets that no delivery stream writes to:{' '}
        {unused.map(({ name }, index) => (
          <span key={name}>
            {index > 0 && ', '}
            <a href={hrefOf(['objects'], { bucket: name })}>{name}</a>
          </span>
        ))}
      </p>
      <CutNote listed={buckets.length} found={found.buckets} one="bucket" />
    </div>
  )
}
