import { maybe, number, shape } from '../../engine/ports/checks.ts'
import { document } from '../../engine/ports/document.ts'
import type { MetadataStore } from '../../engine/ports/engine.ts'

const DAY_MS = 86_400_000

/** Whether an account has committed itself to a minimum of throughput, in one region. Times are ms since 1970. */
export interface Commitment {
  readonly startedAt: number
  /** When the account asked to end it. */
  readonly disabledAt?: number
}

interface Scope {
  readonly account: string
  readonly region: string
}

const KEYS = 'kinesis/account-settings/'
const keyOf = ({ account, region }: Scope) => `${KEYS}${account}/${region}`

export const commitmentDocument = document<Commitment>({
  keys: KEYS,
  version: 1,
  check: shape<Commitment>({ startedAt: number, disabledAt: maybe(number) }),
})

const earliestEndOf = ({ startedAt }: Commitment) => startedAt + DAY_MS

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_MinimumThroughputBillingCommitmentOutput.html */
export function describedCommitment(commitment: Commitment | undefined, now: number) {
  if (!commitment) return { Status: 'DISABLED' as const }
  const { startedAt, disabledAt } = commitment
  const EarliestAllowedEndAt = earliestEndOf(commitment)
  if (disabledAt === undefined)
    return { Status: 'ENABLED' as const, StartedAt: startedAt, EarliestAllowedEndAt }
  const endedAt = Math.max(disabledAt, EarliestAllowedEndAt)
  return now < endedAt
    ? { Status: 'ENABLED_UNTIL_EARLIEST_ALLOWED_END' as const, StartedAt: startedAt, EarliestAllowedEndAt }
    : { Status: 'DISABLED' as const, StartedAt: startedAt, EndedAt: endedAt }
}

export const isCommitted = (commitment: Commitment | undefined, now: number): boolean =>
  describedCommitment(commitment, now).Status !== 'DISABLED'

export const commitmentOf = async (metadata: MetadataStore, scope: Scope): Promise<Commitment | undefined> =>
  (await commitmentDocument.get(metadata, keyOf(scope)))?.value

export const setCommitment = (
  metadata: MetadataStore,
  scope: Scope,
  enabled: boolean,
  now: number,
): Promise<Commitment | undefined> =>
  commitmentDocument.update<Commitment | undefined>(metadata, keyOf(scope), (current) => {
    const value = commitmentAfter(current, enabled, now)
    return { value, result: value }
  })

/** Pure: enabling again takes back a wish to end that is not fulfilled yet. */
export function commitmentAfter(
  current: Commitment | undefined,
  enabled: boolean,
  now: number,
): Commitment | undefined {
  const isRunning = isCommitted(current, now)
  if (enabled) return { startedAt: current && isRunning ? current.startedAt : now }
  return current && isRunning && current.disabledAt === undefined ? { ...current, disabledAt: now } : current
}
