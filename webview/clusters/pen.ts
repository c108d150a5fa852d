/** What a map is drawn with, whatever it is drawn on. Lengths are in pixels. */
export interface Pen {
  rectangle(shape: {
    readonly x: number;
    readonly y: number;
    readonly width: number;
    readonly height: number;
    readonly colour: string;
  }): void;
  mark(mark: {
    readonly x: number;
    readonly y: number;
    /** Outline around the origin, as SVG writes it. */
    readonly path: string;
    readonly colour: string;
    readonly opacity: number;
    /** Shown over it where that is possible. */
    readonly title: string | null;
  }): void;
  text(text: {
    readonly x: number;
    /** Of the line that the letters stand on. */
    readonly y: number;
    readonly text: string;
    readonly size: number;
    readonly isBold: boolean;
    /** Else it begins at x. */
    readonly isCentred: boolean;
    readonly colour: string;
    /** Colour of a rim around the letters. */
    readonly halo: string | null;
  }): void;
  /** What is drawn until its end belongs together. */
  group(name: string): void;
  groupEnd(): void;
}
