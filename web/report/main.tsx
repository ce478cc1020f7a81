// Starts the HTML report.
import { render } from 'preact';
import '../base.css';
import './report.css';
import { readData } from './read-data.ts';
import { ReportPage } from './report-page.tsx';

const page = document.getElementById('page');
if (page !== null) {
  page.replaceChildren();
  try {
    const data = readData();
    render(data === undefined ? <p>This template holds no run yet.</p> : <ReportPage data={data} />, page);
  } catch (error) {
    // A blank page would hide the verdict: say what happened and where the numbers are.
    page.textContent = `This report could not be drawn (${String(error)}). Its data stands in this file, in the element faultline-run, and in report.json.`;
    console.error(error);
  }
  page.dataset['ready'] = 'true';
}
