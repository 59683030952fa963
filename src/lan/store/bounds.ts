/** What a store keeps at most by itself, with its reason; what its user sees to (mail, entries) is in `limits.ts`. */

import { MAX_MAILBOX } from '../limits.ts';

/** Ids of mail that was shown, the newest: whose answer was lost says it again when next we meet. Two mailboxes full. */
export const MAX_KNOWN_MAIL = 2 * MAX_MAILBOX;
