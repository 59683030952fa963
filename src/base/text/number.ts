/** A whole number as people read it: `10,004`. */
export const thousands = (count: number): string => String(count).replace(/\B(?=(?:\d{3})+$)/g, ',');

const ending = (count: number): string => (count === 1 ? '' : 's');

/** `1 message`, `10,004 messages`. */
export const counted = (count: number, what: string): string => `${thousands(count)} ${what}${ending(count)}`;

/** `1 message`, `10004 messages`: where numbers are few, or stand without commas beside it. */
export const countedPlainly = (count: number, what: string): string => `${count} ${what}${ending(count)}`;
