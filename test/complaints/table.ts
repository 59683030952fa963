/**
 * What users of terminal chats complain about in public trackers, and the tests that show that it does not happen here.
 * table.test.ts keeps it true: each of these tests exists, and runs.
 */
interface Shown {
  /** In test/. */
  readonly file: string;
  /** Of tests in it. */
  readonly titles: readonly string[];
}

interface Complaint {
  readonly complaint: string;
  readonly shownBy: readonly Shown[];
}

export const COMPLAINTS: readonly Complaint[] = [
  {
    complaint: 'messages are missed after a reconnect',
    shownBy: [
      { file: 'e2e/complaints.test.ts', titles: ['whoever was cut off misses nothing, and nothing comes twice'] },
      {
        file: 'e2e/crash.test.ts',
        titles: [
          'through kill -9 under load, again and again: what was acknowledged is there once, in order, on both screens',
          'Enter tries to connect at once, and whoever comes back has missed nothing',
        ],
      },
      {
        file: 'client/core/backfill.test.ts',
        titles: ['is filled from the last message that is there, and then what came too early follows'],
      },
    ],
  },
  {
    complaint: 'a connection is dead and does not say so',
    shownBy: [
      {
        file: 'e2e/complaints.test.ts',
        titles: ['a connection that is dead says so, and what is written into it is not lost'],
      },
      {
        file: 'client/core/connection.test.ts',
        titles: ['a server that is silent for 25 s is dead, whatever the system says of the link'],
      },
    ],
  },
  {
    complaint: 'the unread line is lost, or not shown while the window has the keyboard',
    shownBy: [
      {
        file: 'e2e/complaints.test.ts',
        titles: ['the unread line is there for whoever looked away, with the window in front of them'],
      },
      {
        file: 'client/core/unread.test.ts',
        titles: ['stays where its beginning has not been on the screen, and Alt-U leads there'],
      },
      { file: 'client/core/seen.test.ts', titles: ['the unread line stands above what came meanwhile'] },
    ],
  },
  {
    complaint: 'no sign of new messages below while one reads back',
    shownBy: [
      {
        file: 'e2e/scripts-of-people.test.ts',
        titles: ['one reads back, is told what is new below, and returns to it'],
      },
      {
        file: 'client/view/scroll.test.ts',
        titles: ['stays where it is while others write, and counts what is new below'],
      },
    ],
  },
  {
    complaint: 'selecting text takes the list of people along, and wrapped addresses break',
    shownBy: [
      {
        file: 'e2e/panes.test.ts',
        titles: ['is copied by tmux with long lines whole, and nothing of the screen around the text'],
      },
      {
        file: 'client/terminal/wrapped-rows.test.ts',
        titles: ['are copied as one, however many they are, and the rows around them are not'],
      },
      { file: 'client/view/spans.test.ts', titles: ['that is wider than a row leads there in each of its rows'] },
    ],
  },
  {
    complaint: 'a paste is sent line by line, or refused by the rate limit',
    shownBy: [
      {
        file: 'e2e/scripts-of-people.test.ts',
        titles: ['a short paste is one message, and a long one is asked about first'],
      },
      { file: 'e2e/writing.test.ts', titles: ['a paste of many lines is asked about, and is one message'] },
      {
        file: 'client/core/paste.test.ts',
        titles: ['refuses no paste: ten long ones come whole, each part once and in its order'],
      },
    ],
  },
  {
    complaint: 'emoji and East Asian text shift the columns',
    shownBy: [
      { file: 'e2e/multiplexers.test.ts', titles: ['wide characters and emoji leave the border of the list straight'] },
      { file: 'base/text/width.test.ts', titles: ['of every emoji that is shown as a picture by default is 2'] },
    ],
  },
  {
    complaint: 'one can’t choose what rings the bell',
    shownBy: [
      { file: 'e2e/complaints.test.ts', titles: ['what rings is chosen for each chat'] },
      {
        file: 'client/core/telling.test.ts',
        titles: [
          'is remembered, for each chat',
          'nothing rings for a while, what comes is counted, and the status bar says so',
        ],
      },
    ],
  },
  {
    complaint: 'the screen is broken after leaving, resizing or coming back to a session',
    shownBy: [
      {
        file: 'e2e/leaving.test.ts',
        titles: [
          '%s gives the terminal back as it was',
          '%s that nobody caught gives the terminal back, and is told in one line',
        ],
      },
      {
        file: 'e2e/multiplexers.test.ts',
        titles: [
          'down to 40x10 and back nothing is left over, and what is being written stays',
          'when the connection to the session drops, it goes on, and is whole in a terminal of another size',
        ],
      },
      {
        file: 'e2e/scripts-of-people.test.ts',
        titles: ['who comes back from another terminal finds the draft, and what was said meanwhile'],
      },
    ],
  },
  {
    complaint: 'words about trust and keys are unclear',
    shownBy: [
      {
        file: 'e2e/private-mail.test.ts',
        titles: ['compare the same digits on both screens; that they are equal makes them verified'],
      },
      {
        file: 'e2e/private-chat.test.ts',
        titles: ['with --plain says NOT ENCRYPTED from the request on, and needs words, not a key'],
      },
      { file: 'e2e/tls.test.ts', titles: ['somebody who comes between is stopped on the screen, and nothing is lost'] },
      {
        file: 'client/view/private-head.test.ts',
        titles: ['NOT ENCRYPTED and KEY CHANGED are never cut, nor whether it is verified'],
      },
    ],
  },
  {
    complaint: 'comings and goings are noise',
    shownBy: [
      { file: 'e2e/complaints.test.ts', titles: ['many who come and go are a line or two'] },
      {
        file: 'client/core/presence.test.ts',
        titles: ['after a reconnect the list makes no noise, whoever came and went meanwhile'],
      },
    ],
  },
  {
    complaint: 'colours can’t be read',
    shownBy: [
      {
        file: 'client/theme/shipped.test.ts',
        titles: [
          'with 256 colours all text has 4.5 to 1, and what is quiet 3 to 1',
          'with %i colours nothing is hard to read in either palette',
        ],
      },
      {
        file: 'client/theme/reduce.test.ts',
        titles: ['whatever a theme says, no text has the colour of what it stands on'],
      },
    ],
  },
  {
    complaint: 'one’s name is taken by somebody else',
    shownBy: [
      {
        file: 'e2e/guests.test.ts',
        titles: [
          'a guest can’t have the name of somebody with a log-in on this host, and may take another',
          'can’t be a guest of one name at once',
        ],
      },
      { file: 'e2e/talk.test.ts', titles: ['can’t be each other'] },
      { file: 'server/core/accounts.test.ts', titles: ['a guest may not take its name, nor one that looks like it'] },
    ],
  },
  {
    complaint: 'one reader who stands still delays everybody',
    shownBy: [
      { file: 'server/wire.test.ts', titles: ['a reader that stands still is cut off, and the others lose nothing'] },
      {
        file: 'server/outbox/outbox.test.ts',
        titles: ['a slow reader is told and cut off, and costs the others nothing'],
      },
    ],
  },
  {
    complaint: 'escape sequences of others reach the terminal',
    shownBy: [
      {
        file: 'e2e/hostile.test.ts',
        titles: [
          'no text from somebody else harms the reader’s screen',
          'nor does one of them as a name, a room or a topic',
        ],
      },
      { file: 'base/text/sanitize.test.ts', titles: ['of one code point is harmless, whichever it is'] },
    ],
  },
];
