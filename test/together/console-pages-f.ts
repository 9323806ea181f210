import { together } from './together.ts'

await together('console/[f-l]*.browser.test.ts')
