/** id of the `<script type="application/json">` element that holds a {@link SweepReportData} */
export const SWEEP_REPORT_DATA_ID = 'waybook-sweep';

/** One column of the report: a factor's or a metric's value for every run that is done. */
export type ReportColumn =
  | {
      readonly name: string;
      readonly kind: 'words';
      /** for people, in the order of the sweep */
      readonly words: readonly string[];
      /** index into `words`, -1 where there is none */
      readonly of: readonly number[];
    }
  | {
      readonly name: string;
      readonly kind: 'numbers';
      readonly of: readonly (number | null)[];
    };

/** What the report's plot needs of each run, in columns; the tables are in the page already. */
export interface SweepReportData {
  readonly version: 1;
  /** runs by their index in the sweep */
  readonly index: readonly number[];
  /** 0 failed, 1 succeeded, 2 crashed */
  readonly outcome: readonly number[];
  readonly columns: readonly ReportColumn[];
  readonly reasons: readonly string[];
  readonly reason: readonly number[];
  /** page of the run in 3D, relative to the report; empty where no record was kept */
  readonly page: readonly string[];
}
