import { together } from './together.ts'

await together('console/[m-z]*.browser.test.ts')
