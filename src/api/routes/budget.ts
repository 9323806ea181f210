import type { ApiPorts } from '../ports.ts'
import { badRequest, json, jsonBody, type Route } from './route.ts'

/** The budget: `GET`, and `POST` with `{"usd": 5}`, `{"usd": 5, "webhook": "https://…"}` or `{"usd": null}`. */
export const budgetRoutes = ({ budget }: Pick<ApiPorts, 'budget'>): readonly Route[] => [
  ['GET', /^\/_standpipe\/api\/budget$/, async () => json(await budget.view())],
  [
    'POST',
    /^\/_standpipe\/api\/budget$/,
    async (_match, request) => {
      const { usd, webhook } = await jsonBody(request)
      if (!isAmount(usd)) throw badRequest('usd is a number above 0, or null for no budget.')
      if (!isWebhook(webhook)) throw badRequest('webhook is a URL, or null for none.')
      await budget.set({ usd, webhook })
      return json(await budget.view())
    },
  ],
]

const isAmount = (usd: unknown): usd is number | null =>
  usd === null || (typeof usd === 'number' && Number.isFinite(usd) && usd > 0)

const isWebhook = (webhook: unknown): webhook is string | null | undefined =>
  webhook === undefined || webhook === null || typeof webhook === 'string'
