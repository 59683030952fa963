/** Times that one is likely to want, for Tab. */
export const TIMES: readonly string[] = ['15m', '1h', '8h', '1d', '7d'];
