import { type Authority, authorize } from './authorize.ts'
import { ServiceException } from './exception.ts'
import type { Caller, CrossOriginRequest, Operation, Outcome, Service } from './operation.ts'
import { validate } from './validation/validate.ts'

/** A service together with what its handlers work with, so that the wire needs to know neither. */
export interface Bound {
  readonly service: Service
  /** The only way to a handler. */
  invoke(call: Call): Promise<Invoked>
  /** None where the service says nothing about other origins. */
  crossOrigin(request: CrossOriginRequest): Promise<Readonly<Record<string, string>>>
}

/** A request, as its protocol reads it: each step is taken in its turn, and may throw to refuse the call. */
export interface Call {
  readonly caller: Caller
  /** Throws what is wrong with the request's signature. Nothing of the input has been looked at yet. */
  authenticate(): void
  /** What is asked for. Throws for an operation that there is not. */
  find(): Found
}

export interface Found {
  readonly operation: Operation<never>
  /** Or a promise of it; the body is read last. Throws for what cannot be read. */
  input(): unknown
}

/** A call from within this process: unsigned, and nothing of it is left to read. */
export const callOf = (operation: Operation<never>, input: unknown, caller: Caller): Call => ({
  caller,
  authenticate: () => undefined,
  find: () => ({ operation, input: () => input }),
})

export interface Invoked {
  readonly operation: Operation<never>
  readonly output: unknown
}

/** What happened in one call; handed to every observer after the answer is known. */
export interface Observation extends Outcome {
  readonly service: string
  readonly operation: string
}
export type Observer = (observation: Observation) => void

/**
 * Every call of every service goes the same way: authenticate → find the operation → read its input → validate → authorize → admit → handle →
 * count → observe. What cannot be read is no call yet, and observed by nobody. What is counted of a call is a row of its
 * operation's; limits of a shard or a record are rows too, which the handler is given in its context: only it knows the shard.
 * Without an authority whoever calls may do everything.
 */
export function bind<C>(service: Service<C>, context: C, observe: Observer, authority?: Authority): Bound {
  const { id, validation, admit, metering, toldOf } = service
  return {
    service: service as unknown as Service,
    async invoke(call) {
      let { caller } = call
      call.authenticate()
      const { operation, input: read } = call.find()
      const row = operation as unknown as Operation<C>
      const input = (await read()) as never
      const startedAt = metering?.now(context) ?? 0
      const end = (ended: Pick<Outcome, 'output' | 'failure'>) => {
        const durationMs = (metering?.now(context) ?? 0) - startedAt
        const observation = { service: id, operation: operation.name, caller, input, ...ended, durationMs }
        metering?.count(context, row, observation)
        observe(observation)
      }
      try {
        if (validation === 'coral') validate(operation.input, input)
        if (authority)
          caller = await authorize({ service, context, authority }, { operation: row, input, caller })
        if (admit) await admit(context, { operation: row, input, caller })
        const output = await row.handle(context, input, caller)
        end({ output })
        return { operation, output }
      } catch (error) {
        const thrown = toldOf?.(error) ?? error
        const isJudged = caller.judge && service.conceal
        const failure = isJudged
          ? await service.conceal(context, { operation: row, input, caller }, thrown)
          : thrown
        end({ failure })
        throw failure
      }
    },
    crossOrigin: async (request) => (await service.crossOrigin?.(context, request)) ?? {},
  }
}

export const isAnswer = (failure: unknown): failure is ServiceException => failure instanceof ServiceException
