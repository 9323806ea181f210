import { existsSync } from 'node:fs'
import { after, type TestContext } from 'node:test'
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type LaunchOptions,
} from 'playwright-core'

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** Of this machine; CHROMIUM names another. */
export const CHROMIUM: string | undefined = [process.env.CHROMIUM ?? '', ...PLACES].find((path) =>
  existsSync(path),
)

/** Why a test of the browser is skipped; false where there is one. */
export const noChromium = CHROMIUM === undefined && 'no Chromium: install the package chromium'

export const FLAGS: string[] = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // One process for all pages' scripts, and none for drawing: to start them is a good part of what a page costs.
  '--renderer-process-limit=1',
  '--in-process-gpu',
]

/** Of this process, by their options: a browser costs more to start than most tests do. */
const browsers = new Map<string, Promise<Browser>>()
after(async () => {
  for (const browser of browsers.values()) await (await browser).close()
})

/** A browser's window of its own, with nothing that another has stored; closed when the test ends. */
export async function openContext(
  t: TestContext,
  { args = [], ...options }: Pick<LaunchOptions, 'args' | 'ignoreDefaultArgs'> = {},
  window: BrowserContextOptions = {},
): Promise<BrowserContext> {
  const all = { executablePath: CHROMIUM!, args: [...FLAGS, ...args], ...options }
  const key = JSON.stringify(all)
  const launching = browsers.get(key) ?? chromium.launch(all)
  browsers.set(key, launching)
  const context = await (await launching).newContext(window)
  t.after(() => context.close())
  return context
}

/** For scripts, which close it themselves. */
export const launchChromium = (): Promise<Browser> =>
  chromium.launch({ executablePath: CHROMIUM!, args: FLAGS })
