import { ServiceException } from '../../service/exception.ts'
import { invalidArgument } from '../exceptions.ts'

/** What AWS has and Standpipe has not; `element` is the one of the configuration that asks for it. */
export const noNotifications = (what: string, element: string, value?: string) =>
  invalidArgument(`Standpipe does not support ${what}. See COMPATIBILITY.md.`, element, value)

export const unparsableArn = (element: string, arn: string) =>
  invalidArgument('The ARN could not be parsed', element, arn)

export const unknownEvent = (event: string) =>
  invalidArgument('The event is not supported for notifications', 'Event', event)

export const sharedEvent = () =>
  new ServiceException(
    'InvalidArgument',
    'Configurations overlap. Configurations on the same bucket cannot share a common event type.',
  )

export const ambiguousFilters = () =>
  new ServiceException(
    'InvalidArgument',
    'Configuration is ambiguously defined. Cannot have overlapping suffixes in two rules if the prefixes are overlapping for the same event type.',
  )

export const wrongRuleName = (name: string) =>
  invalidArgument('filter rule name must be either prefix or suffix', 'FilterRule.Name', name)

export const secondRule = (name: 'prefix' | 'suffix') =>
  invalidArgument(`Cannot specify more than one ${name} rule in a filter.`, 'FilterRule.Name', name)

export const ruleTooLong = (value: string) =>
  invalidArgument(
    'Size of filter rule value cannot exceed 1024 bytes in UTF-8 representation',
    'FilterRule.Value',
    value,
  )

export const sharedId = (id: string) =>
  invalidArgument('Same ID used for multiple configurations. IDs must be unique.', 'Id', id)

export const idTooLong = (id: string) =>
  invalidArgument('The ID of a notification configuration cannot exceed 255 characters', 'Id', id)

export const tooManyNotifications = (most: number) =>
  new ServiceException(
    'InvalidArgument',
    `The number of event notification configurations of a bucket cannot exceed ${most}`,
  )

export const foreignRegion = (arn: string) =>
  invalidArgument(
    'The notification destination service region is not valid for the bucket location constraint',
    'Queue',
    arn,
  )

/** Why nobody can be told there, by ARN. */
export const unusableDestinations = (reasons: ReadonlyMap<string, string>) =>
  new ServiceException(
    'InvalidArgument',
    'Unable to validate the following destination configurations',
    400,
    Object.fromEntries(
      [...reasons].flatMap(([arn, why], index) => [
        [`ArgumentName${index + 1}`, arn],
        [`ArgumentValue${index + 1}`, why],
      ]),
    ),
  )
