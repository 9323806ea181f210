import { ServiceException } from './exception.ts'
import type { Caller, CrossOriginRequest, Operation, Service } from './operation.ts'
import { validate } from './validate.ts'

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
export interface Observation {
  readonly service: string
  readonly operation: string
  readonly caller: Caller
  readonly input: unknown
  /** Absent when the call failed. */
  readonly output?: unknown
  /** A ServiceException is an answer; anything else is our error. */
  readonly failure?: unknown
}
export type Observer = (observation: Observation) => void

/**
 * Every call of every service goes the same way: authenticate → find the operation → read its input → validate → authorize → admit → handle →
 * observe. What cannot be read is no call yet, and observed by nobody. Limits of a shard or a record, and meters of what
 * came of a call, are the handler's, out of its context: only it knows the shard and the result.
 */
export function bind<C>(service: Service<C>, context: C, observe: Observer): Bound {
  const { id, validation, admit } = service
  return {
    service: service as unknown as Service,
    async invoke(call) {
      const { caller } = call
      call.authenticate()
      const { operation, input: read } = call.find()
      const row = operation as unknown as Operation<C>
      const input = (await read()) as never
      try {
        if (validation === 'coral') validate(operation.input, input)
        // Here it is to be judged whether the caller may do this. Until policies are, whoever calls may do everything.
        if (admit) await admit(context, { operation: row, input, caller })
        const output = await row.handle(context, input, caller)
        observe({ service: id, operation: operation.name, caller, input, output })
        return { operation, output }
      } catch (failure) {
        observe({ service: id, operation: operation.name, caller, input, failure })
        throw failure
      }
    },
    crossOrigin: async (request) => (await service.crossOrigin?.(context, request)) ?? {},
  }
}

export const isAnswer = (failure: unknown): failure is ServiceException => failure instanceof ServiceException
