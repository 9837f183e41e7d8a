import { SWEEP_REPORT_DATA_ID, type SweepReportData } from '../../src/core/sweep-report.ts';
import { RunPlot } from './run-plot.ts';

const element = document.getElementById(SWEEP_REPORT_DATA_ID);
const host = document.getElementById('runs');
if (element?.textContent && host) {
  // The page and its data were made together; the version says whether they still agree.
  const data = JSON.parse(element.textContent) as SweepReportData;
  if (data.version === 1) new RunPlot(host, data);
}
