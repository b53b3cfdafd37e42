/** A parser or reader that meets text from outside. */
export interface Target {
  readonly name: string;
  /** Valid texts, from which the others are made. */
  readonly corpus: readonly string[];
  /** `json`: the parts of the documents are changed instead of their text, so that they stay JSON. */
  readonly form?: 'json';
  /** Reads the text. It may refuse it with an error of this project's own classes, and with no other. */
  readonly read: (text: string) => unknown;
}
