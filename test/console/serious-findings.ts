import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

interface Violation {
  readonly id: string
  readonly impact: string
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[]
}

/** Makes axe known to all that a page opens from now on; what it answers tells what axe finds, in either theme. */
export async function seriousFindings(page: Page): Promise<(name: string) => Promise<string[]>> {
  await page.addInitScript(readFileSync(AXE, 'utf8'))
  return async (name) => {
    const found: string[] = []
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      const violations = (await page.evaluate(
        "axe.run({ resultTypes: ['violations'] }).then(({ violations }) => violations)",
      )) as Violation[]
      for (const { id, impact, nodes } of violations)
        if (impact === 'serious' || impact === 'critical')
          found.push(`${colorScheme} ${name}: ${id}: ${nodes[0]?.html}\n${nodes[0]?.failureSummary}`)
    }
    return found
  }
}
