/** The files of a data folder: whose they are, who may read them, and whether the server's key is one. */
import { accessSync, constants, existsSync, lstatSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { CERTIFICATE_FILE, KEY_FILE, readServerKey } from '../../login/server-key.ts';
import { LOCK_FILE } from '../../store/sqlite/folder.ts';
import { isRestoring, PARTIAL } from '../../store/sqlite/restoring.ts';
import { DATA_FILES } from '../data-folder.ts';
import type { Findings } from './finding.ts';

const OTHERS = 0o077;

/** The administrator's own key and certificate, where the server is told to use them. */
export interface TlsFiles {
  readonly keyFile: string;
  readonly certFile: string;
}

export function checkFiles(folder: string, tls: TlsFiles | undefined, findings: Findings): void {
  if (isRestoring(folder)) findings.add('restore_unfinished', `a restore into ${folder} was cut off`);
  if (existsSync(join(folder, PARTIAL)))
    findings.add('cut_off', `${join(folder, PARTIAL)} is what a restore has left that was cut off`);
  const { mode, uid } = statSync(folder);
  if ((mode & OTHERS) !== 0)
    findings.add('open_to_others', `others can get into the folder ${folder}`, `chmod 700 ${folder}`);
  // Its certificate is for everybody.
  for (const name of [...DATA_FILES, LOCK_FILE].filter((file) => file !== CERTIFICATE_FILE)) {
    const path = join(folder, name);
    const file = lstatSync(path, { throwIfNoEntry: false });
    if (file === undefined) continue;
    if (!file.isFile() && !file.isSymbolicLink()) findings.add('owner', `${path} is no file`, 'move it away');
    else if (statSync(path, { throwIfNoEntry: false }) === undefined)
      findings.add('unreadable', `${path} points to a file that isn't there`, 'put it back where it was');
    else if ((statSync(path).mode & OTHERS) !== 0)
      findings.add('open_to_others', `others can read or write ${path}`, `chmod 600 ${path}`);
    if (file.uid !== uid) findings.add('owner', `${path} belongs to the user id ${file.uid}, and its folder to ${uid}`);
  }
  checkKey(folder, tls, findings);
}

function checkKey(folder: string, tls: TlsFiles | undefined, findings: Findings): void {
  const [keyFile, certFile] =
    tls === undefined ? [join(folder, KEY_FILE), join(folder, CERTIFICATE_FILE)] : [tls.keyFile, tls.certFile];
  if (tls === undefined && !existsSync(keyFile)) {
    if (existsSync(certFile)) findings.add('server_key', `${keyFile} is missing, and its certificate is there`);
    else findings.add('no_server_key', `${folder} has no server key`);
    return;
  }
  // Made anew at the next start.
  if (tls === undefined && !existsSync(certFile)) return;
  try {
    accessSync(keyFile, constants.R_OK);
  } catch (error) {
    // Whoever may read the rest need not read the key.
    if (existsSync(keyFile) && statSync(keyFile).uid !== process.getuid?.()) {
      findings.add('key_not_seen', `${keyFile} was not looked at (${error instanceof Error ? error.message : ''})`);
      return;
    }
  }
  const key = readServerKey(keyFile, certFile);
  if (!key.ok) findings.add('server_key', key.error.text);
}
