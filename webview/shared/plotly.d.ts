/** The few parts of plotly that the panels use; its npm packages come without types. */
declare module 'plotly.js-strict-dist-min' {
  export interface PlotlyElement extends HTMLElement {
    on(event: 'plotly_hover' | 'plotly_click', listener: (event: PointsEvent) => void): void;
    on(event: 'plotly_unhover', listener: () => void): void;
    on(
      event: 'plotly_relayout' | 'plotly_relayouting',
      listener: (change: Readonly<Record<string, unknown>>) => void,
    ): void;
  }
  export interface PointsEvent {
    readonly points: readonly { readonly customdata: number }[];
  }
  export interface ScatterTrace {
    readonly type: 'scattergl';
    readonly mode: 'markers';
    readonly x: Float32Array;
    readonly y: Float32Array;
    readonly customdata: Int32Array;
    readonly hoverinfo: 'none';
    readonly marker: {
      readonly color: string;
      readonly symbol: string;
      readonly size: number;
      readonly opacity: number;
      readonly line: { readonly width: number };
    };
  }
  export type Layout = Readonly<Record<string, unknown>>;
  export function react(
    element: HTMLElement,
    traces: readonly ScatterTrace[],
    layout: Layout,
    config: Readonly<Record<string, unknown>>,
  ): Promise<PlotlyElement>;
  export function relayout(element: HTMLElement, changes: Layout): Promise<PlotlyElement>;
  export function purge(element: HTMLElement): void;
}
