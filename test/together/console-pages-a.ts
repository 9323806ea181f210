import { together } from './together.ts'

await together('console/[a-e]*.browser.test.ts')
