/**
 * Node's way to the C library. When it is loaded Node says on standard error that it may change, which is nothing for
 * whoever reads there: uchat brings the Node that it was tested with, and does without where it must.
 * @throws Error where this Node has none.
 */
export function foreignFunctions() {
  const own = Object.getOwnPropertyDescriptor(process, 'emitWarning') ?? {};
  Object.defineProperty(process, 'emitWarning', { ...own, value: () => undefined });
  try {
    // Only when it is needed: it takes its time of a start.
    const found = process.getBuiltinModule('node:ffi');
    // An older Node has no such module, whatever the types say.
    if ((found as unknown) === undefined) throw new Error('this Node has no node:ffi');
    return found;
  } finally {
    Object.defineProperty(process, 'emitWarning', own);
  }
}
