import { ofScope } from '../asks.ts'
import type { ApiPorts } from '../ports.ts'
import { badRequest, json, jsonBody, type Route } from './route.ts'

const DONE = ['send', 'drop'] as const

/**
 * Whom a bucket tells of events, and what became of them: `GET`; and what is to become of its dead letters: `POST` with
 * `{"do": "send"}` or `{"do": "drop"}`, of one of them with its `id`.
 */
export const notificationRoutes = ({ notifications }: Pick<ApiPorts, 'notifications'>): readonly Route[] => [
  [
    'GET',
    /^\/_standpipe\/api\/buckets\/([\w.-]+)\/notifications$/,
    ofScope('GetNotifications', ([, name]) => `bucket/${name}`),
    async ([, name = ''], request) => json(await notifications.view(request, name)),
  ],
  [
    'POST',
    /^\/_standpipe\/api\/buckets\/([\w.-]+)\/dead-letters$/,
    ofScope('SettleNotifications', ([, name]) => `bucket/${name}`),
    async ([, bucket = ''], request) => {
      const { do: wanted, id } = await jsonBody(request)
      const done = DONE.find((one) => one === wanted)
      if (!done) throw badRequest('do is send or drop.')
      if (id !== undefined && typeof id !== 'string') throw badRequest('id is that of a dead letter.')
      return json({ count: await notifications.settle(request, { bucket, do: done, id }) })
    },
  ],
]
