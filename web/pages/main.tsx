// Starts the service's page.
import { render } from 'preact';
import '../base.css';
import './pages.css';
import { App } from './app.tsx';

const page = document.getElementById('page');
if (page !== null) {
  page.replaceChildren();
  render(<App path={location.pathname} />, page);
  page.dataset['ready'] = 'true';
}
