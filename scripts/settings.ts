/** `npm run settings` writes docs/settings.md from the one table of settings; test/documents.test.ts keeps it so. */
import { writeFileSync } from 'node:fs'
import { NOT_YET, settingsTable } from '../src/server/config.ts'

/** The whole page. */
export function settingsPage(): string {
  const later = Object.values(NOT_YET).map(({ flag }) => `\`--${flag}\``)
  return [
    '# Settings of `standpipe start`\n',
    'Generated from `src/server/config.ts` by `npm run settings`. A flag comes before its environment variable.\n',
    settingsTable(),
    ...(later.length > 0 ? [`\nNot there yet, and refused by name: ${later.join(', ')}.`] : []),
    '',
  ].join('\n')
}

if (import.meta.main) writeFileSync(new URL('../docs/settings.md', import.meta.url), settingsPage())
