/** A key as the terminal's decoder gives it, whatever the terminal sent. */
export type Key =
  /** One grapheme cluster that was typed, or several that arrived at once. */
  | { readonly kind: 'text'; readonly text: string }
  /** A bracketed paste, newlines kept as \n. */
  | { readonly kind: 'paste'; readonly text: string }
  /**
   * Any other key, in one spelling: modifiers in the order `ctrl-`, `alt-`, `shift-`, then `a`…`z`, `0`…`9`, punctuation,
   * or `enter tab backspace delete escape up down left right home end pageup pagedown insert f1`…`f12`.
   * `alt-enter`, `ctrl-n`, `alt-1`, `shift-tab`, `alt-left`.
   */
  | { readonly kind: 'key'; readonly name: string };
