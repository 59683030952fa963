import type { Migration } from './migration.ts';

/**
 * Mail is sealed for one device, and goes with it; so does what counts against its limit, which is a device's own.
 *
 * `mail.device` is missing in announcements, and in mail that was kept as plain text before there were devices: nobody
 * could seal it any more, so it stays as it is, for all devices.
 *
 * `key_packages.id` says which is the oldest. Those that were claimed are deleted.
 */
export const devices: Migration = {
  version: 5,
  sql: `
    CREATE TABLE devices (
      id INTEGER PRIMARY KEY,
      account INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
      device TEXT NOT NULL,
      last_used INTEGER NOT NULL,
      messages INTEGER NOT NULL DEFAULT 0,
      bytes INTEGER NOT NULL DEFAULT 0,
      UNIQUE (account, device)
    ) STRICT;

    CREATE TABLE key_packages (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      device INTEGER NOT NULL REFERENCES devices (id) ON DELETE CASCADE,
      package TEXT NOT NULL
    ) STRICT;
    CREATE INDEX key_packages_of ON key_packages (device);

    ALTER TABLE mail ADD COLUMN device INTEGER REFERENCES devices (id) ON DELETE CASCADE;
    CREATE INDEX mail_of ON mail (device) WHERE device IS NOT NULL;
    ALTER TABLE mailboxes DROP COLUMN messages;
    ALTER TABLE mailboxes DROP COLUMN bytes;
  `,
};
