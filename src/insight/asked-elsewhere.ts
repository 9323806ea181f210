import { parseConsumerArn } from '../kinesis/consumers/consumer.ts'
import { parseStreamArn, refOf } from '../kinesis/stream-ref.ts'
import { isAnswer, type Observation } from '../service/invoke.ts'
import type { PipelineDocuments } from './shared/pipeline-documents.ts'

/** What was asked for in a region where it is not, and is in another one: a client signs for a region that nobody meant. */
export interface AskedElsewhere {
  readonly account: string
  /** One sentence without its full stop. */
  readonly what: string
  /** When it was last asked for, ms since 1970. */
  readonly lastAt: number
}

interface Options {
  readonly documents: () => Pick<PipelineDocuments, 'streams' | 'paths'>
  readonly now: () => number
  readonly info: (message: string) => void
}

/** The newest are remembered, and told for an hour. */
const MOST = 20
const TOLD_MS = 3_600_000

/** Hears of every call that found nothing, and looks whether another region of its account has what it named. */
export function createAskedElsewhere({ documents, now, info }: Options) {
  const known = new Map<string, AskedElsewhere>()
  const isTold = ({ lastAt }: AskedElsewhere) => now() - lastAt < TOLD_MS

  async function look(account: string, region: string, { kind, name }: Named): Promise<void> {
    const places =
      kind === 'stream'
        ? (await documents().streams())
            .filter(({ key }) => key.endsWith(`/${name}`))
            .map(({ key }) => refOf(key))
        : (await documents().paths()).filter((path) => path.name === name)
    const regions = new Set(places.filter((place) => place.account === account).map((place) => place.region))
    if (regions.size === 0 || regions.has(region)) return
    const there = [...regions].sort().join(' and ')
    const what = `${kind} ${name} was asked for in ${region}, where there is none; it exists in ${there}: the region that the client signs for is another`
    const key = `${account}/${region}/${kind}/${name}`
    const before = known.get(key)
    if (!before || !isTold(before)) info(what)
    known.delete(key)
    known.set(key, { account, what, lastAt: now() })
    if (known.size > MOST) known.delete(known.keys().next().value!)
  }

  return {
    observe({ service, caller, input, failure }: Observation): void {
      if (!isAnswer(failure) || failure.code !== 'ResourceNotFoundException') return
      const named = namedIn(service, input as Naming)
      // Nobody waits for it; of an engine that is being closed nothing is said.
      if (named) void look(caller.account, caller.region, named).catch(() => undefined)
    },
    /** Of an account, the newest last. */
    list: (account: string): readonly AskedElsewhere[] =>
      [...known.values()].filter((one) => one.account === account && isTold(one)),
    clear: () => known.clear(),
  }
}

interface Named {
  readonly kind: 'stream' | 'delivery stream'
  readonly name: string
}

interface Naming {
  readonly StreamName?: string
  readonly StreamARN?: string
  readonly ConsumerARN?: string
  readonly ResourceARN?: string
  readonly DeliveryStreamName?: string
}

function namedIn(service: string, input: Naming): Named | undefined {
  if (service === 'Firehose')
    return input.DeliveryStreamName === undefined
      ? undefined
      : { kind: 'delivery stream', name: input.DeliveryStreamName }
  if (service !== 'Kinesis') return undefined
  const { StreamName, StreamARN, ConsumerARN, ResourceARN } = input
  const arn = StreamARN ?? ConsumerARN ?? ResourceARN ?? ''
  const name = StreamName ?? (parseConsumerArn(arn)?.stream ?? parseStreamArn(arn))?.streamName
  return name === undefined ? undefined : { kind: 'stream', name }
}
