import { ServiceException } from './exception.ts'
import type { Caller, CrossOriginRequest, Operation, Service } from './operation.ts'
import { validate } from './validate.ts'

/** A service together with what its handlers work with, so that the wire needs to know neither. */
export interface Bound {
  readonly service: Service
  invoke(operation: Operation<never>, input: unknown, caller: Caller): Promise<unknown>
  /** None where the service says nothing about other origins. */
  crossOrigin(request: CrossOriginRequest): Promise<Readonly<Record<string, string>>>
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

/** The only way to a handler: validate → handle → observe. */
export function bind<C>(service: Service<C>, context: C, observe: Observer): Bound {
  return {
    service: service as unknown as Service,
    async invoke(operation, input, caller) {
      try {
        if (service.validation === 'coral') validate(operation.input, input)
        const output = await (operation as unknown as Operation<C>).handle(context, input as never, caller)
        observe({ service: service.id, operation: operation.name, caller, input, output })
        return output
      } catch (failure) {
        observe({ service: service.id, operation: operation.name, caller, input, failure })
        throw failure
      }
    },
    crossOrigin: async (request) => (await service.crossOrigin?.(context, request)) ?? {},
  }
}

export const isAnswer = (failure: unknown): failure is ServiceException => failure instanceof ServiceException
