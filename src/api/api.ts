/**
 * Standpipe's own HTTP API under `/_standpipe/`: JSON, stable, the same for the CLI, the console and tests (docs/api.md).
 * An error is a status ≥ 400 with `{ code, message }`.
 */

import { isAnswer } from '../service/invoke.ts'
import type { OwnRequest, OwnRoutes } from '../wire/own-routes.ts'
import type { ApiPorts } from './ports.ts'
import { awsRoutes } from './routes/aws.ts'
import { deliveryRoutes } from './routes/delivery.ts'
import { eventRoutes } from './routes/events.ts'
import { objectRoutes } from './routes/objects.ts'
import { failed, type Route } from './routes/route.ts'
import { budgetRoutes, serverRoutes } from './routes/server.ts'
import { streamRoutes } from './routes/streams.ts'

/** Probes and scrapers may come under any name. */
const FOR_ANY_HOST = /^\/(?:_standpipe\/(?:health|ready|metrics)|_localstack\/health)$/

export function createApi(ports: ApiPorts): OwnRoutes {
  const routes: readonly Route[] = [
    ...serverRoutes(ports),
    ...budgetRoutes(ports),
    ...deliveryRoutes(ports),
    ...awsRoutes(ports.console),
    ...streamRoutes(ports.console),
    ...objectRoutes(ports.console),
    ...eventRoutes(ports.console),
  ]

  return async (request) => {
    const fitting = routes.filter(([, path]) => path.test(request.path))
    const route = fitting.find(([method]) => method === request.method)
    if (!route)
      return fitting.length > 0 ? failed('MethodNotAllowed', `Not with ${request.method}.`, 405) : undefined
    const refusal = FOR_ANY_HOST.test(request.path) ? undefined : refusalOf(request)
    if (refusal !== undefined) return failed('Forbidden', refusal, 403)
    try {
      return await route[2](route[1].exec(request.path)!, request)
    } catch (failure) {
      if (!isAnswer(failure)) throw failure
      return failed(failure.code, failure.message, failure.status)
    }
  }
}

/** Names under which no stranger on the internet can publish an address: reserved, or without a dot. */
const PRIVATE_NAME =
  /^(?:[a-z0-9_-]+|(?:[a-z0-9_-]+\.)+(?:localhost|local|internal|test|svc|cluster\.local))$/i
const ADDRESS = /^(?:\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-f:.]+\])$/i

/**
 * Whether a web page that reached us by this Host can be one of ours. DNS rebinding lets a stranger's page talk to
 * 127.0.0.1, but only under the stranger's own name.
 */
export function isPrivateHost(host: string): boolean {
  const name = host.replace(/:\d+$/, '')
  return ADDRESS.test(name) || PRIVATE_NAME.test(name)
}

/** Why a request must not be answered, or undefined: another site's page must neither read nor change what is here. */
function refusalOf({ method, headers }: Pick<OwnRequest, 'method' | 'headers'>): string | undefined {
  const host = headers.get('host') ?? ''
  if (!isPrivateHost(host))
    return `Standpipe's own pages are not served under the name ${host}: use an IP address or localhost.`
  const origin = headers.get('origin')
  const isForeign = origin !== undefined && URL.parse(origin)?.host !== host.toLowerCase()
  return method !== 'GET' && isForeign ? 'This page is not allowed to call Standpipe.' : undefined
}
