import type { Scope } from '../api/ports.ts'
import type { LabStep, LabStepView, Overview } from '../api/views.ts'
import type { Observation } from '../service/invoke.ts'

/** The lab in its order. */
const STEPS: readonly LabStep[] = [
  'stream-created',
  'record-put',
  'record-read',
  'bucket-created',
  'delivery-stream-created',
  'object-delivered',
  'object-opened',
  'cleaned-up',
]

/** By service and operation. */
const STEP_OF_CALL: Readonly<Record<string, Readonly<Record<string, LabStep>>>> = {
  Kinesis: {
    CreateStream: 'stream-created',
    PutRecord: 'record-put',
    PutRecords: 'record-put',
    GetRecords: 'record-read',
  },
  Firehose: {
    CreateDeliveryStream: 'delivery-stream-created',
    PutRecord: 'record-put',
    PutRecordBatch: 'record-put',
  },
  S3: { CreateBucket: 'bucket-created', GetObject: 'object-opened' },
}

/** Accounts and regions that are remembered. */
const MAX_SCOPES = 100

type Seen = Map<LabStep, number>

/** Ticks the lab's steps off as their calls are observed, since the process began. */
export function createLabChecklist(now: () => number) {
  const scopes = new Map<string, Seen>()
  const seenBy = ({ account, region }: Scope): Seen => {
    const key = `${account}/${region}`
    const seen = scopes.get(key) ?? new Map<LabStep, number>()
    scopes.set(key, seen)
    if (scopes.size > MAX_SCOPES) scopes.delete(scopes.keys().next().value!)
    return seen
  }
  const tick = (scope: Scope, step: LabStep, at = now()) => {
    const seen = seenBy(scope)
    if (!seen.has(step)) seen.set(step, at)
  }
  return {
    observe({ service, operation, caller, failure }: Observation): void {
      const step = STEP_OF_CALL[service]?.[operation]
      if (step && failure === undefined) tick(caller, step)
    },
    tick,
    steps(scope: Scope, overview: Pick<Overview, 'streams' | 'deliveryStreams' | 'totals'>): LabStepView[] {
      for (const step of stepsIn(overview)) tick(scope, step)
      const delivered = firstDelivery(overview)
      if (delivered !== undefined) tick(scope, 'object-delivered', delivered)
      const seen = seenBy(scope)
      // Whoever goes on has not cleaned up.
      if (!isEmpty(overview)) seen.delete('cleaned-up')
      else if (seen.has('stream-created') || seen.has('delivery-stream-created')) tick(scope, 'cleaned-up')
      return STEPS.map((step) => {
        const at = seen.get(step)
        return { step, ...(at !== undefined && { at }) }
      })
    },
    clear: () => scopes.clear(),
  }
}

export type LabChecklist = ReturnType<typeof createLabChecklist>

/** What must have happened, by what there is: the calls may lie before the last start. */
function stepsIn({ totals, streams }: Pick<Overview, 'streams' | 'totals'>): LabStep[] {
  const steps: LabStep[] = []
  if (totals.streams > 0) steps.push('stream-created')
  if (streams.some(({ incoming }) => incoming.records > 0)) steps.push('record-put')
  if (totals.buckets > 0) steps.push('bucket-created')
  if (totals.deliveryStreams > 0) steps.push('delivery-stream-created')
  return steps
}

/** Of those that are remembered. */
function firstDelivery({ deliveryStreams }: Pick<Overview, 'deliveryStreams'>): number | undefined {
  const times = deliveryStreams
    .flatMap(({ gauge }) => gauge?.lastDeliveries ?? [])
    .flatMap(({ outcome, deliveredAt }) => (outcome.status === 'delivered' ? [deliveredAt] : []))
  return times.length > 0 ? Math.min(...times) : undefined
}

const isEmpty = ({ totals }: Pick<Overview, 'totals'>) =>
  totals.streams + totals.deliveryStreams + totals.buckets === 0
