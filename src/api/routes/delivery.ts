import { ofScope, toGet } from '../asks.ts'
import type { ApiPorts } from '../ports.ts'
import { json, type Route } from './route.ts'

/** Delivery as AWS does not show it. */
const byName = ([, name]: RegExpExecArray) => `delivery-stream/${name}`

export const deliveryRoutes = (ports: ApiPorts): readonly Route[] => [
  [
    'POST',
    /^\/_standpipe\/api\/delivery-streams\/([\w.-]+)\/deliver$/,
    ofScope('Deliver', byName),
    async ([, name = ''], request) => json(await ports.deliver(name, request)),
  ],
  [
    'GET',
    /^\/_standpipe\/api\/delivery-streams\/([\w.-]+)$/,
    ofScope('GetDeliveryStream', byName),
    async ([, name = ''], request) => json(await ports.deliveryStream(name, request)),
  ],
  [
    'GET',
    /^\/_standpipe\/api\/landed$/,
    (_match, { query }) => {
      const [bucket, key] = [query.get('bucket'), query.get('key')]
      const landed = { action: 'GetLanded', of: 'scope' } as const
      return bucket !== null && key !== null ? [landed, toGet({ bucket, key })] : [landed]
    },
    async (_match, request) => json(await ports.landed(request)),
  ],
]
