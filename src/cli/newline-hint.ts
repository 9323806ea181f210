/** What is said where a delivery stream's objects have no line for each record. */
export const RUN_TOGETHER =
  'records stand on one line in its objects, for they do not end in a newline: Spark reads the first of each object alone, pyarrow nulls, and pandas and Polars refuse'
export const ADD_DELIMITER =
  'unless its readers expect that, add this to the Processors of its ProcessingConfiguration (UpdateDestination)'
export const END_RECORDS = 'unless its readers expect that, have producers end each record with a newline'
export const DELIMITER_PROCESSOR = JSON.stringify({
  Type: 'AppendDelimiterToRecord',
  Parameters: [{ ParameterName: 'Delimiter', ParameterValue: '\\n' }],
})
