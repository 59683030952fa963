/** What is said in the benchmarks. */

const WORDS = 'build green again disk full who has seen log lunch at twelve release tagged works here look later'.split(
  ' ',
);

/** The last message: letters that stand nowhere else, so that all of it is written. */
export const LAST = 'QXQXQXQX';

/** Seven words, seldom the same as in the message before. */
export const words = (number: number): string =>
  Array.from({ length: 7 }, (_, i) => WORDS[(number * 7 + i * (1 + (number % 5))) % WORDS.length]).join(' ');
