/** What we use of blessed-contrib; its own types name the package as a whole, which loads every widget. */
declare module 'blessed-contrib/lib/widget/charts/line.js' {
  interface Line {
    /** Dots: a cell is 2 x 4. Called when the chart gets its place. */
    calcSize(): void;
    canvasSize: { width: number; height: number };
    setData(data: { readonly x: readonly string[]; readonly y: readonly number[] }): void;
    readonly options: { maxY: number; showNthLabel: number };
  }
  interface LineConstructor {
    new (options: Readonly<Record<string, unknown>>): Line;
  }
  const Line: LineConstructor;
  export default Line;
}
