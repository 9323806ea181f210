/**
 * Standpipe's own HTTP API under `/_standpipe/`: JSON, stable, the same for the CLI, the console and tests (docs/api.md).
 * An error is a status ≥ 400 with `{ code, message }`.
 */

import { isAnswer } from '../service/invoke.ts'
import type { OwnRoutes } from '../wire/own-routes.ts'
import type { ApiPorts } from './ports.ts'
import { awsRoutes } from './routes/aws.ts'
import { deliveryRoutes } from './routes/delivery.ts'
import { eventRoutes } from './routes/events.ts'
import { objectRoutes } from './routes/objects.ts'
import { failed, type Route } from './routes/route.ts'
import { budgetRoutes, serverRoutes } from './routes/server.ts'
import { streamRoutes } from './routes/streams.ts'

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
    try {
      return await route[2](route[1].exec(request.path)!, request)
    } catch (failure) {
      if (!isAnswer(failure)) throw failure
      return failed(failure.code, failure.message, failure.status)
    }
  }
}
