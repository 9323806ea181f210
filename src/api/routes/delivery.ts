import type { ApiPorts } from '../ports.ts'
import { json, type Route } from './route.ts'

/** Delivery as AWS does not show it. */
export const deliveryRoutes = (ports: ApiPorts): readonly Route[] => [
  [
    'POST',
    /^\/_standpipe\/api\/delivery-streams\/([\w.-]+)\/deliver$/,
    async ([, name = ''], { query }) => json(await ports.deliver(name, query)),
  ],
  [
    'GET',
    /^\/_standpipe\/api\/delivery-streams\/([\w.-]+)$/,
    async ([, name = ''], { query }) => json(await ports.deliveryStream(name, query)),
  ],
  ['GET', /^\/_standpipe\/api\/landed$/, async (_match, { query }) => json(await ports.landed(query))],
]
