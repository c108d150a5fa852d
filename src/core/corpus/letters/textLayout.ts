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
  pieces: string[];
  /** The last two characters; kept, since asking a text that grows for them copies all of it. */
  end: string;
  cells: string[];
  readonly rows: string[];
}

function emptyFrame(): Frame {
  return { pieces: [], end: '', cells: [], rows: [] };
}

export function createTextLayout(): TextLayout {
  const frames: Frame[] = [emptyFrame()];
  const top = (): Frame => frames[frames.length - 1] as Frame;

  function text(piece: string): void {
    const frame = top();
    frame.pieces.push(piece);
    frame.end = (frame.end + piece.slice(-2)).slice(-2);
  }

  /** The lines so far, which are taken away. */
  function take(frame: Frame): string {
    const lines = tidyLines(frame.pieces.join(''));
    frame.pieces = [];
    frame.end = '';
    return lines;
  }

  function newLine(): void {
    const { end } = top();
    if (end !== '' && !end.endsWith('\n')) text('\n');
  }

  function endCell(): void {
    if (frames.length === 1) newLine();
    else top().cells.push(take(top()));
  }

  function endRow(): void {
    const frame = top();
    if (frames.length === 1) {
      newLine();
      return;
    }
    const rest = take(frame);
    if (rest !== '') frame.cells.push(rest);
    // Cells that hold paragraphs lay out the page: they stand below each other.
    const isOneLine = frame.cells.every((cell) => !cell.includes('\n'));
    const filled = frame.cells.filter((cell) => cell !== '');
    const row = isOneLine ? frame.cells.join('\t').trimEnd() : filled.join('\n');
    if (filled.length > 0) frame.rows.push(row);
    frame.cells = [];
  }

  function endTable(): void {
    if (frames.length === 1) return;
    endRow();
    const { rows } = top();
    frames.pop();
    newLine();
    if (rows.length > 0) text(rows.join('\n'));
    newLine();
  }

  return {
    text,
    newLine,
    endCell,
    endRow,
    endTable,
    lineBreak: () => text('\n'),
    gap() {
      newLine();
      const { end } = top();
      if (end !== '' && end !== '\n\n') text('\n');
    },
    beginTable: () => void frames.push(emptyFrame()),
    isAtBlank: () => /(^|\s)$/.test(top().end.slice(-1)),
    whole() {
      while (frames.length > 1) endTable();
      return take(top());
    },
  };
}
