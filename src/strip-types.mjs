// Node strips the types of every file but those below node_modules, where uchat lives once it is installed.
import { readFileSync } from 'node:fs';
import { registerHooks, stripTypeScriptTypes } from 'node:module';
import { fileURLToPath } from 'node:url';

const OWN = new URL('.', import.meta.url).href;

registerHooks({
  load: (url, context, next) =>
    url.startsWith(OWN) && url.endsWith('.ts')
      ? { format: 'module', shortCircuit: true, source: stripTypeScriptTypes(readFileSync(fileURLToPath(url), 'utf8')) }
      : next(url, context),
});
