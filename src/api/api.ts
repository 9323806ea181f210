/**
 * Standpipe's own HTTP API under `/_standpipe/`: JSON, stable, the same for the CLI, the console and tests (docs/api.md).
 * An error is a status ≥ 400 with `{ code, message }`.
 */

import { ServiceException } from '../service/exception.ts'
import type { OwnRoutes } from '../wire/own-routes.ts'
import type { ApiPorts } from './ports.ts'
import { awsRoutes } from './routes/aws.ts'
import { deliveryRoutes } from './routes/delivery.ts'
import { eventRoutes } from './routes/events.ts'
import { notificationRoutes } from './routes/notifications.ts'
import { objectRoutes } from './routes/objects.ts'
import type { Route } from './routes/route.ts'
import { budgetRoutes, serverRoutes } from './routes/server.ts'
import { sessionRoutes } from './routes/session.ts'
import { spaceRoutes } from './routes/space.ts'
import { streamRoutes } from './routes/streams.ts'

export function createApi(ports: ApiPorts): OwnRoutes {
  const routes: readonly Route[] = [
    ...serverRoutes(ports),
    ...budgetRoutes(ports),
    ...spaceRoutes(ports),
    ...notificationRoutes(ports),
    ...deliveryRoutes(ports),
    ...awsRoutes(ports.console),
    ...streamRoutes(ports.console),
    ...objectRoutes(ports.console),
    ...eventRoutes(ports.console, ports.access),
    ...sessionRoutes(ports.access),
  ]

  return async (request) => {
    const fitting = routes.filter(([, path]) => path.test(request.path))
    // Whatever can be got has a head, which probes ask for: the wire leaves the body out.
    const wanted = request.method === 'HEAD' ? 'GET' : request.method
    const route = fitting.find(([method]) => method === wanted)
    if (!route && fitting.length === 0) return undefined
    if (!route) throw new ServiceException('MethodNotAllowed', `Not with ${request.method}.`, 405)
    const [, path, asks, answer] = route
    const match = path.exec(request.path)!
    if (typeof asks === 'function') await ports.access.authorize(request, asks(match, request))
    return await answer(match, request)
  }
}
