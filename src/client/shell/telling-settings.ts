/** What rings and is told, as it was chosen in the file or typed. */
import { err, ok, type Result } from '../../base/result.ts';
import { LEVELS, MAX_WORD_CHARS, MAX_WORDS, TELLING, type TellingOptions } from '../core/telling-options.ts';
import type { Settings } from './settings.ts';

/** Words with commas between them. */
function readWords(text: string): Result<readonly string[], string> {
  const words = text.split(',').map((word) => word.trim().toLowerCase().toWellFormed());
  const all = [...new Set(words.filter((word) => word !== ''))];
  if (all.length > MAX_WORDS) return err(`has ${all.length} words; ${MAX_WORDS} at most`);
  const long = all.find((word) => Array.from(word).length > MAX_WORD_CHARS);
  return long === undefined ? ok(all) : err(`has a word of more than ${MAX_WORD_CHARS} characters`);
}

export function tellingSettings(settings: Settings): TellingOptions {
  return {
    level: settings.choice('notify', LEVELS) ?? TELLING.level,
    bell: settings.switch('bell') ?? TELLING.bell,
    notifications: settings.switch('notifications') ?? TELLING.notifications,
    privateText: settings.switch('notify-text') ?? TELLING.privateText,
    words: settings.checked('highlight', readWords) ?? TELLING.words,
  };
}
