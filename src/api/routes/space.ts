import { ofScope, ofServer } from '../asks.ts'
import type { ApiPorts, QuotaPlace } from '../ports.ts'
import { badRequest, json, jsonBody, type Route } from './route.ts'

const KINDS = ['stream', 'delivery-stream', 'bucket'] as const

/** Who takes how much: `GET`; and what one may take: `POST` with `{"bytes": 10485760}`, or `{"bytes": null}` for no quota. */
export const spaceRoutes = ({ space }: Pick<ApiPorts, 'space'>): readonly Route[] => [
  ['GET', /^\/_standpipe\/api\/space$/, ofServer('GetStatus'), async () => json(await space.view())],
  [
    'POST',
    /^\/_standpipe\/api\/quotas\/(stream|delivery-stream|bucket)\/([\w.-]+)$/,
    ofScope('PutQuota', ([, kind, name]) => `${kind}/${name}`),
    async (match, request) => {
      const place = placeOf(match)
      const { bytes } = await jsonBody(request)
      if (!isQuota(bytes)) throw badRequest('bytes is a whole number above 0, or null for no quota.')
      await space.setQuota(request, place, bytes ?? undefined)
      return json({ ...place, bytes })
    },
  ],
]

function placeOf([, wanted, name = '']: RegExpExecArray): QuotaPlace {
  const kind = KINDS.find((one) => one === wanted)
  if (!kind) throw badRequest('A quota is of a stream, a delivery-stream or a bucket.')
  return { kind, name }
}

const isQuota = (bytes: unknown): bytes is number | null =>
  bytes === null || (typeof bytes === 'number' && Number.isSafeInteger(bytes) && bytes > 0)
