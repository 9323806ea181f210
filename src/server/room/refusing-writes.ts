import { type Engine, isEngineError } from '../../engine/ports/engine.ts'
import { ServiceException, serviceUnavailable, withHeaders } from '../../service/exception.ts'
import type { Operation, Service } from '../../service/operation.ts'
import type { OwnRoutes } from '../../wire/own-routes.ts'

/** When somebody may look after it is worth while to try again. */
const RETRY_AFTER = { 'retry-after': '5' }

/** What reads, by the verbs with which AWS begins the names of operations. */
const READS = /^(Get|Head|List|Describe|Subscribe)/
/** What gives space back, or takes away what somebody may do. */
const GIVES_BACK = /^(Delete|Abort|Decrease|Deregister|Remove|Untag|Detach)/
/**
 * A session is what reads and deletions may be signed with. PutRecords is answered record by record. The others write in the
 * place of a small document what makes room (rules by which objects expire, no more versions, a destination that takes what
 * waits), or what saves it meanwhile (a longer retention: a problem recommends it), or take leave back.
 */
const GOES_ON = [
  ...['AssumeRole', 'PutRecords', 'IncreaseStreamRetentionPeriod', 'UpdateDestination', 'UpdateChannel'],
  ...['PutBucketLifecycleConfiguration', 'PutBucketVersioning', 'PutPublicAccessBlock', 'UpdateAccessKey'],
]

/** Whether an operation is refused while nothing is stored. */
export const isRefusedWhileFull = (name: string): boolean =>
  !READS.test(name) && !GIVES_BACK.test(name) && !GOES_ON.includes(name)

type Rows<C> = Service<C>['operations']

/**
 * A service that says it cannot now, in its own words, while the engine stores nothing, and where the engine finds out
 * only then. Reads and what gives space back go on. What is wrong is said once, by the engine to the problems.
 */
export function refusingWrites<C>(service: Service<C>, { refusal }: Pick<Engine, 'refusal'>): Service<C> {
  const unavailable = (cause: unknown) =>
    Object.assign(withHeaders((service.unavailable ?? serviceUnavailable)(), RETRY_AFTER), { cause })
  const asAnswer = (error: unknown): never => {
    throw isEngineError(error, 'StorageFull') ? unavailable(error) : error
  }
  const rows = [...service.operations].map(([name, row]): [string, Operation<C>] => [
    name,
    { ...row, handle: (context, input, caller) => row.handle(context, input, caller).catch(asAnswer) },
  ])
  const operations: Rows<C> = new Map(rows)
  return {
    ...service,
    operations,
    async admit(context, call) {
      const full = isRefusedWhileFull(call.operation.name) ? refusal() : undefined
      if (full) throw unavailable(full)
      await service.admit?.(context, call)
    },
  }
}

/** Our own pages, which say the reason. */
export const refusingOwn =
  (routes: OwnRoutes): OwnRoutes =>
  async (request) => {
    try {
      return await routes(request)
    } catch (error) {
      if (!isEngineError(error, 'StorageFull')) throw error
      const full = new ServiceException('StorageFull', `${error.message}.`, 503)
      throw withHeaders(Object.assign(full, { cause: error }), RETRY_AFTER)
    }
  }
