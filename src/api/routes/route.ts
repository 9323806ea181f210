import { ServiceException } from '../../service/exception.ts'
import type { OwnAnswer, OwnRequest } from '../../wire/own-routes.ts'
import type { Asks } from '../asks.ts'

export type Handler = (match: RegExpExecArray, request: OwnRequest) => Promise<OwnAnswer> | OwnAnswer

/** One row of the API; the path is matched whole, and `asks` is what whoever asks needs leave for. */
export type Route = readonly [method: 'GET' | 'POST' | 'DELETE', path: RegExp, asks: Asks, handler: Handler]

export const badRequest = (message: string) => new ServiceException('BadRequest', message)

export const iso = (time: number): string => new Date(time).toISOString()

export const json = (value: unknown, status = 200): OwnAnswer => ({
  status,
  headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
  body: `${JSON.stringify(value)}\n`,
})

/** The body as an object; throws BadRequest. Nothing at all is an empty one. */
export async function jsonBody(request: OwnRequest): Promise<Record<string, unknown>> {
  try {
    const value = JSON.parse(Buffer.from(await request.body()).toString() || '{}')
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  } catch (failure) {
    if (!(failure instanceof SyntaxError)) throw failure
  }
  throw badRequest('The body is not a JSON object.')
}

/** A query's member; throws BadRequest without it. */
export function queryText(query: URLSearchParams, name: string): string {
  const value = query.get(name)
  if (value === null || value === '') throw badRequest(`Say ${name} in the query.`)
  return value
}
