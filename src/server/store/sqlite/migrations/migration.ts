/** One step from a version of the data to the next. Never changed once released: what it made is on people's disks. */
export interface Migration {
  /** The version that the data has afterwards (`PRAGMA user_version`): 1, 2, 3 … */
  readonly version: number;
  /** Run in one transaction. */
  readonly sql: string;
}
