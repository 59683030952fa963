interface Result {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly {
    readonly status: string;
    readonly assertionResults: readonly { status: string }[];
  }[];
}

interface Closing {
  /** The last is `N passed, N failed`. */
  readonly lines: readonly string[];
  readonly exitCode: number;
}

/**
 * What a run came to, by vitest's exit status (null when a signal ended it) and its JSON result. A file that could not
 * even be loaded has no test in the result, and still counts as one failure; so does a run that went wrong in any other
 * way, or that ran no test at all.
 */
export function closingLine(status: number | null, json: string | undefined): Closing {
  const result: Result | undefined = json === undefined ? undefined : JSON.parse(json);
  const passed = result?.numPassedTests ?? 0;
  const unloaded = (result?.testResults ?? []).filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  ).length;
  const failed = (result?.numFailedTests ?? 0) + unloaded;
  if (status === 0 && failed === 0 && passed > 0) return { lines: [`${passed} passed, 0 failed`], exitCode: 0 };
  const exitCode = status === null || status === 0 ? 1 : status;
  if (failed > 0) return { lines: [`${passed} passed, ${failed} failed`], exitCode };
  const why = status === 0 ? 'no test ran' : `the run itself failed (${status === null ? 'killed' : `exit ${status}`})`;
  return { lines: [why, `${passed} passed, 1 failed`], exitCode };
}
