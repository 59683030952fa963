/** A whole number as people read it: `10,004`. */
export const thousands = (count: number): string => String(count).replace(/\B(?=(?:\d{3})+$)/g, ',');

/** `1 message`, `10,004 messages`. */
export const counted = (count: number, what: string): string => `${thousands(count)} ${what}${count === 1 ? '' : 's'}`;
