// Starts the HTML report.
import { render } from 'preact';
import '../base.css';
import './report.css';
import { readData } from './read-data.ts';
import { ReportPage } from './report-page.tsx';

const page = document.getElementById('page');
const data = readData();
if (page !== null) {
  page.replaceChildren();
  render(data === undefined ? <p>This template holds no run yet.</p> : <ReportPage data={data} />, page);
  page.dataset['ready'] = 'true';
}
