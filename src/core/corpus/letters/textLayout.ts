/** Lays text out in lines: paragraphs, and tables with a row to a line and tabs between cells. */
import { tidyLines } from './letter.js';

export interface TextLayout {
  text(piece: string): void;
  lineBreak(): void;
  /** Starts a new line unless one has just begun. */
  newLine(): void;
  /** Leaves an empty line before what follows. */
  gap(): void;
  beginTable(): void;
  endCell(): void;
  endRow(): void;
  endTable(): void;
  /** Whether the text ends with a blank or a line break, or is empty. */
  isAtBlank(): boolean;
  /** The whole, also if tables are still open. */
  whole(): string;
}

interface Frame {
  out: string;
  cells: string[];
  readonly rows: string[];
}

export function createTextLayout(): TextLayout {
  const frames: Frame[] = [{ out: '', cells: [], rows: [] }];
  const top = (): Frame => frames[frames.length - 1] as Frame;

  function newLine(): void {
    const frame = top();
    if (frame.out !== '' && !frame.out.endsWith('\n')) frame.out += '\n';
  }

  function endCell(): void {
    const frame = top();
    if (frames.length === 1) {
      newLine();
      return;
    }
    frame.cells.push(tidyLines(frame.out));
    frame.out = '';
  }

  function endRow(): void {
    const frame = top();
    if (frames.length === 1) {
      newLine();
      return;
    }
    if (frame.out.trim() !== '') endCell();
    // Cells that hold paragraphs lay out the page: they stand below each other.
    const isOneLine = frame.cells.every((cell) => !cell.includes('\n'));
    const filled = frame.cells.filter((cell) => cell !== '');
    const row = isOneLine ? frame.cells.join('\t').trimEnd() : filled.join('\n');
    if (filled.length > 0) frame.rows.push(row);
    frame.cells = [];
    frame.out = '';
  }

  function endTable(): void {
    if (frames.length === 1) return;
    endRow();
    const { rows } = top();
    frames.pop();
    newLine();
    top().out += rows.join('\n');
    newLine();
  }

  return {
    newLine,
    endCell,
    endRow,
    endTable,
    text: (piece) => void (top().out += piece),
    lineBreak: () => void (top().out += '\n'),
    gap() {
      newLine();
      const frame = top();
      if (frame.out !== '' && !frame.out.endsWith('\n\n')) frame.out += '\n';
    },
    beginTable: () => void frames.push({ out: '', cells: [], rows: [] }),
    isAtBlank: () => /(^|\s)$/.test(top().out.slice(-1)),
    whole() {
      while (frames.length > 1) endTable();
      return tidyLines(top().out);
    },
  };
}
